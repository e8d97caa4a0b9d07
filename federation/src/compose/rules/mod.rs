//! What subgraphs must keep to: each by itself, and all together once merged.

use super::merge::Merged;
use crate::{diagnostic::Diagnostics, subgraph::Subgraph};

/// Rules for one subgraph, whatever the others hold.
const SUBGRAPH: &[fn(&Subgraph, &mut Diagnostics)] = &[];

/// Rules for what is merged.
const MERGED: &[fn(&Merged, &[Subgraph], &mut Diagnostics)] = &[];

/// Checks each subgraph.
pub(super) fn check_subgraphs(subgraphs: &[Subgraph], diagnostics: &mut Diagnostics) -> Option<()> {
    for subgraph in subgraphs {
        for rule in SUBGRAPH {
            rule(subgraph, diagnostics);
        }
    }
    (!diagnostics.has_errors()).then_some(())
}

/// Checks what the subgraphs amount to together.
pub(super) fn check_merged(
    merged: &Merged,
    subgraphs: &[Subgraph],
    diagnostics: &mut Diagnostics,
) -> Option<()> {
    for rule in MERGED {
        rule(merged, subgraphs, diagnostics);
    }
    (!diagnostics.has_errors()).then_some(())
}
