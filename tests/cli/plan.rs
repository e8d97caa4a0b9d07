//! `upfront plan`.

use serde_json::Value;

use crate::{Outcome, scratch::Scratch, upfront};

fn plan(query: &str, arguments: &[&str]) -> Outcome {
    let scratch = Scratch::new();
    scratch.write("q.graphql", query);
    upfront(
        scratch.path(),
        &[&["plan", "--query", "q.graphql"], arguments].concat(),
    )
}

const QUERY: &str = "query ($skip: Boolean!) { situations(first: 2) { nodes {
    title svc { headline } osapg @skip(if: $skip) { headline } } } }";

#[test]
fn says_who_is_asked_and_in_which_order() {
    let outcome = plan(QUERY, &[]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    for part in ["2 rounds", "reviews", "srsg_svc", "osapg"] {
        assert!(outcome.stdout.contains(part), "{}", outcome.stdout);
    }
    let json: Value = serde_json::from_str(&plan(QUERY, &["--format", "json"]).stdout).unwrap();
    assert_eq!(
        (&json["rounds"], &json["fetches"], &json["requests"]),
        (&2.into(), &3.into(), &3.into())
    );
}

#[test]
fn takes_variables_and_scopes() {
    let scratch = Scratch::new();
    scratch.write("q.graphql", QUERY);
    scratch.write("v.json", r#"{"skip": true}"#);
    let arguments = ["plan", "--query", "q.graphql", "--variables", "v.json"];
    let skipped = upfront(scratch.path(), &arguments);
    assert!(!skipped.stdout.contains("osapg"), "{}", skipped.stdout);
    let outcome = plan(QUERY, &["--scope", "other"]);
    assert!(
        outcome
            .stdout
            .contains("withheld: situations.nodes.svc.headline"),
        "{}",
        outcome.stdout
    );
    let outcome = plan(QUERY, &["--scope", "clearance:strictly-confidential"]);
    assert!(!outcome.stdout.contains("withheld"), "{}", outcome.stdout);
}

#[test]
fn a_rejected_operation_is_an_error() {
    let outcome = plan("{ situations { nope } }", &[]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""));
    assert!(outcome.stderr.contains("nope"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("line 1"), "{}", outcome.stderr);
    let outcome = plan("{ a } ", &["--supergraph", "none.graphql"]);
    assert!(
        outcome.stderr.contains("none.graphql"),
        "{}",
        outcome.stderr
    );
}
