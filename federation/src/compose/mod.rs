//! Subgraphs to a supergraph, or to what stands against it.

mod emit;
mod merge;
mod rules;
mod satisfiability;

use crate::{
    diagnostic::Diagnostics,
    subgraph::{Subgraph, SubgraphInput},
};

/// A supergraph that composed.
#[derive(Clone, Debug)]
pub struct Composed {
    /// The supergraph as join-specification SDL, as routers read it.
    pub supergraph_sdl: String,
}

/// Composes subgraphs. Each phase says all it has to say; an error ends with its phase.
///
/// The order of the subgraphs makes no difference.
pub fn compose(inputs: &[SubgraphInput]) -> (Option<Composed>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let composed = run(inputs, &mut diagnostics);
    (composed, diagnostics)
}

fn run(inputs: &[SubgraphInput], diagnostics: &mut Diagnostics) -> Option<Composed> {
    let mut inputs: Vec<_> = inputs.iter().collect();
    inputs.sort_by_key(|input| (&input.name, &input.url, &input.sdl));

    let subgraphs = Subgraph::parse_all(&inputs, diagnostics);
    rules::check_subgraphs(&subgraphs, diagnostics)?;
    rules::check_together(&subgraphs, diagnostics);
    let merged = merge::merge_subgraphs(&subgraphs, diagnostics)?;
    rules::check_merged(&merged, &subgraphs, diagnostics)?;

    let supergraph_sdl = emit::emit(&merged, &subgraphs);
    satisfiability::check(&supergraph_sdl, &subgraphs, diagnostics)?;
    Some(Composed { supergraph_sdl })
}
