//! What planning costs where it could cost too much: placements tried, counted, not timed.

#![expect(
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and shows its table"
)]

use std::fmt::Write as _;

use apollo_compiler::ExecutableDocument;
use federation::{
    compose::compose,
    index::Index,
    operation::{Booleans, normalize},
    plan::{Options, plan},
    query_plan::PlanCost,
    reachable::ReachableOperation,
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", \
                    import: [\"@key\", \"@shareable\", \"@external\", \"@requires\"])\n";

fn cost(name: &str, subgraphs: &[String], query: &str) -> PlanCost {
    let inputs: Vec<SubgraphInput> = subgraphs
        .iter()
        .enumerate()
        .map(|(at, sdl)| SubgraphInput {
            name: format!("s{at:02}"),
            url: String::new(),
            sdl: format!("{LINK}{sdl}"),
        })
        .collect();
    let (composed, diagnostics) = compose(&inputs);
    let Some(composed) = composed else {
        panic!("{name}: {diagnostics:?}")
    };
    let supergraph = Supergraph::parse(&composed.supergraph_sdl)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let index = Index::new(&supergraph).unwrap_or_else(|error| panic!("{name}: {error}"));
    let document =
        ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "query.graphql")
            .unwrap_or_else(|invalid| panic!("{name}: {}", invalid.errors));
    let Ok(operation) = document.operations.get(None) else {
        panic!("{name}: one operation")
    };
    let normalized = normalize(&index, &document, operation, &Booleans::default())
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let authorized = ReachableOperation::unrestricted(normalized);
    let planned = plan(&index, &authorized, &Options::default())
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    println!("{name:32} {:?}", planned.cost);
    planned.cost
}

/// An interface whose implementations live in two subgraphs and share a value type.
fn implementations(count: usize) -> PlanCost {
    let mut one = String::from(
        "type Query { all: [Thing!]! } interface Thing { id: ID! size: Size }\
                                type Size @shareable { width: Int height: Int }",
    );
    let mut two = String::from("interface Thing { id: ID! label: String } ");
    for at in 0..count {
        let _ = write!(
            one,
            " type T{at} implements Thing @key(fields: \"id\") {{ id: ID! size: Size @shareable }}"
        );
        let _ = write!(
            two,
            " type T{at} implements Thing @key(fields: \"id\") {{ id: ID! label: String own{at}: Int }}"
        );
    }
    cost(
        &format!("{count} implementations"),
        &[one, two],
        "{ all { __typename id size { width height } label ... on T1 { own1 } } }",
    )
}

#[test]
fn work_does_not_grow_with_implementations() {
    let few = implementations(10);
    for count in [50, 200] {
        let many = implementations(count);
        assert_eq!((many.rounds, many.fetches), (few.rounds, few.fetches));
        assert_eq!(many.places, few.places);
    }
}

#[test]
fn a_type_shared_by_many_subgraphs_is_asked_of_one() {
    for count in [2, 5, 10, 20] {
        let mut subgraphs =
            vec!["type Query { item: Item } type Item @key(fields: \"id\") { id: ID! }".to_owned()];
        for _ in 0..count {
            subgraphs.push(
                "type Item @key(fields: \"id\") { id: ID! a: Int @shareable b: Int @shareable \
                 part: Part @shareable } type Part @shareable { c: Int d: Int }"
                    .to_owned(),
            );
        }
        let cost = cost(
            &format!("shared by {count}"),
            &subgraphs,
            "{ item { a b part { c d } } }",
        );
        assert_eq!((cost.rounds, cost.fetches), (2, 2));
        assert!(cost.places <= 10, "{cost:?}");
    }
}

#[test]
fn a_ring_is_covered_by_every_other_subgraph() {
    for count in [4, 8, 12] {
        let mut subgraphs =
            vec!["type Query { item: Item } type Item @key(fields: \"id\") { id: ID! }".to_owned()];
        for at in 0..count {
            let next = (at + 1) % count;
            subgraphs.push(format!(
                "type Item @key(fields: \"id\") {{ id: ID! f{at}: Int @shareable f{next}: Int @shareable }}"
            ));
        }
        let fields: Vec<String> = (0..count).map(|at| format!("f{at}")).collect();
        let query = format!("{{ item {{ {} }} }}", fields.join(" "));
        let cost = cost(&format!("ring of {count}"), &subgraphs, &query);
        assert_eq!((cost.rounds, cost.fetches), (2, 1 + count / 2));
        assert!(cost.places <= 2_000, "{cost:?}");
    }
}

#[test]
fn nesting_that_alternates_between_subgraphs_costs_one_place_a_level() {
    let subgraphs = ["a", "b"].map(|own| {
        let root = if own == "a" {
            "type Query { item: Item }"
        } else {
            ""
        };
        format!("{root} type Item @key(fields: \"id\") {{ id: ID! {own}: Item }}")
    });
    for depth in [5, 20, 90] {
        let mut query = String::from("id");
        for at in 0..depth {
            query = format!("{} {{ {query} }}", if at % 2 == 0 { "b" } else { "a" });
        }
        let cost = cost(
            &format!("alternating {depth} deep"),
            &subgraphs,
            &format!("{{ item {{ {query} }} }}"),
        );
        assert!(cost.rounds as usize >= depth, "{cost:?}");
        assert!(cost.places <= 4 * depth as u64, "{cost:?}");
    }
}

#[test]
fn a_thousand_fields_side_by_side_are_placed_together() {
    let fields = |own: char| {
        let fields: Vec<String> = (0..500).map(|at| format!("{own}{at}: Int")).collect();
        fields.join(" ")
    };
    let subgraphs = [
        format!(
            "type Query {{ item: Item }} type Item @key(fields: \"id\") {{ id: ID! {} }}",
            fields('a')
        ),
        format!(
            "type Item @key(fields: \"id\") {{ id: ID! {} }}",
            fields('b')
        ),
    ];
    let names: Vec<String> = ['a', 'b']
        .iter()
        .flat_map(|own| (0..500).map(move |at| format!("{own}{at}")))
        .collect();
    let cost = cost(
        "1,000 flat fields",
        &subgraphs,
        &format!("{{ item {{ {} }} }}", names.join(" ")),
    );
    assert_eq!((cost.rounds, cost.fetches), (2, 2));
    assert!(cost.places <= 5, "{cost:?}");
}

#[test]
fn a_chain_of_requires_takes_a_round_a_link() {
    const LINKS: usize = 20;
    let mut subgraphs = vec![String::from(
        "type Query { item: Item } type Item @key(fields: \"id\") { id: ID! f0: Int }",
    )];
    for own in [1, 0] {
        let mut fields = String::new();
        for at in 1..=LINKS {
            if at % 2 == own {
                let _ = write!(fields, " f{at}: Int @requires(fields: \"f{}\")", at - 1);
            } else if at < LINKS {
                let _ = write!(fields, " f{at}: Int @external");
            }
        }
        if own == 1 {
            fields.push_str(" f0: Int @external");
        }
        subgraphs.push(format!(
            "type Item @key(fields: \"id\") {{ id: ID! {fields} }}"
        ));
    }
    let cost = cost(
        "20 requires",
        &subgraphs,
        &format!("{{ item {{ f{LINKS} }} }}"),
    );
    assert_eq!(
        (cost.rounds as usize, cost.fetches as usize),
        (LINKS + 1, LINKS + 1)
    );
    assert!(cost.places <= 10, "{cost:?}");
}
