//! Composition: subgraphs to a supergraph, or to the diagnostics that say why there is none.
//!
//! In: [`SubgraphInput`]s. Out: the supergraph's SDL, and diagnostics. Invariant: the same
//! subgraphs give the same bytes, in whatever order they are given, and every path of object fields
//! in a composed supergraph can be planned.

mod emit;
mod merge;
mod rules;
mod satisfiability;

use crate::{
    budget::{Allowance, Budget, Exceeded, Interrupt, Resource},
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{Subgraph, SubgraphInput},
};

/// Steps that composition may take unless the host says otherwise.
pub const MAX_WORK: u64 = 200_000_000;

/// A supergraph that composed.
#[derive(Clone, Debug)]
pub struct Composed {
    /// The supergraph as join-specification SDL, as routers read it.
    pub supergraph_sdl: String,
}

/// Composes subgraphs. Each phase reports all that it finds; composition ends after a phase with an
/// error.
///
/// The order of the subgraphs makes no difference.
pub fn compose(inputs: &[SubgraphInput]) -> (Option<Composed>, Diagnostics) {
    let budget = Budget::new(Allowance::of_work(MAX_WORK), Interrupt::default());
    compose_within(inputs, &budget)
}

/// Composes subgraphs within a budget. Past it, or once the host interrupts it, there is no
/// supergraph, and a diagnostic says so.
pub fn compose_within(
    inputs: &[SubgraphInput],
    budget: &Budget,
) -> (Option<Composed>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let composed = run(inputs, budget, &mut diagnostics);
    (composed, diagnostics)
}

fn run(
    inputs: &[SubgraphInput],
    budget: &Budget,
    diagnostics: &mut Diagnostics,
) -> Option<Composed> {
    let mut inputs: Vec<_> = inputs.iter().collect();
    inputs.sort_by_key(|input| (&input.name, &input.url, &input.sdl));
    // Each element is read a number of times that does not depend on the SDL's length.
    let bytes: usize = inputs.iter().map(|input| input.sdl.len()).sum();
    go_on(budget, bytes, diagnostics)?;

    let subgraphs = Subgraph::parse_all(&inputs, budget, diagnostics)?;
    go_on(budget, bytes, diagnostics)?;
    rules::check_subgraphs(&subgraphs, diagnostics)?;
    rules::check_together(&subgraphs, diagnostics);
    go_on(budget, bytes, diagnostics)?;
    let merged = merge::merge_subgraphs(&subgraphs, diagnostics)?;
    go_on(budget, bytes, diagnostics)?;
    rules::check_merged(&merged, &subgraphs, diagnostics)?;

    let supergraph_sdl = emit::emit(&merged, &subgraphs);
    go_on(budget, supergraph_sdl.len(), diagnostics)?;
    let checked = satisfiability::check(&supergraph_sdl, &subgraphs, budget, diagnostics);
    go_on(budget, 0, diagnostics)?;
    checked?;
    Some(Composed { supergraph_sdl })
}

/// Counts the steps of a phase; where the budget does not allow them, reports it and ends.
fn go_on(budget: &Budget, steps: usize, diagnostics: &mut Diagnostics) -> Option<()> {
    let steps = u64::try_from(steps).unwrap_or(u64::MAX);
    let Err(exceeded) = budget.spend(Resource::Work, steps) else {
        return Some(());
    };
    let message = match exceeded {
        Exceeded::Interrupted => "Composition was interrupted.".to_owned(),
        Exceeded::Limit(_) => format!(
            "Whether the subgraphs compose takes more than {} steps to say.",
            budget.bound(Resource::Work)
        ),
    };
    let diagnostic = Diagnostic::new(Code::MaxValidationSubgraphPathsExceeded, message);
    diagnostics.push(diagnostic.with_help(satisfiability::WHAT_MULTIPLIES));
    None
}
