//! Canonical subgraphs to one schema with the facts of who resolves what.

use crate::{diagnostic::Diagnostics, subgraph::Subgraph};

/// What the subgraphs amount to together.
#[derive(Debug)]
pub(super) struct Merged {}

/// Merges subgraphs that are valid on their own, sorted by name. `None` where an error forbids it.
pub(super) fn merge_subgraphs(
    _subgraphs: &[Subgraph],
    _diagnostics: &mut Diagnostics,
) -> Option<Merged> {
    Some(Merged {})
}
