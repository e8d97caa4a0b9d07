//! What composes can be planned: random subgraphs, random operations, every plan verified.
//!
//! `GRAPHS=2000 SEED=1` asks for more than the few of every run.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; how long it runs is said from outside"
)]

mod world;

use apollo_compiler::ExecutableDocument;
use federation::{
    compose::compose,
    index::Index,
    operation::{Booleans, normalize},
    plan::{Options, plan},
    reachable::ReachableOperation,
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};
use world::{Numbers, selection};

const QUERIES: u64 = 25;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

#[test]
fn what_composes_can_be_planned() {
    let mut numbers = Numbers(setting("SEED", 11));
    let wanted = setting("GRAPHS", 60);
    let (mut composed, mut tried, mut planned, mut joined) = (0, 0, 0, 0);
    while composed < wanted {
        tried += 1;
        let world = world::world(&mut numbers);
        let inputs: Vec<SubgraphInput> = (0..world.subgraphs)
            .map(|own| SubgraphInput {
                name: format!("s{own}"),
                url: String::new(),
                sdl: world.sdl(own, &mut numbers),
            })
            .collect();
        let (supergraph, diagnostics) = compose(&inputs);
        let Some(supergraph) = supergraph else {
            assert!(
                tried < 40 * (composed + 5),
                "hardly anything composes: {diagnostics:?}"
            );
            continue;
        };
        composed += 1;
        let told = || {
            inputs
                .iter()
                .map(|input| format!("# {}\n{}", input.name, input.sdl))
                .collect::<Vec<_>>()
                .join("\n")
        };
        let supergraph =
            Supergraph::parse(&supergraph.supergraph_sdl).unwrap_or_else(|error| panic!("{error}"));
        let index = Index::new(&supergraph).unwrap_or_else(|error| panic!("{error}"));
        for _ in 0..QUERIES {
            let query = selection(&supergraph.api_schema, "Query", 4, &mut numbers);
            let Ok(document) = ExecutableDocument::parse_and_validate(
                &supergraph.api_schema,
                query.as_str(),
                "query.graphql",
            ) else {
                continue;
            };
            let Ok(operation) = document.operations.get(None) else {
                continue;
            };
            let Ok(normalized) = normalize(&index, &document, operation, &Booleans::default())
            else {
                continue;
            };
            let authorized = ReachableOperation::unrestricted(normalized);
            match plan(&index, &authorized, &Options::default()) {
                Ok(plan) => {
                    planned += 1;
                    joined += u64::from(plan.cost.rounds > 1);
                }
                Err(error) => panic!("{}\n{query}\n{error}", told()),
            }
        }
    }
    println!(
        "{composed} of {tried} composed, {planned} plans, {joined} of them over several subgraphs"
    );
    let asked = composed * QUERIES;
    assert!(planned * 4 > asked * 3, "{planned} plans of {asked}");
    assert!(joined * 4 > asked, "{joined} plans of {asked} with a join");
}
