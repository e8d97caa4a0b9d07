//! `upfront compose`.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{
    cli::{Outcome, upfront},
    support::scratch::Scratch,
};

const AREAS: &str = r#"
extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])
type Query { areas: [Area!]! }
type Area @key(fields: "id") { id: ID! name: String }
"#;

const FIGURES: &str = r#"
extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])
type Area @key(fields: "id") { id: ID! figure: Int }
"#;

fn compose(areas: &str, figures: &str, arguments: &[&str]) -> Outcome {
    let scratch = Scratch::new();
    scratch.write("areas.graphql", areas);
    scratch.write("figures.graphql", figures);
    let list = "federation_version: =2.9.0\nsubgraphs:\n  \
                areas: {routing_url: 'http://areas/', schema: {file: ./areas.graphql}}\n  \
                figures: {routing_url: 'http://figures/', schema: {file: figures.graphql}}\n";
    scratch.write("supergraph.yaml", list);
    let all = [&["compose", "--config", "supergraph.yaml"], arguments].concat();
    upfront(scratch.path(), &all)
}

#[test]
fn prints_the_supergraph_alone() {
    let outcome = compose(AREAS, FIGURES, &[]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    assert!(
        outcome
            .stdout
            .contains("@join__graph(name: \"areas\", url: \"http://areas/\")")
    );
    assert_eq!(outcome.stderr, "");
}

#[test]
fn a_reader_that_has_had_enough_is_no_error() {
    let scratch = Scratch::new();
    scratch.write("areas.graphql", AREAS);
    let list = "subgraphs: {areas: {routing_url: 'http://areas/', schema: {file: areas.graphql}}}";
    scratch.write("supergraph.yaml", list);
    let mut child = Command::new(env!("CARGO_BIN_EXE_upfront"))
        .args(["compose", "--config", "supergraph.yaml"])
        .current_dir(scratch.path())
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(
        output.status.code(),
        Some(141),
        "as a shell tells of SIGPIPE"
    );
}

#[test]
fn says_what_stands_against_it() {
    let outcome = compose(AREAS, "type Area {", &[]);
    assert_eq!(outcome.code, Some(1));
    assert_eq!(outcome.stdout, "");
    assert!(
        outcome.stderr.contains("error[INVALID_GRAPHQL]"),
        "{}",
        outcome.stderr
    );
    assert!(outcome.stderr.contains("figures:1"), "{}", outcome.stderr);
}

#[test]
fn writes_a_file_where_it_composes_and_leaves_it_otherwise() {
    let scratch = Scratch::new();
    scratch.write("areas.graphql", AREAS);
    let list = "subgraphs: {areas: {routing_url: 'areas:4001', schema: {file: areas.graphql}}}";
    scratch.write("supergraph.yaml", list);
    let arguments = [
        "compose",
        "--config",
        "supergraph.yaml",
        "--output",
        "made.graphql",
    ];
    let outcome = upfront(scratch.path(), &arguments);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    assert_eq!(outcome.stdout, "");
    assert!(
        outcome
            .stderr
            .contains("the URL of subgraph `areas`, `areas:4001`"),
        "{}",
        outcome.stderr
    );
    let made = || std::fs::read_to_string(scratch.path().join("made.graphql")).unwrap();
    let first = made();
    assert!(first.contains("type Area"));
    scratch.write("areas.graphql", "type Query {");
    assert_eq!(upfront(scratch.path(), &arguments).code, Some(1));
    assert_eq!(made(), first);
}

#[test]
fn says_it_as_json() {
    let outcome = compose(AREAS, "type Area {", &["--format", "json"]);
    assert_eq!(outcome.code, Some(1));
    let told: Value = serde_json::from_str(&outcome.stderr).unwrap();
    assert_eq!(told[0]["code"], "INVALID_GRAPHQL");
    let outcome = compose(AREAS, FIGURES, &["--format", "json"]);
    assert_eq!(outcome.stderr.trim(), "[]");
}

#[test]
fn names_what_is_wrong_in_the_list() {
    let scratch = Scratch::new();
    let run = |list: &str| {
        scratch.write("supergraph.yaml", list);
        let outcome = upfront(scratch.path(), &["compose", "--config", "supergraph.yaml"]);
        assert_eq!(outcome.code, Some(2));
        outcome.stderr
    };
    assert!(run("subgrahps: {}").contains("subgrahps"));
    assert!(run("subgraphs: {a: {schema: {}}}").contains("`file` or `subgraph_url`"));
    assert!(run("subgraphs: {a: {schema: {file: none.graphql}}}").contains("none.graphql"));
    scratch.write("a.graphql", AREAS);
    assert!(run("subgraphs: {a: {schema: {file: a.graphql}}}").contains("`routing_url`"));
}

#[test]
fn puts_in_variables_of_the_environment() {
    let scratch = Scratch::new();
    scratch.write("areas.graphql", AREAS);
    let list = "subgraphs: {areas: {routing_url: 'http://${env.AREAS_HOST}:${env.AREAS_PORT:-4001}/', \
                schema: {file: '${env.FOLDER:-.}/areas.graphql'}}}";
    scratch.write("supergraph.yaml", list);
    let arguments = ["compose", "--config", "supergraph.yaml"];
    let host = [("AREAS_HOST", "areas.example")];
    let outcome = crate::cli::upfront_with(scratch.path(), &arguments, &host);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let url = "url: \"http://areas.example:4001/\"";
    assert!(outcome.stdout.contains(url), "{}", outcome.stdout);
    let outcome = upfront(scratch.path(), &arguments);
    assert_eq!(outcome.code, Some(2));
    let told = outcome.stderr;
    assert!(
        told.contains("`areas`") && told.contains("`AREAS_HOST`"),
        "{told}"
    );
}

#[test]
fn a_subgraph_listed_twice_is_refused() {
    let scratch = Scratch::new();
    scratch.write("areas.graphql", AREAS);
    let entry = "  areas:\n    routing_url: http://areas/\n    schema: {file: areas.graphql}\n";
    scratch.write("supergraph.yaml", &format!("subgraphs:\n{entry}{entry}"));
    let outcome = upfront(scratch.path(), &["compose", "--config", "supergraph.yaml"]);
    assert_eq!(outcome.code, Some(2));
    let told = outcome.stderr;
    assert!(told.contains("in line 2 and in line 5"), "{told}");
}
