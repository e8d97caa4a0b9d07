//! Checks whether the subgraphs can answer every query of the API schema.
//!
//! In: the SDL of a supergraph, and its subgraphs. Out: diagnostics; none where every query can be
//! answered. Invariant: it reads the supergraph as the planner does, by the same index and facts,
//! so what it accepts can be planned.

mod contexts;
mod labels;
mod mutation;
mod reasons;
mod runtime_types;
mod untold;
mod verified;
mod walk;
mod witness;

use crate::{
    budget::Budget,
    diagnostic::{Code, Diagnostic, Diagnostics},
    index::Index,
    subgraph::Subgraph,
    supergraph::Supergraph,
};
pub(super) use walk::WHAT_MULTIPLIES;
use walk::Walk;

/// Reads the supergraph as the planner will and looks for a query that cannot be planned.
pub(super) fn check(
    supergraph_sdl: &str,
    subgraphs: &[Subgraph],
    budget: &Budget,
    diagnostics: &mut Diagnostics,
) -> Option<()> {
    let read = Supergraph::parse(supergraph_sdl)
        .and_then(|supergraph| Ok((Index::new(&supergraph)?, supergraph)));
    let (index, supergraph) = match read {
        Ok(read) => read,
        Err(error) => {
            diagnostics.push(Diagnostic::new(Code::InvalidGraphql, error.to_string()));
            return None;
        }
    };
    diagnostics.extend(Walk::new(&index, &supergraph, subgraphs, budget).run());
    (!diagnostics.has_errors()).then_some(())
}
