//! Anything by its id: what exists for the caller is found, and nothing else leaves a trace.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    joint::example::{on_example, review, serve},
    support::app::{TestApp, send},
};

const EVERYTHING: &str = "{
  situations(first: 100) { nodes {
    id areas { id }
    inputs { id }
    reviewItems(first: 2) { nodes { id cycle { id } decisions { id } actions { id } } }
    ohchr {
      id
      presences { id }
      communications(first: 20) { nodes { id } }
      recommendations(first: 20) { nodes { id } }
      signals(first: 20) { nodes { id } }
    }
    osapg { id riskAssessment { id } }
    caac { id listings(includeDelisted: true) { id party { id } } }
    svc { id listings(includeDelisted: true) { id party { id } } }
  } }
}";

/// Types that a mandate describes and the review finds.
const PUBLIC: [&str; 8] = ["lca", "lsv", "pre", "rec", "boh", "bos", "bca", "bsv"];
const CONFIDENTIAL: [&str; 8] = ["com", "ras", "sig", "cyc", "itm", "inp", "dec", "act"];

/// Types of which some or all records exist for cleared callers alone.
const HIDING: [&str; 12] = [
    "lca", "lsv", "par", "rec", "sit", "com", "ras", "sig", "cyc", "itm", "inp", "boh",
];

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

const PUBLIC_FIELDS: &str = "id ... on CaacListing { listedAs } ... on CrsvListing { listedAs }
    ... on FieldPresence { name } ... on MechanismRecommendation { text }
    ... on OhchrBlock { coverage } ... on OsapgBlock { coverage } ... on CaacBlock { coverage }
    ... on SvcBlock { coverage }";
const CONFIDENTIAL_FIELDS: &str = "id ... on Communication { reference }
    ... on EarlyWarningSignal { observedOn } ... on RiskAssessment { period { code } }
    ... on ReviewCycle { state } ... on ReviewItem { version } ... on EntityInput { status }
    ... on Decision { kind } ... on Action { title } ... on OhchrBlock { headline }";

fn body(selection: &str, id: &str) -> Value {
    let query = format!("query ($id: ID!) {{ node(id: $id) {{ __typename {selection} }} }}");
    json!({ "query": query, "variables": { "id": id } })
}

async fn ask(app: &TestApp, id: &str) -> Value {
    send(app.post(&body(PUBLIC_FIELDS, id))).await.json()
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
        for prefix in HIDING {
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

/// What a client that keeps objects by their ids asks again: each by its id alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_confidential_is_found_with_clearance_alone() {
    on_example(|database| async move {
        let app = serve(&database, &[]).await;
        let open = all_ids(&send(app.query(EVERYTHING)).await.json());
        let cleared = review(&app, &json!({ "query": EVERYTHING })).await;
        for prefix in CONFIDENTIAL {
            let id = all_ids(&cleared)
                .into_iter()
                .find(|id| id.starts_with(prefix) && !open.contains(id))
                .unwrap_or_else(|| panic!("the example has no {prefix}"));
            let found = review(&app, &body(CONFIDENTIAL_FIELDS, &id)).await;
            assert!(found.get("errors").is_none(), "{found:#}");
            let node = found["data"]["node"].as_object().unwrap();
            assert_eq!(node["id"], json!(id), "{found:#}");
            assert!(
                node.len() == 3 && node.values().all(|field| !field.is_null()),
                "{found:#}"
            );
            let nobody = review(&app, &body(CONFIDENTIAL_FIELDS, &of_nobody(&id))).await;
            assert_eq!(nobody["data"], json!({ "node": null }));
            assert!(nobody.get("errors").is_none(), "{nobody:#}");
            let anonymous = |id: &str| app.post(&body(CONFIDENTIAL_FIELDS, id));
            let refused = send(anonymous(&id)).await.json();
            assert_eq!(refused, send(anonymous(&of_nobody(&id))).await.json());
            assert_eq!(refused["data"], json!({ "node": null }));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_has_one_id_whatever_is_asked_of_it() {
    on_example(|database| async move {
        let app = serve(&database, &[]).await;
        let query = "{ situations(first: 3) { nodes { id
            ohchr { id headline } osapg { id riskAssessment(period: \"2026-06\") { id } }
            caac { id coverage } svc { id } } }
            again: situations(first: 3) { nodes { id ohchr { id asOf } osapg { id } caac { id } svc { id } } } }";
        let answer = review(&app, &json!({ "query": query })).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        let nodes = answer["data"]["situations"]["nodes"].as_array().unwrap();
        let again = answer["data"]["again"]["nodes"].as_array().unwrap();
        let mut seen = BTreeSet::new();
        for (one, other) in nodes.iter().zip(again) {
            for block in ["ohchr", "osapg", "caac", "svc"] {
                assert_eq!(one[block]["id"], other[block]["id"]);
                assert!(seen.insert(one[block]["id"].to_string()), "{answer:#}");
            }
            let id = one["ohchr"]["id"].as_str().unwrap();
            let node = review(&app, &body("id ... on OhchrBlock { headline }", id)).await;
            assert_eq!(node["data"]["node"]["headline"], one["ohchr"]["headline"], "{node:#}");
        }
        assert_eq!(seen.len(), 12);
    })
    .await;
}
