//! Operations on random graphs: each is planned within the bound on steps or refused, and its plan
//! verifies.
//!
//! The first byte picks a graph; each byte after it decides how the operation goes on.
#![no_main]

#[path = "../../federation/tests/world/mod.rs"]
mod world;

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use apollo_compiler::ExecutableDocument;
use federation::{
    reachable::ReachableOperation,
    budget::{Allowance, Budget, Interrupt, Resource},
    compose::compose,
    index::Index,
    operation::{Booleans, normalize},
    plan::{Options, plan_within},
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};
use libfuzzer_sys::fuzz_target;
use peak_alloc::PeakAlloc;
use world::{Choices, Numbers, selection, world};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Steps that a planning may take here.
const WORK: u64 = 1_000_000;

/// Selections of a document whose planning takes less than that.
const SMALL: usize = 60;

/// Bytes of memory for each step, over those for the indices of a plan.
const MEMORY: usize = 256;

/// Bytes of the longest operation: its selections are nested no deeper than an eighth of that.
const LONGEST: usize = 250;

struct Graph {
    supergraph: Supergraph,
    index: Index,
}

/// Decides by the bytes of the input, and for nothing more once they are used up.
struct Bytes<'a>(std::slice::Iter<'a, u8>);

impl Choices for Bytes<'_> {
    fn below(&mut self, bound: usize) -> usize {
        let last = bound.saturating_sub(1);
        let Some(byte) = self.0.next() else { return last };
        usize::from(*byte) * bound.max(1) / 256
    }
}

/// The first graph from a seed on that composes.
fn graph(seed: u64) -> Graph {
    let mut numbers = Numbers(seed);
    loop {
        let world = world(&mut numbers);
        let inputs: Vec<_> = (0..world.subgraphs)
            .map(|own| SubgraphInput {
                name: format!("s{own}"),
                url: String::new(),
                sdl: world.sdl(own, &mut numbers),
            })
            .collect();
        let Some(composed) = compose(&inputs).0 else { continue };
        let supergraph = Supergraph::parse(&composed.supergraph_sdl).expect("what composes is read");
        let index = Index::new(&supergraph).expect("what composes is indexed");
        return Graph { supergraph, index };
    }
}

thread_local! {
    static KNOWN: RefCell<HashMap<u8, Rc<Graph>>> = RefCell::default();
}

fn known(number: u8) -> Rc<Graph> {
    KNOWN.with_borrow_mut(|known| {
        Rc::clone(known.entry(number).or_insert_with(|| Rc::new(graph(number.into()))))
    })
}

fuzz_target!(|bytes: &[u8]| {
    let [number, rest @ ..] = bytes else { return };
    let rest = &rest[..rest.len().min(LONGEST)];
    let graph = known(*number);
    let schema = &graph.supergraph.api_schema;
    let query = selection(schema, "Query", rest.len() / 8, &mut Bytes(rest.iter()));
    let Ok(document) = ExecutableDocument::parse_and_validate(schema, query.as_str(), "query.graphql")
    else {
        return;
    };
    let operation = document.operations.get(None).expect("there is one");
    let Ok(normalized) = normalize(&graph.index, &document, operation, &Booleans::default()) else {
        return;
    };
    let budget = Budget::new(Allowance::of_work(WORK), Interrupt::default());
    let authorized = ReachableOperation::unrestricted(normalized);
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let planned = plan_within(&graph.index, &authorized, &Options::default(), &budget);
    let peak = ALLOCATOR.peak_usage().saturating_sub(before);
    let used = budget.used(Resource::Work);
    assert!(used <= WORK + WORK / 4, "{used} steps\n{query}");
    let most = MEMORY * usize::try_from(used).expect("64 bits") + (4 << 20);
    assert!(peak <= most, "{peak} bytes of memory for {used} steps\n{query}");
    if let Err(error) = planned {
        let message = error.to_string();
        let is_refused = message.contains("ask for less in one operation");
        let is_small = query.matches(' ').count() < SMALL;
        assert!(is_refused && !is_small, "{message}\n{query}");
    }
});
