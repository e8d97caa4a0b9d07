//! Every query of the public audit, planned from supergraphs composed elsewhere: never in more
//! rounds, nor at equal rounds with more fetches, than Apollo's planner takes. With `--nocapture`
//! it prints the table; `ONLY=suite` shows that suite's plans.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and what it shows is said from outside"
)]

mod support;

use apollo_compiler::{ExecutableDocument, response::JsonMap};
use federation::{
    index::Index,
    operation::{Booleans, boolean_variables, normalize},
    plan::{Options, PlanError, plan},
    query_plan::Plan,
    reachable::ReachableOperation,
    supergraph::Supergraph,
};

/// Two fields of one entity require one field with different arguments: it takes two
/// representations. Apollo's planner sends one, which the audit counts as wrong. Both in one list
/// would ask each field with what the other requires; in two lists it is one request all the same.
const CONTRADICTION: &str = "requires-with-argument-conflict#0";

/// `None` where the operation is not valid.
fn plan_query(
    supergraph: &Supergraph,
    index: &Index,
    query: &str,
) -> Option<Result<Plan, PlanError>> {
    let document =
        ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "query.graphql")
            .ok()?;
    let operation = document.operations.get(None).unwrap();
    let variables = boolean_variables(&document, operation);
    let booleans = Booleans::new(&variables, &JsonMap::new());
    let normalized = normalize(index, &document, operation, &booleans).unwrap();
    let authorized = ReachableOperation::unrestricted(normalized);
    let options = Options::default();
    let planned = plan(index, &authorized, &options);
    if let Err(PlanError::Faulty(problems)) = &planned {
        panic!("{query}\n{problems}");
    }
    Some(planned)
}

#[test]
fn no_plan_is_worse_than_apollos() {
    let Some(fixtures) = support::shared_json("fixtures.json") else {
        return;
    };
    let Some(apollo) = support::shared_json("apollo-rounds-fetches.json") else {
        return;
    };
    let only = std::env::var("ONLY").ok();
    let mut worse = Vec::new();
    for (suite, fixture) in fixtures.as_object().unwrap() {
        let sdl = fixture["supergraph"].as_str().unwrap();
        let supergraph = Supergraph::parse(sdl).unwrap_or_else(|error| panic!("{suite}: {error}"));
        let index = Index::new(&supergraph).unwrap_or_else(|error| panic!("{suite}: {error}"));
        for (number, test) in fixture["tests"].as_array().unwrap().iter().enumerate() {
            let name = format!("{suite}#{number}");
            if only
                .as_ref()
                .is_some_and(|only| !name.contains(only.as_str()))
            {
                continue;
            }
            let expected = &test["expected"];
            let theirs = &apollo[&name];
            let planned = plan_query(&supergraph, &index, test["query"].as_str().unwrap());
            let (ours, requests, text) = match planned {
                None => {
                    assert_eq!(expected["errors"], true, "{name} is valid");
                    continue;
                }
                Some(Err(error)) => {
                    if !expected["data"].is_null() {
                        worse.push(format!("{name}: {error}"));
                    }
                    println!("{name:40} {theirs:8} {error}");
                    continue;
                }
                Some(Ok(plan)) => {
                    let cost = plan.cost;
                    ((cost.rounds, cost.fetches), cost.requests, plan.to_text())
                }
            };
            let theirs = theirs.as_array().map(|pair| {
                let number = |at: usize| u32::try_from(pair[at].as_u64().unwrap()).unwrap();
                (number(0), number(1))
            });
            let mark = match theirs {
                Some(theirs) if ours > theirs => "WORSE",
                Some(theirs) if ours < theirs => "better",
                Some(_) => "",
                None => "alone",
            };
            println!("{name:40} {theirs:?} {ours:?} in {requests} requests {mark}");
            if only.is_some() {
                println!("{}\n{text}", test["query"].as_str().unwrap());
            }
            if mark == "WORSE" && name != CONTRADICTION {
                worse.push(format!("{name}: {theirs:?} {ours:?}\n{text}"));
            }
        }
    }
    assert!(worse.is_empty(), "{}", worse.join("\n"));
}
