//! Every field has a level, and none by accident.

#![expect(clippy::panic, reason = "what tests share fails as tests do")]

use std::fmt::Write;

use federation::subgraph::SubgraphInput;
use upfront::{
    embedded,
    registry::{ExportError, export},
};

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", import: [\"@key\", \"@tag\", \"@requiresScopes\"])\n";

fn inputs() -> Vec<SubgraphInput> {
    let sources = embedded::sources();
    let describe = sources.iter().map(|source| SubgraphInput {
        name: source.name().to_owned(),
        url: String::new(),
        sdl: source.sdl(),
    });
    describe.collect()
}

fn faults(inputs: &[SubgraphInput]) -> Vec<String> {
    match export(inputs) {
        Ok(_) => Vec::new(),
        Err(ExportError::Levels(faults)) => faults,
        Err(other) => panic!("{other}"),
    }
}

fn with(sdl: &str) -> Vec<SubgraphInput> {
    let mut inputs = inputs();
    inputs.push(SubgraphInput {
        name: "other".to_owned(),
        url: String::new(),
        sdl: format!("{LINK}{sdl}"),
    });
    inputs
}

#[test]
fn every_field_of_the_joint_schema_has_one() {
    assert_eq!(faults(&inputs()), Vec::<String>::new());
}

#[test]
fn a_field_that_another_source_adds_has_none_unless_it_is_marked() {
    let marked = "type Situation @key(fields: \"id\") { id: ID! @tag(name: \"unclassified\") note: String MARK }";
    for mark in [
        "@tag(name: \"unclassified\")",
        "@requiresScopes(scopes: [[\"clearance:confidential\"]])",
    ] {
        assert_eq!(
            faults(&with(&marked.replace("MARK", mark))),
            Vec::<String>::new()
        );
    }
    let mut told = String::new();
    for fault in faults(&with(&marked.replace("MARK", ""))) {
        writeln!(told, "{fault}").unwrap();
    }
    assert!(
        told.contains("`Situation.note` has none in `other`"),
        "{told}"
    );
    assert!(
        told.contains("`Situation.note` has none in the supergraph"),
        "{told}"
    );
}

#[test]
fn a_tag_on_an_entity_as_a_whole_is_refused() {
    let sdl =
        "type Situation @key(fields: \"id\") @tag(name: \"unclassified\") { id: ID! note: String }";
    let faults = faults(&with(sdl));
    assert!(
        faults
            .iter()
            .any(|fault| fault.contains("`Situation` is tagged as a whole")),
        "{faults:?}"
    );
}

#[test]
fn a_field_is_as_high_as_its_scope_and_an_id_as_its_rows() {
    let files = export(&inputs()).unwrap();
    let levels: std::collections::BTreeMap<String, String> =
        serde_json::from_str(&files["levels.json"]).unwrap();
    for (coordinate, level) in [
        ("Node.id", "UNCLASSIFIED"),
        ("ReviewCycle.id", "CONFIDENTIAL"),
        ("Communication.id", "UNCLASSIFIED"),
        ("EarlyWarningSignal.id", "CONFIDENTIAL"),
        ("OhchrBlock.id", "UNCLASSIFIED"),
        ("EntityContribution.headline", "CONFIDENTIAL"),
        ("EntityContribution.caveats", "UNCLASSIFIED"),
        ("OhchrBlock.communications", "UNCLASSIFIED"),
        ("OhchrBlock.signals", "CONFIDENTIAL"),
        ("Communication.reference", "UNCLASSIFIED"),
        ("Communication.personsNamed", "STRICTLY_CONFIDENTIAL"),
        ("ViolationCount.pending", "STRICTLY_CONFIDENTIAL"),
        ("Situation.title", "UNCLASSIFIED"),
        ("Situation.status", "CONFIDENTIAL"),
        ("ReviewCycle.state", "CONFIDENTIAL"),
        ("Count.value", "UNCLASSIFIED"),
    ] {
        assert_eq!(levels[coordinate], level, "{coordinate}");
    }
}

/// A scope on a type or on an id would close `node` to callers who lack it; without one on each other
/// field, the field would be open.
#[test]
fn node_is_open_and_what_is_confidential_below_it_is_not() {
    let files = export(&inputs()).unwrap();
    let levels: std::collections::BTreeMap<String, String> =
        serde_json::from_str(&files["levels.json"]).unwrap();
    for name in [
        "ReviewCycle",
        "ReviewItem",
        "EntityInput",
        "Decision",
        "Action",
        "EarlyWarningSignal",
        "RiskAssessment",
    ] {
        let api = &files["api.graphql"];
        assert!(
            api.contains(&format!("type {name} implements Node ")),
            "{name}"
        );
        let fields = levels
            .iter()
            .filter(|(field, _)| field.starts_with(&format!("{name}.")));
        for (field, level) in fields {
            assert_ne!(level, "UNCLASSIFIED", "{field}");
        }
    }
}
