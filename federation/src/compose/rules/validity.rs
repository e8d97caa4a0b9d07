//! Validates the merged schema as GraphQL, for errors that no other rule looks for.

use crate::compose::merge::Merged;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::subgraph::{
    Subgraph,
    input_values::{deprecated_though_required, visit},
};

/// Validates the merged schema as any GraphQL schema, once nothing else is wrong with it.
pub(super) fn invalid_graphql(
    merged: &Merged,
    _subgraphs: &[Subgraph],
    diagnostics: &mut Diagnostics,
) {
    if diagnostics.has_errors() {
        return;
    }
    visit(&merged.schema, &mut |coordinate, definition| {
        if let Some(reason) = deprecated_though_required(coordinate, definition) {
            report(
                &reason,
                "Remove `@deprecated`, or make it optional everywhere first.",
                diagnostics,
            );
        }
    });
    let Err(invalid) = merged.schema.clone().validate() else {
        return;
    };
    for error in invalid.errors.iter() {
        report(
            error.error.to_string().trim_end_matches('.'),
            "Define what it names alike in every subgraph that has it.",
            diagnostics,
        );
    }
}

fn report(reason: &str, help: &str, diagnostics: &mut Diagnostics) {
    let message = format!("Each subgraph is valid, but together they are not: {reason}.");
    diagnostics.push(Diagnostic::new(Code::InvalidGraphql, message).with_help(help));
}
