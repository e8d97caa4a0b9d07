//! Tests: what the verifier reports of plans that were tampered with.

use apollo_compiler::{ExecutableDocument, collections::IndexSet, response::JsonMap};

use super::verify;
use crate::{
    budget::{Allowance, Budget, Interrupt},
    index::Index,
    operation::{Booleans, normalize},
    plan::{MAX_WORK, Options, plan_within},
    query_plan::{FetchId, Plan},
    reachable::ReachableOperation,
    supergraph::Supergraph,
};

/// The problems that the verifier finds in an operation's plan that was tampered with.
fn verdict(query: &str, tamper: impl FnOnce(&mut Plan)) -> Vec<String> {
    let supergraph = Supergraph::parse(include_str!("tests.graphql")).unwrap();
    let index = Index::new(&supergraph).unwrap();
    let api_schema = &supergraph.api_schema;
    let document = ExecutableDocument::parse_and_validate(api_schema, query, "q.graphql");
    let document = document.unwrap();
    let booleans = Booleans::new(&IndexSet::default(), &JsonMap::new());
    let operation = document.operations.get(None).unwrap();
    let normalized = normalize(&index, &document, operation, &booleans).unwrap();
    let operation = ReachableOperation::unrestricted(normalized);
    let options = Options::default();
    let budget = Budget::new(Allowance::of_work(MAX_WORK), Interrupt::default());
    let mut plan = plan_within(&index, &operation, &options, &budget).unwrap();
    let verify = |plan: &Plan| verify(&index, &operation, (&options.labels, &budget), plan);
    assert_eq!(verify(&plan), Ok(()));
    tamper(&mut plan);
    verify(&plan).err().unwrap_or_default()
}

#[test]
fn what_the_client_asks_of_the_root_has_to_be_fetched() {
    let none = |plan: &mut Plan| plan.fetches.clear();
    let problems = verdict("{ desk { clerk } other }", none);
    assert_eq!(
        problems,
        [
            "no fetch brings `desk` of Query",
            "no fetch brings `other` of Query"
        ]
    );
    let problems = verdict("mutation { open { clerk } }", none);
    assert_eq!(problems, ["no fetch brings `open` of Mutation"]);
    assert!(verdict("{ __typename __schema { description } }", none).is_empty());
}

#[test]
fn a_mutation_is_run_once_and_in_order() {
    let query = "mutation { close tidy again: close }";
    let problems = verdict(query, |plan| {
        let [first, _, last] = &mut plan.fetches[..] else {
            panic!("three fetches");
        };
        std::mem::swap(&mut first.input, &mut last.input);
    });
    assert!(
        problems.iter().any(|one| one.contains("again or too late")),
        "{problems:?}"
    );
}

#[test]
fn a_fetch_asks_for_no_more_than_the_one_in_whose_place_it_stands() {
    let problems = verdict("{ parcel { price label } }", |plan| {
        let [_, _, replacement] = &mut plan.fetches[..] else {
            panic!("three fetches");
        };
        assert_eq!(replacement.instead_of, Some(FetchId(1)));
        replacement.instead_of = Some(FetchId(0));
    });
    let said = |words: &str| problems.iter().any(|one| one.contains(words));
    assert!(
        said("fetch 2 cannot stand in place of fetch 0"),
        "{problems:?}"
    );
    assert!(
        said("fetch 2 asks for what fetch 0, in whose place"),
        "{problems:?}"
    );
}

#[test]
fn a_fetch_in_place_of_another_sends_the_contexts_that_it_takes() {
    let problems = verdict("{ town { shop { plain price } } }", |plan| {
        let [_, first, replacement] = &mut plan.fetches[..] else {
            panic!("three fetches");
        };
        assert_eq!(replacement.instead_of, Some(FetchId(1)));
        replacement.document = std::sync::Arc::clone(&first.document);
    });
    let said = |words: &str| problems.iter().any(|one| one.contains(words));
    assert!(
        said("fetch 2: nothing is sent as `$context0`"),
        "{problems:?}"
    );
}
