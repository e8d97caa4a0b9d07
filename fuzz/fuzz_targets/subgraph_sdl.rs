//! Any text as the SDL of two subgraphs: composition ends in a supergraph or in diagnostics.
#![no_main]

use federation::{compose::compose, subgraph::SubgraphInput, supergraph::Supergraph};
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
    let (composed, diagnostics) = compose(&inputs);
    assert_eq!(composed.is_none(), diagnostics.has_errors(), "{diagnostics:?}");
    if let Some(composed) = composed {
        Supergraph::parse(&composed.supergraph_sdl).expect("what composes can be read");
    }
});
