//! The names of subgraphs: each has one, and no two have the same.

use super::SubgraphInput;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Checks the names of subgraphs that are sorted by name.
pub(super) fn check_names(inputs: &[&SubgraphInput], diagnostics: &mut Diagnostics) {
    for input in inputs {
        if input.name.trim().is_empty() || input.name == "_" {
            diagnostics.push(
                Diagnostic::new(
                    Code::InvalidSubgraphName,
                    format!("A subgraph cannot be called `{}`.", input.name),
                )
                .with_help("Give it another name."),
            );
        }
    }
    for pair in inputs.windows(2) {
        if pair[0].name == pair[1].name {
            diagnostics.push(
                Diagnostic::new(
                    Code::InvalidSubgraphName,
                    format!("Two subgraphs are called `{}`.", pair[0].name),
                )
                .with_help("Give each subgraph a name of its own."),
            );
        }
    }
}
