//! Anything by its id: what exists for the caller is found, and nothing else leaves a trace.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    app::{TestApp, send},
    example::{on_example, review, serve},
};

const EVERYTHING: &str = "{
  situations(first: 100) { nodes {
    id areas { id }
    ohchr {
      presences { id }
      communications(first: 20) { nodes { id } }
      recommendations(first: 20) { nodes { id } }
      signals(first: 20) { nodes { id } }
    }
    osapg { riskAssessment { id } }
    caac { listings(includeDelisted: true) { id party { id } } }
    svc { listings(includeDelisted: true) { id party { id } } }
  } }
}";

/// Types that a mandate describes and the review finds.
const PUBLIC: [&str; 4] = ["lca", "lsv", "pre", "rec"];
const CONFIDENTIAL: [&str; 3] = ["com", "ras", "sig"];

/// Types of which some records exist for cleared callers alone.
const HIDING: [&str; 5] = ["lca", "lsv", "par", "rec", "sit"];

fn ids(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| ids(item, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(id) if name == "id" => {
                        found.insert(id.clone());
                    }
                    other => ids(other, found),
                }
            }
        }
        _ => {}
    }
}

fn all_ids(answer: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    ids(&answer["data"], &mut found);
    found
}

fn body(field: &str, id: &str) -> Value {
    let selection = if field == "node" {
        "id ... on CaacListing { listedAs } ... on CrsvListing { listedAs }
         ... on FieldPresence { name } ... on MechanismRecommendation { text }"
    } else {
        "id ... on Communication { reference } ... on EarlyWarningSignal { observedOn }
         ... on RiskAssessment { period { code } }"
    };
    let query = format!("query ($id: ID!) {{ {field}(id: $id) {{ __typename {selection} }} }}");
    json!({ "query": query, "variables": { "id": id } })
}

async fn ask(app: &TestApp, id: &str) -> Value {
    send(app.post(&body("node", id))).await.json()
}

/// An id of the same form that no record has.
fn of_nobody(id: &str) -> String {
    format!("{}_0000000000000000", &id[..3])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hidden_record_answers_like_one_that_does_not_exist() {
    on_example(|database| async move {
        let app = serve(&database, &[]).await;
        let open = send(app.query(EVERYTHING)).await.json();
        let cleared = review(&app, &json!({ "query": EVERYTHING })).await;
        assert!(cleared.get("errors").is_none(), "{:#}", cleared["errors"]);
        let (open, cleared) = (all_ids(&open), all_ids(&cleared));
        for id in &open {
            let answer = ask(&app, id).await;
            assert_eq!(answer["data"]["node"]["id"], json!(id), "{answer:#}");
            assert!(answer.get("errors").is_none(), "{answer:#}");
        }
        let mut hidden = BTreeSet::new();
        for id in cleared.difference(&open) {
            if !HIDING.contains(&&id[..3]) {
                continue;
            }
            hidden.insert(&id[..3]);
            let answer = ask(&app, id).await;
            assert_eq!(answer["data"], json!({ "node": null }), "{id}");
            assert_eq!(answer, ask(&app, &of_nobody(id)).await);
        }
        for prefix in ["sit", "rec", "lca", "lsv", "par"] {
            assert!(
                hidden.contains(prefix),
                "the example has no hidden {prefix}"
            );
        }
        for prefix in PUBLIC {
            let answer = ask(&app, &of_nobody(prefix)).await;
            assert_eq!(answer, json!({ "data": { "node": null } }), "{prefix}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_confidential_is_found_with_clearance_alone() {
    on_example(|database| async move {
        let app = serve(&database, &[]).await;
        let cleared = review(&app, &json!({ "query": EVERYTHING })).await;
        for prefix in CONFIDENTIAL {
            let id = all_ids(&cleared)
                .into_iter()
                .find(|id| id.starts_with(prefix))
                .unwrap_or_else(|| panic!("the example has no {prefix}"));
            let found = review(&app, &body("confidentialNode", &id)).await;
            assert_eq!(
                found["data"]["confidentialNode"]["id"],
                json!(id),
                "{found:#}"
            );
            assert!(found.get("errors").is_none(), "{found:#}");
            let nobody = review(&app, &body("confidentialNode", &of_nobody(&id))).await;
            assert_eq!(nobody["data"], json!({ "confidentialNode": null }));
            assert!(nobody.get("errors").is_none(), "{nobody:#}");
            let anonymous = |id: &str| app.post(&body("confidentialNode", id));
            let refused = send(anonymous(&id)).await.json();
            assert_eq!(refused, send(anonymous(&of_nobody(&id))).await.json());
            assert_eq!(refused["data"], json!({ "confidentialNode": null }));
        }
    })
    .await;
}
