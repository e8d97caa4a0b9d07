//! The merged schema is valid GraphQL: what no rule of its own looks for.

use crate::compose::merge::Merged;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::subgraph::Subgraph;

/// Validates the merged schema as any GraphQL schema, once nothing else is wrong with it.
pub(super) fn invalid_graphql(
    merged: &Merged,
    _subgraphs: &[Subgraph],
    diagnostics: &mut Diagnostics,
) {
    if diagnostics.has_errors() {
        return;
    }
    let Err(invalid) = merged.schema.clone().validate() else {
        return;
    };
    for error in invalid.errors.iter() {
        let message = format!(
            "Each subgraph is valid, but together they are not: {}.",
            error.error.to_string().trim_end_matches('.')
        );
        let diagnostic = Diagnostic::new(Code::InvalidGraphql, message);
        diagnostics.push(
            diagnostic.with_help("Define what it names alike in every subgraph that has it."),
        );
    }
}
