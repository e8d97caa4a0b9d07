//! `upfront plan`.

use serde_json::Value;

use crate::{
    cli::{Outcome, upfront},
    support::scratch::Scratch,
};

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
    let misspelt = plan(QUERY, &["--scope", "clearance:confidental"]);
    assert_eq!(misspelt.code, Some(2), "{}", misspelt.stdout);
    assert_eq!(
        misspelt.stderr,
        "upfront: `clearance:confidental` is no clearance: write `clearance:confidential`\n"
    );
    let outcome = plan(QUERY, &["--scope", "clearance:strictly-confidential"]);
    assert!(!outcome.stdout.contains("withheld"), "{}", outcome.stdout);
}

#[test]
fn takes_labels_of_progressive_override() {
    let link = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@override"])"#;
    let old = format!(
        "{link} type Query {{ a: A }} type A @key(fields: \"id\") {{ id: ID! x: Int y: Int }}"
    );
    let new = format!(
        "{link} type A @key(fields: \"id\") {{ id: ID! x: Int @override(from: \"old\", label: \"moving\") \
         y: Int @override(from: \"old\", label: \"percent(20)\") }}"
    );
    let scratch = Scratch::new();
    scratch.write("old.graphql", &old);
    scratch.write("new.graphql", &new);
    scratch.write(
        "supergraph.yaml",
        "subgraphs: {old: {routing_url: \"http://a\", schema: {file: old.graphql}}, \
         new: {routing_url: \"http://b\", schema: {file: new.graphql}}}",
    );
    let composed = upfront(scratch.path(), &["compose", "--config", "supergraph.yaml"]);
    scratch.write("supergraph.graphql", &composed.stdout);
    scratch.write("q.graphql", "{ a { x y } }");
    let new_is_asked = |arguments: &[&str], field: &str| {
        let fixed = [
            "plan",
            "--query",
            "q.graphql",
            "--supergraph",
            "supergraph.graphql",
        ];
        let outcome = upfront(scratch.path(), &[&fixed, arguments].concat());
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        let (_, new) = outcome.stdout.split_once("new after").unwrap_or_default();
        new.contains(field)
    };
    for (arguments, x, y) in [
        (&["--percentile", "20"][..], false, false),
        (&["--percentile", "20", "--label", "moving"], true, false),
        (&["--percentile", "19.9"], false, true),
    ] {
        let found = (
            new_is_asked(arguments, "{x}"),
            new_is_asked(arguments, "{y}"),
        );
        assert_eq!(found, (x, y), "{arguments:?}");
    }
}

#[test]
fn a_rejected_operation_is_an_error() {
    let outcome = plan("{ situations { nope } }", &[]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""));
    assert!(outcome.stderr.contains("nope"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("line 1"), "{}", outcome.stderr);
    for part in ["upfront source fetch", "--supergraph"] {
        assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
    }
    let outcome = plan("{ a } ", &["--supergraph", "none.graphql"]);
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome.stderr.contains("none.graphql"),
        "{}",
        outcome.stderr
    );
}
