//! Who was given what is in the audit trail before it is sent.

use std::collections::BTreeSet;

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use upfront::{
    audit_trail::{AuditEntry, Fault, Filter, Finding, Level, Order, Outcome, Page, verify},
    config::RequirePurpose,
};

use super::example::{example, on_example, serve_recording};
use crate::support::app::{Answer, TestApp, send};

async fn entries(app: &TestApp, filter: Filter) -> Vec<AuditEntry> {
    let page = Page {
        first: 1_000,
        after: None,
        order: Order::OldestFirst,
    };
    let records = app.app.trail().unwrap().read(&filter, &page).await.unwrap();
    let operations = records.records.iter();
    operations
        .filter_map(upfront::audit_trail::Record::operation)
        .collect()
}

async fn ask(app: &TestApp, body: &Value, clearance: Option<&str>) -> Answer {
    let mut request = app.post(body).header("upfront-purpose", "monthly review");
    if let Some(clearance) = clearance {
        request = request.bearer_auth(app.token("OHCHR", &[clearance]));
    }
    send(request.header("graphql-client-name", "tooling")).await
}

const CONFIDENTIAL: Option<&str> = Some("clearance:confidential");

#[tokio::test]
async fn what_is_classified_is_recorded_and_what_is_not_is_not() {
    on_example(|database| async move {
        let app = serve_recording(&database, |_| {}).await;
        let profile = example("situation-profile");
        assert_eq!(ask(&app, &profile, None).await.status, 200);
        assert!(entries(&app, Filter::default()).await.is_empty());
        let answer = ask(&app, &profile, CONFIDENTIAL).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let all = entries(&app, Filter::default()).await;
        let [entry] = all.as_slice() else {
            panic!("{all:#?}");
        };
        assert_eq!(entry.entity.as_deref(), Some("OHCHR"));
        assert_eq!(entry.subject.as_deref(), Some("OHCHR"));
        assert_eq!(entry.issuer.as_deref(), Some(app.issuer()));
        assert_eq!(entry.purpose.as_deref(), Some("monthly review"));
        assert_eq!(entry.client.name.as_deref(), Some("tooling"));
        assert_eq!(entry.address.as_deref(), Some("127.0.0.1"));
        assert_eq!(entry.operation_name.as_deref(), Some("SituationProfile"));
        assert_eq!(entry.request_id, answer.header("x-request-id"));
        assert_eq!(entry.highest_level, Level::Confidential);
        assert_eq!(entry.outcome, Outcome::Answered);
        assert!(entry.token.as_ref().is_some_and(|id| id.len() == 32));
        assert!(entry.sources.contains("srsg_caac"), "{entry:#?}");
        assert!(
            entry.owners.contains("OHCHR") && entry.owners.len() > 1,
            "{entry:#?}"
        );
        assert!(
            entry
                .fields
                .iter()
                .any(|field| field.starts_with("Situation."))
        );
        // The situation that the profile is of, and the records in it.
        let situation = profile["variables"]["id"].as_str().unwrap();
        assert!(entry.records.contains(situation), "{entry:#?}");
        assert!(entry.records.len() > 10, "{entry:#?}");
        let of_situation = Filter {
            record: Some(situation.to_owned()),
            ..Filter::default()
        };
        assert_eq!(entries(&app, of_situation).await.len(), 1);
        // Nothing of what the records say.
        let text = serde_json::to_string(entry).unwrap();
        let title = answer.json()["data"]["situation"]["title"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(!text.contains(&title), "{text}");
    })
    .await;
}

#[tokio::test]
async fn records_are_known_though_the_client_asks_for_no_id() {
    on_example(|database| async move {
        let app = serve_recording(&database, |_| {}).await;
        let body = json!({ "query": "{ situations(first: 3) { nodes { title concernLevel } } }" });
        let with_ids = json!({ "query": "{ situations(first: 3) { nodes { id } } }" });
        let answer = ask(&app, &with_ids, CONFIDENTIAL).await.json();
        let nodes = answer["data"]["situations"]["nodes"]
            .as_array()
            .unwrap()
            .clone();
        let ids: BTreeSet<String> = nodes
            .iter()
            .map(|node| node["id"].as_str().unwrap().to_owned())
            .collect();
        let before = entries(&app, Filter::default()).await.len();
        let answer = ask(&app, &body, CONFIDENTIAL).await;
        assert!(!answer.text.contains("__upfront"), "{}", answer.text);
        let all = entries(&app, Filter::default()).await;
        assert_eq!(all.len(), before + 1);
        assert_eq!(all.last().unwrap().records, ids);
    })
    .await;
}

#[tokio::test]
async fn classified_data_may_need_a_purpose() {
    on_example(|database| async move {
        let needing = |config: &mut upfront::config::Config| {
            config.audit.require_purpose = RequirePurpose::Confidential;
        };
        let app = serve_recording(&database, needing).await;
        let profile = example("situation-profile");
        let token = app.token("OHCHR", &["clearance:confidential"]);
        let answer = send(app.post(&profile).bearer_auth(&token)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (403, "PURPOSE_REQUIRED".to_owned())
        );
        assert!(answer.json().get("data").is_none());
        let all = entries(&app, Filter::default()).await;
        assert_eq!(all.last().unwrap().outcome, Outcome::Refused);
        assert_eq!(ask(&app, &profile, CONFIDENTIAL).await.status, 200);
        // What is unclassified needs none.
        assert_eq!(send(app.post(&profile)).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_served() {
    on_example(|database| async move {
        let app = serve_recording(&database, |config| {
            config.audit.fail_open_confidential = false;
        })
        .await;
        let profile = example("situation-profile");
        assert_eq!(ask(&app, &profile, CONFIDENTIAL).await.status, 200);
        let trail = app.app.trail().unwrap();
        let refuse = "ALTER TABLE audit_entries RENAME TO audit_entries_away";
        trail
            .database()
            .write
            .execute_unprepared(refuse)
            .await
            .unwrap();
        let answer = ask(&app, &profile, CONFIDENTIAL).await;
        assert_eq!(answer.status, 503, "{}", answer.text);
        assert_eq!(answer.code(), "AUDIT_UNAVAILABLE");
        assert!(answer.json().get("data").is_none());
        // What need not be recorded is served.
        assert_eq!(ask(&app, &profile, None).await.status, 200);
        let again = "ALTER TABLE audit_entries_away RENAME TO audit_entries";
        trail
            .database()
            .write
            .execute_unprepared(again)
            .await
            .unwrap();
        let mut is_back = false;
        for _ in 0..100 {
            if ask(&app, &profile, CONFIDENTIAL).await.status == 200 {
                is_back = true;
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        assert!(is_back);
        trail.finish().await;
        // Renaming rewrites the texts of the table's triggers on SQLite.
        let mut tell = |finding: Finding| {
            assert!(matches!(finding.fault, Fault::Altered(_)), "{finding}");
        };
        verify(trail.database(), &[], &mut tell).await.unwrap();
    })
    .await;
}

const TRAIL: &str = "query Trail($filter: AuditFilter, $first: Int, $after: String) { \
    auditTrail(filter: $filter, first: $first, after: $after) { \
        next records { entity subject operationName records outcome sequence at } } }";

#[tokio::test]
async fn the_trail_is_read_in_the_graph_and_reading_it_is_recorded() {
    on_example(|database| async move {
        let app = serve_recording(&database, |_| {}).await;
        let profile = example("situation-profile");
        assert_eq!(ask(&app, &profile, CONFIDENTIAL).await.status, 200);
        assert_eq!(ask(&app, &profile, CONFIDENTIAL).await.status, 200);
        let situation = profile["variables"]["id"].as_str().unwrap();
        let reader = app.token("OIOS", &["audit:read", "clearance:confidential"]);
        let read = async |variables: Value, token: &str| {
            let body = json!({ "query": TRAIL, "variables": variables });
            send(app.post(&body).bearer_auth(token)).await.json()
        };
        // Who saw this situation before this moment?
        let filter = json!({ "filter": { "record": situation }, "first": 1 });
        let first = read(filter.clone(), &reader).await;
        let page = &first["data"]["auditTrail"];
        assert_eq!(page["records"][0]["entity"], "OHCHR", "{first:#}");
        assert_eq!(page["records"][0]["operationName"], "SituationProfile");
        let mut next = filter;
        next["after"] = page["next"].clone();
        let second = read(next, &reader).await;
        let page = &second["data"]["auditTrail"];
        assert_eq!(page["records"].as_array().unwrap().len(), 1);
        assert_eq!(page["next"], Value::Null, "{second:#}");
        let at = page["records"][0]["at"].clone();
        let before = json!({ "filter": { "record": situation, "before": at } });
        let none = read(before, &reader).await;
        assert_eq!(none["data"]["auditTrail"]["records"], json!([]), "{none:#}");
        // Both scopes are needed, and what was read is in the trail.
        for scopes in [&["audit:read"][..], &["clearance:confidential"]] {
            let token = app.token("OHCHR", scopes);
            let withheld = read(json!({}), &token).await;
            assert_eq!(withheld["data"]["auditTrail"], Value::Null);
        }
        let of_readers = json!({ "filter": { "entity": "OIOS" } });
        let readers = read(of_readers, &reader).await;
        let found = readers["data"]["auditTrail"]["records"]
            .as_array()
            .unwrap()
            .len();
        assert_eq!(found, 3, "{readers:#}");
        for wrong in [
            json!({"first": 0}),
            json!({"first": 501}),
            json!({"after": "x"}),
        ] {
            let refused = read(wrong, &reader).await;
            assert_eq!(
                refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
                "{refused:#}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn an_entity_sees_who_read_its_own_fields() {
    on_example(|database| async move {
        let app = serve_recording(&database, |_| {}).await;
        let caac = json!({ "query": "query Caac { situations(first: 2) { nodes { caac { headline } } } }" });
        let ohchr = json!({ "query": "query Ohchr { situations(first: 2) { nodes { ohchr { headline } } } }" });
        for body in [&caac, &ohchr] {
            let answer = ask(&app, body, CONFIDENTIAL).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
        let log = async |entity: &str| {
            let token = app.token(entity, &["audit:own", "clearance:confidential"]);
            let query = "{ accessLog { records { entity operationName highestLevel } } }";
            let answer = send(app.query(query).bearer_auth(token)).await.json();
            let records = answer["data"]["accessLog"]["records"].as_array().unwrap().clone();
            records
                .iter()
                .map(|record| record["operationName"].as_str().unwrap_or("-").to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(log("SRSG_CAAC").await, ["Caac"]);
        assert_eq!(log("OHCHR").await, ["Ohchr"]);
        assert_eq!(log("OSAPG").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_client_cannot_write_records_into_the_trail() {
    on_example(|database| async move {
        let app = serve_recording(&database, |_| {}).await;
        for query in [
            "{ situations(first: 1) { nodes { concernLevel __upfront_id: title } } }",
            "{ situations(first: 1) { nodes { concernLevel } } riskFactors { __upfront_id: name } }",
            "{ situations(first: 1) { nodes { concernLevel __upfront_type: title } } }",
        ] {
            let answer = ask(&app, &json!({ "query": query }), CONFIDENTIAL).await;
            assert!(answer.json().get("errors").is_none(), "{query}: {}", answer.text);
        }
        for entry in entries(&app, Filter::default()).await {
            assert!(entry.records.iter().all(|id| id.contains('_') && !id.contains(' ')), "{entry:#?}");
            assert!(entry.records.iter().all(|id| id.len() < 40), "{entry:#?}");
        }
    })
    .await;
}

#[tokio::test]
async fn that_a_confidential_record_exists_is_recorded() {
    on_example(|database| async move {
        let app = serve_recording(&database, |_| {}).await;
        let body = json!({ "query": "{ situations(first: 50) { nodes { ohchr { \
            communications(first: 1) { nodes { id } } } } } }" });
        let answer = ask(&app, &body, CONFIDENTIAL).await.json();
        let situations = answer["data"]["situations"]["nodes"].as_array().unwrap();
        let id = |each: &Value| {
            let first = &each["ohchr"]["communications"]["nodes"][0]["id"];
            first.as_str().map(str::to_owned)
        };
        let id = situations
            .iter()
            .find_map(id)
            .unwrap_or_else(|| panic!("{answer:#}"));
        let before = entries(&app, Filter::default()).await.len();
        let body = json!({
            "query": "query($id: ID!) { node(id: $id) { __typename } }",
            "variables": { "id": id },
        });
        let answer = ask(&app, &body, CONFIDENTIAL).await.json();
        assert_eq!(
            answer["data"]["node"]["__typename"], "Communication",
            "{answer:#}"
        );
        let all = entries(&app, Filter::default()).await;
        assert_eq!(all.len(), before + 1);
        let entry = all.last().unwrap();
        assert_eq!(entry.highest_level, Level::Confidential);
        assert!(entry.records.contains(&id), "{entry:#?}");
    })
    .await;
}
