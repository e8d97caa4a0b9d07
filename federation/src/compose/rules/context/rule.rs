//! One argument with `@fromContext`: what the rules read of it, and where they report.

use apollo_compiler::{Node, ast::InputValueDefinition};

use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{Subgraph, directives::Application},
};

/// An argument with `@fromContext` that is checked.
pub(super) struct ContextRule<'a> {
    pub(super) subgraph: &'a Subgraph,
    pub(super) coordinate: String,
    pub(super) argument: &'a Node<InputValueDefinition>,
    pub(super) application: Application<'a>,
    pub(super) diagnostics: &'a mut Diagnostics,
}

impl ContextRule<'_> {
    pub(super) fn context_not_set(&mut self, reason: &str) {
        self.report(
            Code::ContextNotSet,
            format!(
                "`{}` cannot be taken from a context: {reason}.",
                self.coordinate
            ),
            "Remove `@fromContext`, or set the context with `@context(name:)` on a type above.",
        );
    }

    pub(super) fn report(&mut self, code: Code, message: String, help: &str) {
        let label = self.subgraph.label(self.application.location(), "here");
        self.diagnostics.push(
            Diagnostic::new(code, message)
                .with_label(label)
                .with_help(help),
        );
    }
}
