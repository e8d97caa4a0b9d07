//! What it takes to count: steps and memory grow with the operation and the types that it may meet, a
//! program weighs in the cache about what an allocator counts, and no value of a variable is looked at more
//! than once.

#![expect(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking and shows its table"
)]

use std::{fmt::Write as _, sync::Mutex};

use apollo_compiler::response::JsonMap;
use federation::{
    budget::{Allowance, Budget, Interrupt, Resource},
    compose::compose,
    cost::{CostOptions, Program, Weights, compile},
    index::Index,
    operation::{Booleans, Document, Limits, normalize},
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};
use peak_alloc::PeakAlloc;
use serde_json::json;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Memory is counted for the whole process.
static ALONE: Mutex<()> = Mutex::new(());

/// Objects of many types, of which each weighs a field otherwise.
const TYPES: usize = 40;

struct World {
    supergraph: Supergraph,
    index: Index,
    weights: Weights,
}

fn world() -> World {
    let mut sdl = String::from(
        r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost", "@listSize"])
        type Query { any: Any  given(tree: Tree): Int  all(first: Int): [Any] @listSize(slicingArguments: ["first"]) }
        input Tree { x: Int  all: [Tree!] }
        interface Any { a: Int  next(tree: Tree): Any  list(first: Int): [Any] }"#,
    );
    for at in 0..TYPES {
        write!(
            sdl,
            " type T{at} implements Any {{ a: Int @cost(weight: {at})  next(tree: Tree): Any @cost(weight: {at})
              list(first: Int): [Any] @listSize(slicingArguments: [\"first\"], assumedSize: {at}) b{at}: Int }}"
        )
        .unwrap();
    }
    let (composed, diagnostics) = compose(&[SubgraphInput {
        name: "a".into(),
        url: String::new(),
        sdl,
    }]);
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    let supergraph = Supergraph::parse(&composed.unwrap().supergraph_sdl).unwrap();
    let index = Index::new(&supergraph).unwrap();
    World {
        weights: Weights::new(&supergraph, &index),
        supergraph,
        index,
    }
}

impl World {
    /// The program of an operation, the steps that it took and the bytes that it holds.
    fn compile(&self, query: &str, bound: u64) -> (Program, u64, usize) {
        let document = Document::parse(&self.supergraph.api_schema, query, &Limits::default());
        let document = document.unwrap();
        let executable = document.executable();
        let operation = executable.operations.get(None).unwrap();
        let booleans = Booleans::default();
        let normalized = normalize(&self.index, executable, operation, &booleans).unwrap();
        let budget = Budget::new(Allowance::of_work(bound), Interrupt::default());
        let before = MEMORY.current_usage();
        let program = compile(&self.index, &self.weights, operation, &normalized, &budget);
        let held = MEMORY.current_usage() - before;
        (program, budget.used(Resource::Work), held)
    }
}

/// Operations of a kind, so large.
fn query(kind: &str, size: usize) -> String {
    let many = |text: &dyn Fn(usize) -> String| (0..size).map(text).collect::<String>();
    match kind {
        "aliases" => format!("{{ any {{ {} }} }}", many(&|at| format!("x{at}: a "))),
        "variables" => format!(
            "query($tree: Tree!) {{ any {{ {} }} }}",
            many(&|at| format!("x{at}: next(tree: {{all: [$tree, $tree]}}) {{ __typename }} "))
        ),
        "lists" => format!(
            "query($n: Int) {{ any {{ {} }} }}",
            many(&|at| format!("x{at}: list(first: $n) {{ a }} "))
        ),
        "by type" => format!(
            "{{ {} }}",
            many(&|at| {
                let of = at % TYPES;
                format!("x{at}: any {{ ... on T{of} {{ a b{of} }} }} ")
            })
        ),
        "deep" => {
            let below = "next { list { a next { a } } ";
            format!(
                "{{ {} }}",
                many(&|at| { format!("x{at}: any {{ {} {} }} ", below.repeat(8), "}".repeat(8)) })
            )
        }
        _ => panic!("{kind}"),
    }
}

#[test]
fn steps_and_memory_grow_with_the_operation() {
    let _alone = ALONE.lock();
    let world = world();
    let mut wrong = Vec::new();
    for (kind, sizes) in [
        ("aliases", [100, 400]),
        ("variables", [100, 400]),
        ("lists", [100, 400]),
        ("by type", [40, 160]),
        ("deep", [5, 20]),
    ] {
        let [small, large] = sizes.map(|size| world.compile(&query(kind, size), u64::MAX));
        for (program, steps, held) in [&small, &large] {
            println!(
                "{kind:10} {steps:7} steps {held:8} held {:8} weighed",
                program.size()
            );
            if *held > usize::try_from(*steps).unwrap() * 200 + 4_096 {
                wrong.push(format!("{kind}: {held} bytes are held for {steps} steps"));
            }
            if program.size() * 5 < held * 4 || program.size() > held * 5 {
                wrong.push(format!("{kind}: {} are weighed for {held}", program.size()));
            }
        }
        if large.1 > small.1 * 5 {
            wrong.push(format!("{kind}: {} steps, then {}", small.1, large.1));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_past_the_budget_is_left_undone() {
    let _alone = ALONE.lock();
    let world = world();
    for kind in ["aliases", "variables", "lists", "by type", "deep"] {
        let (_, steps, held) = world.compile(&query(kind, 20), 50);
        // Selections that were not looked into are counted one by one.
        assert!(steps < 20_000, "{kind}: {steps}");
        assert!(held < 64 << 10, "{kind}: {held}");
    }
}

#[test]
fn a_large_value_in_many_places_is_counted_once() {
    let _alone = ALONE.lock();
    let world = world();
    let fields: Vec<_> = (0..150)
        .map(|at| format!("x{at}: given(tree: $tree)"))
        .collect();
    let fields = fields.join(" ");
    let (program, ..) = world.compile(&format!("query($tree: Tree) {{ {fields} }}"), u64::MAX);
    let leaf = json!({ "x": 1 });
    let tree = json!({ "tree": { "all": vec![leaf; 100_000] } });
    let variables: JsonMap = serde_json::from_value(tree).unwrap();
    // Fifteen million steps otherwise.
    let estimate = program.estimate(&world.weights, &variables, &CostOptions::default());
    assert_eq!(estimate.cost, 150 * 100_001);
}
