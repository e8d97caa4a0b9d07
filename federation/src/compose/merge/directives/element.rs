//! The description of a merged element, and the directives applied to it.

use apollo_compiler::ast::Directive;
use apollo_compiler::schema::{Component, DirectiveList};
use apollo_compiler::{Node, ast};

/// A merged element's description and directives.
#[derive(Debug, Default)]
pub(crate) struct MergedElement {
    pub(crate) description: Option<Node<str>>,
    pub(crate) directives: Vec<Node<Directive>>,
}

impl MergedElement {
    pub(crate) fn into_schema_directives(self) -> DirectiveList {
        DirectiveList(self.directives.into_iter().map(Component::from).collect())
    }

    pub(crate) fn into_directives(self) -> ast::DirectiveList {
        ast::DirectiveList(self.directives)
    }
}
