//! The example queries: what their variables name is there.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::sources::asking::{Caller, id, on_example};

fn variables(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/queries");
    let text = fs::read_to_string(folder.join(format!("{name}.variables.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn the_profile_is_that_of_a_situation_there_is() {
    on_example(|world| async move {
        let variables = variables("situation-profile");
        assert_eq!(variables["id"], json!(id("sit", "arvenia-armed-conflict")));
        assert_eq!(variables["since"], json!(id("cyc", "2026-08")));
        let query = "query ($id: ID!, $since: ID!) { situation(id: $id) { isExample isPublic status
            concernLevel changes(since: $since) { at } openActions { id } } }";
        let data = world
            .data("reviews", Caller::Confidential, query, variables)
            .await;
        let situation = &data["situation"];
        assert_eq!(
            (&situation["isExample"], &situation["isPublic"]),
            (&json!(true), &json!(true))
        );
        assert!(!situation["concernLevel"].is_null());
        assert!(
            !situation["changes"].as_array().unwrap().is_empty(),
            "{situation:#}"
        );
        assert!(
            !situation["openActions"].as_array().unwrap().is_empty(),
            "{situation:#}"
        );
    })
    .await;
}

#[tokio::test]
async fn the_monthly_review_has_fifty_situations() {
    on_example(|world| async move {
        let query = "{ currentReviewCycle { state items(first: 50, orderBy: CONCERN_DESC) {
            totalCount nodes { situation { id } inputs { entity } } } } }";
        let data = world
            .data("reviews", Caller::Confidential, query, json!({}))
            .await;
        let items = &data["currentReviewCycle"]["items"];
        let nodes = items["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 50, "{}", items["totalCount"]);
        assert!(
            nodes
                .iter()
                .all(|node| !node["inputs"].as_array().unwrap().is_empty())
        );
    })
    .await;
}
