//! Sealing, over HTTP: a sealed record exists for nobody, and once two persons destroyed its key no byte of its
//! texts is left.

mod destruction;
mod stored;

use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};
use serde_json::{Value, json};
use upfront::database::Database;

use crate::{
    joint::example::{on_example, serve_recording},
    support::app::{Answer, TestApp, send},
};

const CLEARING: &[&str] = &["clearance:confidential", "review:clear"];
const SECRETARIAT: &[&str] = &["clearance:confidential", "review:steer"];
const SEAL: &str = "id state recordType key throughRevision owner level reason digest sealedAt
    sealedBy { entity issuer subject } destructionAskedAt destructionAskedBy { subject } destroyedAt
    destroyedBy { subject } erasedAt liftedAt liftedBy { subject }";

/// An officer, by entity, name and scopes.
type Officer<'a> = (&'a str, &'a str, &'a [&'a str]);

const FIRST: Officer<'_> = ("OHCHR", "first.officer", CLEARING);
const SECOND: Officer<'_> = ("OHCHR", "second.officer", CLEARING);

async fn ask(app: &TestApp, (entity, subject, scopes): Officer<'_>, body: &Value) -> Answer {
    let token = app.token_of(entity, Some(subject), scopes);
    let answer = send(app.post(body).bearer_auth(token)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

async fn seal(app: &TestApp, officer: Officer<'_>, record_type: &str, key: &str) -> Answer {
    let query =
        format!("mutation ($input: SealRecordInput!) {{ sealRecord(input: $input) {{ {SEAL} }} }}");
    let input = json!({ "recordType": record_type, "key": key, "reason": "A name slipped in." });
    ask(
        app,
        officer,
        &json!({ "query": query, "variables": { "input": input } }),
    )
    .await
}

async fn act(app: &TestApp, officer: Officer<'_>, field: &str, id: &str) -> Answer {
    let query = format!("mutation ($id: ID!) {{ {field}(id: $id) {{ {SEAL} }} }}");
    ask(
        app,
        officer,
        &json!({ "query": query, "variables": { "id": id } }),
    )
    .await
}

/// The seal that a mutation answers.
fn sealed(answer: &Answer) -> Value {
    let answer = answer.json();
    let data = answer["data"].as_object().unwrap();
    let seal = data.values().next().unwrap().clone();
    assert!(seal.is_object(), "{answer:#}");
    seal
}

fn message(answer: &Answer) -> String {
    let answer = answer.json();
    let message = answer["errors"][0]["message"].as_str();
    message.unwrap_or_else(|| panic!("{answer:#}")).to_owned()
}

async fn rows(database: &Database, sql: &str) -> Vec<QueryResult> {
    let backend = database.read.get_database_backend();
    let statement = Statement::from_string(backend, sql);
    database.read.query_all_raw(statement).await.unwrap()
}

async fn one(database: &Database, sql: &str) -> String {
    let rows = rows(database, sql).await;
    rows.first().expect(sql).try_get_by_index(0).unwrap()
}

/// A signal with a text in two revisions: its natural key, its id, its situation's id.
async fn signal(database: &Database) -> [String; 3] {
    let sql = "SELECT g.record_key, g.public_id, s.public_id FROM signals g JOIN situations s ON s.id = g.situation_id \
               WHERE g.revision = 2 AND g.is_current AND g.summary IS NOT NULL AND g.classification = 'CONFIDENTIAL' \
               ORDER BY g.id LIMIT 1";
    let rows = rows(database, sql).await;
    [0, 1, 2].map(|index| rows[0].try_get_by_index(index).unwrap())
}

fn signals(situation: &str) -> Value {
    let query = "query ($id: ID!) { situation(id: $id) { ohchr { signals(first: 100) { totalCount
        nodes { id kind summary provenance { revision method } } } } } }";
    json!({ "query": query, "variables": { "id": situation } })
}

fn ids(answer: &Answer) -> Vec<String> {
    let answer = answer.json();
    let nodes = answer.pointer("/data/situation/ohchr/signals/nodes");
    let nodes = nodes.and_then(Value::as_array);
    let nodes = nodes.unwrap_or_else(|| panic!("{answer:#}"));
    nodes
        .iter()
        .map(|node| node["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_sealed_record_exists_for_nobody() {
    on_example(|database| async move {
        let app = serve_recording(&database, |_| {}).await;
        let [key, id, situation] = signal(&database).await;
        let (list, node) = (
            signals(&situation),
            json!({ "query": format!("{{ node(id: \"{id}\") {{ id }} }}") }),
        );
        let reader: Officer<'_> = ("OSAPG", "a.reader", &CLEARING[..1]);
        let before = ask(&app, reader, &list).await;
        assert!(ids(&before).contains(&id), "{}", before.text);

        let seal = sealed(&seal(&app, FIRST, "ohchr-signals", &key).await);
        assert_eq!(
            (
                &seal["state"],
                &seal["throughRevision"],
                &seal["owner"],
                &seal["key"]
            ),
            (&json!("SEALED"), &json!(2), &json!("OHCHR"), &json!(key))
        );
        assert_eq!(seal["sealedBy"]["subject"], "first.officer");
        for officer in [reader, FIRST, SECOND] {
            let after = ask(&app, officer, &list).await;
            assert!(!ids(&after).contains(&id), "{}", after.text);
            let total = |answer: &Answer| {
                answer
                    .json()
                    .pointer("/data/situation/ohchr/signals/totalCount")
                    .unwrap()
                    .as_u64()
            };
            assert_eq!(total(&after).map(|count| count + 1), total(&before));
            assert!(ask(&app, officer, &node).await.json()["data"]["node"].is_null());
        }

        // What remains of it, and who was given it.
        let query = format!(
            "{{ recordSeals {{ next seals {{ {SEAL} recipients {{ entity subject at }} }} }} }}"
        );
        let listed = ask(&app, SECOND, &json!({ "query": query })).await;
        assert_eq!(listed.header("upfront-classification"), "CONFIDENTIAL");
        let listed = listed.json();
        let page = &listed["data"]["recordSeals"];
        assert_eq!(page["seals"].as_array().unwrap().len(), 1, "{listed:#}");
        assert_eq!(page["seals"][0]["id"], seal["id"]);
        let recipients = page["seals"][0]["recipients"].as_array().unwrap();
        assert_eq!(recipients.len(), 1, "{recipients:#?}");
        assert_eq!(
            (&recipients[0]["entity"], &recipients[0]["subject"]),
            (&json!("OSAPG"), &json!("a.reader"))
        );
        let other: Officer<'_> = ("OSAPG", "an.officer", CLEARING);
        let others = ask(&app, other, &json!({ "query": query })).await.json();
        assert_eq!(others["data"]["recordSeals"]["seals"], json!([]));

        let open_again = sealed(&act(&app, SECOND, "liftSeal", seal["id"].as_str().unwrap()).await);
        assert_eq!(
            (&open_again["state"], &open_again["liftedBy"]["subject"]),
            (&json!("LIFTED"), &json!("second.officer"))
        );
        let again = ask(&app, reader, &list).await;
        assert_eq!(again.json()["data"], before.json()["data"]);
    })
    .await;
}

#[tokio::test]
async fn nobody_seals_what_is_not_theirs_and_learns_of_it() {
    on_example(|database| async move {
        let app = serve_recording(&database, |_| {}).await;
        let [key, ..] = signal(&database).await;
        let of = |answer: Answer| (answer.code(), message(&answer));
        let none = of(seal(&app, FIRST, "ohchr-signals", "no-such-signal").await);
        assert_eq!(none.0, "BAD_USER_INPUT");
        let stranger: Officer<'_> = ("OSAPG", "an.officer", CLEARING);
        assert_eq!(of(seal(&app, stranger, "ohchr-signals", &key).await), none);
        let secretariat: Officer<'_> = ("OHCHR", "a.secretary", SECRETARIAT);
        assert_eq!(of(seal(&app, secretariat, "ohchr-signals", &key).await), none);
        let role: Officer<'_> = ("OHCHR", "an.officer", &CLEARING[..1]);
        let (code, told) = of(seal(&app, role, "ohchr-signals", &key).await);
        assert_eq!(code, "FORBIDDEN");
        assert!(told.contains("`review:clear`") && told.contains("`review:steer`"), "{told}");
        // Above the officer's clearance there is no such record.
        let strict = one(&database, "SELECT record_key FROM signals WHERE is_current AND classification = 'STRICTLY_CONFIDENTIAL' AND revision = 1 ORDER BY id LIMIT 1").await;
        assert_eq!(of(seal(&app, FIRST, "ohchr-signals", &strict).await), none);
        let cleared: Officer<'_> = ("OHCHR", "first.officer", &["clearance:confidential", "clearance:strictly-confidential", "review:clear"]);
        let strict = sealed(&seal(&app, cleared, "ohchr-signals", &strict).await);
        assert_eq!(strict["level"], "STRICTLY_CONFIDENTIAL");
        let strict = strict["id"].as_str().unwrap();
        assert!(message(&act(&app, FIRST, "liftSeal", strict).await).contains("no such seal"));
        assert!(none.1.contains("The key of `ohchr-signals` is `code`"), "{}", none.1);
        // A type that is none, and figures, are named.
        for name in ["signals", "ohchr-casualties"] {
            let (_, told) = of(seal(&app, FIRST, name, &key).await);
            assert!(told.contains(name) && told.contains("`ohchr-signals`"), "{told}");
        }
        // A seal twice is none.
        sealed(&seal(&app, FIRST, "ohchr-signals", &key).await);
        assert_eq!(of(seal(&app, FIRST, "ohchr-signals", &key).await), none);
        // A reason that repeats what must not live on.
        let query = "mutation ($input: SealRecordInput!) { sealRecord(input: $input) { id } }";
        for reason in ["", "call +41 22 917 90 00", "two\nlines"] {
            let input = json!({ "recordType": "ohchr-signals", "key": key, "reason": reason });
            let body = json!({ "query": query, "variables": { "input": input } });
            let (_, told) = of(ask(&app, FIRST, &body).await);
            assert!(told.contains("`reason`") && !told.contains("917"), "{told}");
        }
    })
    .await;
}

/// Every type that can be sealed, with a row that some officer may seal and the owner of it.
async fn sealable(
    database: &Database,
) -> Vec<(&'static str, &'static str, String, Option<String>)> {
    let types = [
        ("situation-states", "situation_states", "source"),
        ("entity-blocks", "entity_blocks", "entity"),
        ("entity-inputs", "entity_inputs", "entity"),
        ("changes", "changes", "entity"),
        ("decisions", "decisions", ""),
        ("actions", "actions", ""),
        ("ohchr-communications", "communications", "source"),
        ("ohchr-recommendations", "recommendations", "source"),
        ("ohchr-signals", "signals", "source"),
        ("osapg-assessments", "risk_assessments", "source"),
        ("caac-listings", "caac_listings", "source"),
        ("svc-listings", "crsv_listings", "source"),
    ];
    let mut found = Vec::new();
    for (name, table, owner) in types {
        let column = if owner.is_empty() { "NULL" } else { owner };
        let mandates = ["OHCHR", "OSAPG", "SRSG_CAAC", "SRSG_SVC"].join("', '");
        let of = if owner.is_empty() {
            String::new()
        } else {
            format!(" WHERE {owner} IN ('{mandates}')")
        };
        let sql = format!(
            "SELECT record_key, CAST({column} AS text) FROM {table}{of} ORDER BY id LIMIT 1"
        );
        let rows = rows(database, &sql).await;
        let row = rows.first().expect(table);
        found.push((
            name,
            table,
            row.try_get_by_index(0).unwrap(),
            row.try_get_by_index(1).unwrap(),
        ));
    }
    found
}

#[tokio::test]
async fn every_type_of_record_with_texts_can_be_sealed() {
    on_example(|database| async move {
        let app = serve_recording(&database, |_| {}).await;
        let scopes = &[
            "clearance:confidential",
            "clearance:strictly-confidential",
            "review:clear",
            "review:steer",
            "review:read",
        ];
        for (name, table, key, owner) in sealable(&database).await {
            let officer: Officer<'_> =
                (owner.as_deref().unwrap_or("OHCHR"), "first.officer", scopes);
            let seal = sealed(&seal(&app, officer, name, &key).await);
            assert_eq!(
                (&seal["recordType"], &seal["owner"]),
                (&json!(name), &json!(owner)),
                "{name}"
            );
            let key_of = key.replace('\'', "''");
            let left = format!(
                "SELECT id FROM {table} WHERE record_key = '{key_of}' AND sealed_at IS NULL"
            );
            assert_eq!(rows(&database, &left).await.len(), 0, "{name}");
            act(&app, officer, "liftSeal", seal["id"].as_str().unwrap()).await;
            assert!(!rows(&database, &left).await.is_empty(), "{name}");
        }
    })
    .await;
}

/// Whether a database is a file that can be searched.
fn is_sqlite(database: &Database) -> bool {
    database.backend() == DbBackend::Sqlite
}

#[tokio::test]
async fn a_record_is_sealed_by_its_id_as_well() {
    on_example(|database| async move {
        let app = serve_recording(&database, |_| {}).await;
        let [key, id, situation] = signal(&database).await;
        let by = async |officer, input: Value| {
            let query = format!(
                "mutation ($input: SealRecordInput!) {{ sealRecord(input: $input) {{ {SEAL} }} }}"
            );
            let body = json!({ "query": query, "variables": { "input": input } });
            ask(&app, officer, &body).await
        };
        let reason = "A name slipped in.";
        let seal = sealed(&by(FIRST, json!({ "id": id, "reason": reason })).await);
        assert_eq!(
            (&seal["key"], &seal["recordType"]),
            (&json!(key), &json!("ohchr-signals"))
        );
        let block = situation.replace("sit_", "boh_");
        let seal = sealed(&by(FIRST, json!({ "id": block, "reason": reason })).await);
        assert_eq!(seal["recordType"], "entity-blocks");
        assert!(
            seal["key"].as_str().unwrap().ends_with("/OHCHR"),
            "{seal:#}"
        );
        let again = message(&by(FIRST, json!({ "id": id, "reason": reason })).await);
        assert!(
            again.starts_with("There is no such record that you may seal"),
            "{again}"
        );
        let unknown = message(
            &by(
                FIRST,
                json!({ "id": "sig_0000000000000000", "reason": reason }),
            )
            .await,
        );
        assert_eq!(unknown, again);
        for (input, told) in [
            (
                json!({ "id": situation, "reason": reason }),
                "can be sealed",
            ),
            (json!({ "id": "x", "reason": reason }), "can be sealed"),
            (json!({ "id": "sig_\0", "reason": reason }), "can be sealed"),
            (
                json!({ "recordType": "ohchr-signals", "key": "\0", "reason": reason }),
                "no such record",
            ),
            (
                json!({ "id": id, "key": key, "reason": reason }),
                "`recordType` and `key`",
            ),
            (
                json!({ "key": key, "reason": reason }),
                "`recordType` and `key`",
            ),
        ] {
            let refused = message(&by(FIRST, input).await);
            assert!(refused.contains(told), "{refused}");
        }
    })
    .await;
}
