//! A party that does not exist for a caller: its figures count as unattributed, and nothing names it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{
    joint::example::{on_example, review, serve},
    support::app::send,
};

const FIGURES: &str = "{ situations(first: 100) { nodes { id caac {
    all: publishedViolations(years: { from: \"2025\", to: \"2025\" }) {
      violation verified { total { value state } } }
    by: publishedViolations(years: { from: \"2025\", to: \"2025\" }, by: [VIOLATION, PARTY]) {
      violation party { id name } verified { total { value state } } } } } } }";

fn blocks(answer: &Value) -> Vec<&Value> {
    assert!(answer.get("errors").is_none(), "{:#}", answer["errors"]);
    let nodes = answer["data"]["situations"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| &node["caac"]).collect()
}

fn parties(answer: &Value) -> BTreeMap<String, String> {
    let figures = blocks(answer)
        .into_iter()
        .flat_map(|block| block["by"].as_array().unwrap());
    figures
        .filter_map(|figure| {
            let party = &figure["party"];
            Some((
                party["id"].as_str()?.to_owned(),
                party["name"].as_str()?.to_owned(),
            ))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_of_hidden_parties_are_one_unattributed_figure() {
    on_example(|database| async move {
        let app = serve(&database, &[]).await;
        let open = send(app.query(FIGURES)).await;
        let cleared = review(&app, &json!({ "query": FIGURES })).await;
        let (told, known) = (parties(&open.json()), parties(&cleared));
        let hidden: Vec<_> = known
            .iter()
            .filter(|(id, _)| !told.contains_key(*id))
            .collect();
        assert!(
            !told.is_empty() && !hidden.is_empty(),
            "{told:?} {hidden:?}"
        );
        for (id, name) in hidden {
            assert!(
                !open.text.contains(id) && !open.text.contains(name),
                "{name} is told"
            );
        }
        for block in blocks(&open.json()) {
            let mut unattributed = BTreeSet::new();
            for figure in block["by"].as_array().unwrap() {
                if figure["party"].is_null() {
                    let violation = figure["violation"].to_string();
                    assert!(unattributed.insert(violation), "told twice: {block:#}");
                }
            }
            for all in block["all"].as_array().unwrap() {
                let parts = block["by"].as_array().unwrap().iter();
                let sum: i64 = parts
                    .filter(|part| part["violation"] == all["violation"])
                    .map(|part| part["verified"]["total"]["value"].as_i64().unwrap())
                    .sum();
                assert_eq!(all["verified"]["total"]["value"], json!(sum), "{block:#}");
            }
        }
    })
    .await;
}
