//! Any text as a supergraph: it is read and indexed, or refused.
#![no_main]

use federation::{index::Index, supergraph::Supergraph};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(supergraph) = Supergraph::parse(text) {
        let _ = Index::new(&supergraph);
    }
});
