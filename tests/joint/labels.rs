//! Labels by value: a field returns rows up to the caller's clearance, and an answer is as sensitive as the most
//! sensitive field or row in it.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use upfront::{
    audit_trail::{AuditEntry, Filter, Level, Order, Page, Record},
    database::Database,
};

use super::example::{on_example, serve, serve_recording};
use crate::support::app::{Answer, TestApp, send};

const CONFIDENTIAL: &[&str] = &["clearance:confidential"];
const STRICT: &[&str] = &["clearance:confidential", "clearance:strictly-confidential"];

async fn ask(app: &TestApp, scopes: &[&str], query: &str) -> Answer {
    let mut request = app.query(query);
    if !scopes.is_empty() {
        request = request.bearer_auth(app.token("OHCHR", scopes));
    }
    let answer = send(request.header("upfront-purpose", "monthly review")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

/// The label of an answer, the same in the extension and in the header.
fn label(answer: &Answer) -> Option<String> {
    let body = answer.json();
    let label = body["extensions"]["upfront"]["classification"].as_str();
    assert_eq!(
        label.unwrap_or_default(),
        answer.header("upfront-classification")
    );
    label.map(str::to_owned)
}

/// The first value of the first row.
async fn one(database: &Database, sql: &str) -> String {
    let backend = database.read.get_database_backend();
    let row = database
        .read
        .query_one_raw(Statement::from_string(backend, sql));
    row.await.unwrap().expect(sql).try_get_by_index(0).unwrap()
}

async fn change(database: &Database, sql: &str) {
    let done = database.write.execute_unprepared(sql).await.unwrap();
    assert!(done.rows_affected() > 0, "{sql}");
}

fn letters(situation: &str) -> String {
    format!(
        "{{ situation(id: \"{situation}\") {{ ohchr {{ communications(first: 100) {{ totalCount \
         nodes {{ id publicOn provenance {{ classification }} }} }} }} }} }}"
    )
}

fn nodes(answer: &Answer) -> Vec<Value> {
    let body = answer.json();
    assert!(body.get("errors").is_none(), "{body:#}");
    let list = &body["data"]["situation"]["ohchr"]["communications"];
    let nodes = list["nodes"].as_array().unwrap().clone();
    assert_eq!(list["totalCount"], json!(nodes.len()), "{body:#}");
    nodes
}

/// The levels of letters, each once.
fn levels(nodes: &[Value]) -> BTreeSet<&str> {
    nodes
        .iter()
        .filter_map(|node| node.pointer("/provenance/classification")?.as_str())
        .collect()
}

/// A public situation with letters.
const WITH_LETTERS: &str = "SELECT s.public_id FROM situations s JOIN communications c ON \
                            c.situation_id = s.id WHERE s.is_public ORDER BY c.id LIMIT 1";

#[tokio::test]
async fn letters_open_one_by_one() {
    on_example(|database| async move {
        let situation = one(&database, WITH_LETTERS).await;
        let of = format!(
            "situation_id = (SELECT id FROM situations WHERE public_id = '{situation}') AND is_current"
        );
        // Of each kind at least one: public since yesterday, not public, above the clearance.
        change(&database, &format!("UPDATE communications SET public_on = NULL, classification = 'CONFIDENTIAL' WHERE {of}")).await;
        let first = one(&database, &format!("SELECT public_id FROM communications WHERE {of} ORDER BY id LIMIT 1")).await;
        let last = one(&database, &format!("SELECT public_id FROM communications WHERE {of} ORDER BY id DESC LIMIT 1")).await;
        assert_ne!(first, last);
        change(&database, &format!("UPDATE communications SET public_on = '2020-01-01' WHERE public_id = '{first}'")).await;
        change(&database, &format!("UPDATE communications SET classification = 'STRICTLY_CONFIDENTIAL', public_on = '2020-01-01' WHERE public_id = '{last}'")).await;
        let app = serve(&database, &[]).await;
        let query = letters(&situation);

        let anonymous = ask(&app, &[], &query).await;
        assert_eq!(label(&anonymous), None);
        let open = nodes(&anonymous);
        assert_eq!(open.len(), 1, "{open:#?}");
        assert_eq!(open[0]["id"], json!(first));
        assert_eq!(levels(&open), BTreeSet::from(["UNCLASSIFIED"]));

        let cleared = ask(&app, CONFIDENTIAL, &query).await;
        assert_eq!(label(&cleared).as_deref(), Some("CONFIDENTIAL"));
        let some = nodes(&cleared);
        assert_eq!(levels(&some), BTreeSet::from(["CONFIDENTIAL", "UNCLASSIFIED"]));
        assert!(some.iter().all(|node| node["id"] != json!(last)));

        let strict = ask(&app, STRICT, &query).await;
        assert_eq!(label(&strict).as_deref(), Some("STRICTLY_CONFIDENTIAL"));
        assert_eq!(nodes(&strict).len(), some.len() + 1);

        // Whoever holds no grant is told what everybody is.
        let stranger = send(app.query(&query).bearer_auth(app.token("UNHCR", STRICT))).await;
        assert_eq!(label(&stranger).as_deref(), Some("UNCLASSIFIED"));
        assert_eq!(nodes(&stranger), open);
        for (id, exists_for) in [(&first, 3), (&last, 1)] {
            let query = format!("{{ node(id: \"{id}\") {{ ... on Communication {{ reference }} }} }}");
            let mut found = 0;
            for scopes in [&[][..], CONFIDENTIAL, STRICT] {
                let answer = ask(&app, scopes, &query).await.json();
                found += usize::from(answer["data"]["node"]["reference"].is_string());
            }
            assert_eq!(found, exists_for, "{id}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_classified_record_of_an_open_list_exists_for_who_needs_to_know() {
    on_example(|database| async move {
        let situation = one(&database, "SELECT s.public_id FROM situations s JOIN recommendations r ON r.situation_id = s.id WHERE s.is_public ORDER BY r.id LIMIT 1").await;
        let record = one(&database, &format!("SELECT public_id FROM recommendations WHERE is_current AND situation_id = (SELECT id FROM situations WHERE public_id = '{situation}') ORDER BY id LIMIT 1")).await;
        let app = serve(&database, &[]).await;
        let list = format!("{{ situation(id: \"{situation}\") {{ ohchr {{ recommendations(first: 100) {{ totalCount nodes {{ text }} }} }} }} }}");
        let node = format!("{{ node(id: \"{record}\") {{ ... on MechanismRecommendation {{ text }} }} }}");
        let total = |answer: Answer| answer.json()["data"]["situation"]["ohchr"]["recommendations"]["totalCount"].as_u64().unwrap();
        let before = total(ask(&app, &[], &list).await);
        let answer = ask(&app, CONFIDENTIAL, &list).await;
        assert_eq!(label(&answer).as_deref(), Some("UNCLASSIFIED"));
        for (level, scopes, is_told) in [
            ("CONFIDENTIAL", CONFIDENTIAL, true),
            ("STRICTLY_CONFIDENTIAL", CONFIDENTIAL, false),
            ("STRICTLY_CONFIDENTIAL", STRICT, true),
        ] {
            change(&database, &format!("UPDATE recommendations SET classification = '{level}' WHERE public_id = '{record}'")).await;
            assert_eq!(total(ask(&app, &[], &list).await), before - 1);
            let anonymous = ask(&app, &[], &node).await.json();
            assert_eq!(anonymous, json!({ "data": { "node": null } }));
            let answer = ask(&app, scopes, &list).await;
            let expected = if is_told { level } else { "UNCLASSIFIED" };
            assert_eq!(label(&answer).as_deref(), Some(expected), "{level} {scopes:?}");
            assert_eq!(total(answer), before - u64::from(!is_told));
            let answer = ask(&app, scopes, &node).await;
            assert_eq!(label(&answer).as_deref(), Some(expected));
            assert_eq!(answer.json()["data"]["node"]["text"].is_string(), is_told);
        }
    })
    .await;
}

async fn entries(app: &TestApp) -> Vec<AuditEntry> {
    let page = Page {
        first: 100,
        after: None,
        order: Order::OldestFirst,
    };
    let trail = app.app.trail().unwrap();
    let records = trail.read(&Filter::default(), &page).await.unwrap();
    records
        .records
        .iter()
        .filter_map(Record::operation)
        .collect()
}

#[tokio::test]
async fn open_fields_of_hidden_records_are_labelled_and_recorded() {
    on_example(|database| async move {
        let hidden = one(&database, "SELECT public_id FROM situations WHERE NOT is_public ORDER BY id LIMIT 1").await;
        let open = one(&database, WITH_LETTERS).await;
        let party = one(&database, "SELECT p.public_id FROM parties p WHERE NOT EXISTS (SELECT 1 FROM caac_listings l WHERE l.party_id = p.id) AND NOT EXISTS (SELECT 1 FROM crsv_listings l WHERE l.party_id = p.id) AND EXISTS (SELECT 1 FROM violation_counts v WHERE v.party_id = p.id AND v.is_current) ORDER BY p.id LIMIT 1").await;
        let app = serve_recording(&database, |_| {}).await;
        let title = |id: &str| format!("{{ situation(id: \"{id}\") {{ title }} }}");
        let answer = ask(&app, CONFIDENTIAL, &title(&open)).await;
        assert_eq!(label(&answer).as_deref(), Some("UNCLASSIFIED"));
        assert!(entries(&app).await.is_empty());
        let block = format!("{{ node(id: \"boh{}\") {{ ... on OhchrBlock {{ coverage }} }} }}", &hidden[3..]);
        let questions = [
            (title(&hidden), "REVIEWS"),
            (format!("{{ node(id: \"{party}\") {{ ... on Party {{ name }} }} }}"), "REVIEWS"),
            (format!("{{ node(id: \"{hidden}\") {{ id }} }}"), "REVIEWS"),
            (block, "OHCHR"),
        ];
        for (question, owner) in questions {
            let before = entries(&app).await.len();
            let answer = ask(&app, CONFIDENTIAL, &question).await;
            assert!(!answer.json()["data"].to_string().contains("null"), "{}", answer.text);
            assert_eq!(label(&answer).as_deref(), Some("CONFIDENTIAL"), "{question}");
            let all = entries(&app).await;
            assert_eq!(all.len(), before + 1, "{question}");
            let entry = all.last().unwrap();
            assert_eq!(entry.highest_level, Level::Confidential);
            assert!(entry.owners.contains(owner), "{entry:#?}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_told_of_a_list_is_labelled_by_its_rows() {
    on_example(|database| async move {
        let situation = one(&database, WITH_LETTERS).await;
        let of = format!("situation_id = (SELECT id FROM situations WHERE public_id = '{situation}') AND is_current");
        change(&database, &format!("UPDATE signals SET classification = 'STRICTLY_CONFIDENTIAL' WHERE {of} AND id IN (SELECT MAX(id) FROM signals WHERE {of})")).await;
        change(&database, &format!("UPDATE communications SET classification = 'CONFIDENTIAL', public_on = NULL WHERE {of}")).await;
        let app = serve_recording(&database, |_| {}).await;
        let ohchr = |selection: &str| format!("{{ situation(id: \"{situation}\") {{ ohchr {{ {selection} }} }} }}");
        let questions = [
            ("{ situations(first: 100) { totalCount } }".to_owned(), CONFIDENTIAL, "CONFIDENTIAL"),
            ("{ situations(first: 100) { edges { cursor } } }".to_owned(), CONFIDENTIAL, "CONFIDENTIAL"),
            ("{ situations(first: 100) { pageInfo { endCursor } } }".to_owned(), CONFIDENTIAL, "CONFIDENTIAL"),
            (ohchr("communications { totalCount }"), CONFIDENTIAL, "CONFIDENTIAL"),
            (ohchr("communications { edges { __typename } }"), CONFIDENTIAL, "CONFIDENTIAL"),
            (ohchr("communications(first: 1) { pageInfo { hasNextPage } }"), CONFIDENTIAL, "CONFIDENTIAL"),
            (ohchr("signals(first: 1) { totalCount }"), CONFIDENTIAL, "CONFIDENTIAL"),
            (ohchr("signals(first: 1) { totalCount }"), STRICT, "STRICTLY_CONFIDENTIAL"),
            (ohchr("recommendations { totalCount edges { cursor } }"), STRICT, "UNCLASSIFIED"),
        ];
        for (question, scopes, expected) in questions {
            let before = entries(&app).await.len();
            let answer = ask(&app, scopes, &question).await;
            assert!(answer.json().get("errors").is_none(), "{}", answer.text);
            assert_eq!(label(&answer).as_deref(), Some(expected), "{question}");
            let is_recorded = entries(&app).await.len() > before;
            assert_eq!(is_recorded, expected != "UNCLASSIFIED", "{question}");
            assert_eq!(label(&ask(&app, &[], &question).await), None);
        }
    })
    .await;
}
