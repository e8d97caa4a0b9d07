//! Any text as the SDL of two subgraphs: composition ends in a supergraph or in diagnostics.
#![no_main]

use federation::{
    budget::{Allowance, Budget, Interrupt, Resource},
    compose::compose_within,
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};
use libfuzzer_sys::fuzz_target;

/// Parts two subgraphs in one input.
const BETWEEN: &str = "\n#---\n";

fuzz_target!(|text: &str| {
    let (first, second) = text.split_once(BETWEEN).unwrap_or((text, ""));
    let inputs: Vec<_> = [("a", first), ("b", second)]
        .into_iter()
        .filter(|(_, sdl)| !sdl.is_empty())
        .map(|(name, sdl)| SubgraphInput {
            name: name.to_owned(),
            url: String::new(),
            sdl: sdl.to_owned(),
        })
        .collect();
    // Sets of subgraphs that multiply take more than any multiple of the text: they are refused.
    let allowed = 100_000 + 1_000 * text.len() as u64;
    let budget = Budget::new(Allowance::of_work(allowed), Interrupt::default());
    let (composed, diagnostics) = compose_within(&inputs, &budget);
    let used = budget.used(Resource::Work);
    // What is counted is asked often enough: little goes beyond the bound.
    assert!(used <= allowed + allowed / 4, "{used} steps for {} bytes", text.len());
    assert_eq!(composed.is_none(), diagnostics.has_errors(), "{diagnostics:?}");
    if let Some(composed) = composed {
        Supergraph::parse(&composed.supergraph_sdl).expect("what composes can be read");
    }
});
