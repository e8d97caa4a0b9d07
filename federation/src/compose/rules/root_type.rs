//! Checks names of root types: where one has another name, no other type may have its default name.

use apollo_compiler::ast::OperationType;

use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::Subgraph,
};

/// Root types get their default names in the supergraph, so no other type may have these.
pub(super) fn check_root_types(subgraph: &Subgraph, diagnostics: &mut Diagnostics) {
    for (operation, code) in [
        (OperationType::Query, Code::RootQueryUsed),
        (OperationType::Mutation, Code::RootMutationUsed),
        (OperationType::Subscription, Code::RootSubscriptionUsed),
    ] {
        let Some(root) = subgraph.root_type(operation) else {
            continue;
        };
        let default = operation.default_type_name();
        let Some(other) = subgraph
            .schema
            .types
            .get(&default)
            .filter(|_| *root != default)
        else {
            continue;
        };
        diagnostics.push(
            Diagnostic::new(
                code,
                format!("The root type of {operation} is `{root}`, but there is another type called `{default}`."),
            )
            .with_label(subgraph.label(root.location(), "the root type"))
            .with_label(subgraph.label(other.name().location(), "another type"))
            .with_help(format!("Rename the other type: the root type is `{default}` in the supergraph.")),
        );
    }
}
