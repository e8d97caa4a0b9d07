//! What is frozen stays as it was, whatever becomes of what it was read from; only what is sealed leaves it.

use sea_orm::{ConnectionTrait, QueryResult, Statement};
use serde_json::{Value, json};
use upfront::database::Database;

use super::{
    races::open,
    scene::{
        FOCAL_POINT, Officer, PARTICIPANT, SECRETARY, advance, ask, change, count, done, id, month,
        problem, query, serve, shorten, text,
    },
};
use crate::{joint::example::on_example, support::app::TestApp};

const STRICT: Officer<'_> = (
    "SRSG_CAAC",
    "a.strict.reader",
    &["clearance:confidential", "clearance:strictly-confidential"],
);
const EXACT: Officer<'_> = (
    "SRSG_CAAC",
    "an.exact.reader",
    &["clearance:confidential", "caac:exact"],
);

async fn rows(database: &Database, sql: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(database.backend(), sql);
    database.read.query_all_raw(statement).await.unwrap()
}

/// All that is stored of frozen profiles.
async fn stored(database: &Database) -> Vec<String> {
    let sql = "SELECT f.digest || p.level || p.scope || p.body FROM frozen_profiles f JOIN frozen_parts p ON p.frozen_id = f.id \
               ORDER BY f.id, p.id";
    let rows = rows(database, sql).await;
    rows.iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}

async fn item(app: &TestApp, officer: Officer<'_>, item: &str, fields: &str) -> Value {
    let text = format!(
        "{{ node(id: \"{item}\") {{ ... on ReviewItem {{ frozenProfile {{ {fields} }} }} }} }}"
    );
    query(app, officer, &text).await["node"]["frozenProfile"].clone()
}

/// The situation with the most that can be sealed and suppressed, on the agenda of a review that is closed.
async fn frozen(app: &TestApp, database: &Database) -> (String, String, String) {
    shorten(database).await;
    let cycle = open(app, &month(1)).await;
    let sql = "SELECT s.public_id FROM situations s JOIN signals g ON g.situation_id = s.id \
               WHERE g.is_current AND g.summary IS NOT NULL AND g.classification = 'CONFIDENTIAL' AND g.source = 'OHCHR' \
               ORDER BY s.id LIMIT 1";
    let situation: String = rows(database, sql).await[0].try_get_by_index(0).unwrap();
    let proposed = change(
        app,
        FOCAL_POINT,
        ("proposeReviewItem", "ProposeReviewItemInput"),
        json!({ "cycle": cycle, "situation": situation, "reason": "It is getting worse." }),
        "item { id }",
    )
    .await;
    // It may be on the agenda by itself.
    let item = if proposed["item"].is_null() {
        let key = &rows(
            database,
            &format!("SELECT record_key FROM situations WHERE public_id = '{situation}'"),
        )
        .await[0];
        let key: String = key.try_get_by_index(0).unwrap();
        id(database, "review_items", &format!("{}/{key}", month(1))).await
    } else {
        text(&proposed, "/item/id")
    };
    done(&advance(app, SECRETARY, &cycle, "CLOSE_INPUTS", None).await);
    (cycle, item, situation)
}

#[tokio::test]
async fn what_is_frozen_stays_as_it_was() {
    on_example(|database| async move {
        let app = serve(&database).await;
        let (cycle, item_id, situation) = frozen(&app, &database).await;
        let before = stored(&database).await;
        let content = item(&app, PARTICIPANT, &item_id, "content isIntact sealed digest operation").await;
        assert_eq!((&content["isIntact"], &content["sealed"]), (&json!(true), &json!([])));
        assert_eq!(content["content"]["situation"]["id"], json!(situation));
        assert!(content["operation"].as_str().unwrap().starts_with("query FrozenProfile($id: ID!"));

        // It says what the live graph says to the same reader.
        let live = json!({ "query": "query ($id: ID!) { situation(id: $id) { title status concernLevel trend \
            ohchr { headline signals(first: 20) { nodes { id summary } totalCount } } } }", "variables": { "id": situation } });
        let live = ask(&app, PARTICIPANT, &live).await.json()["data"]["situation"].clone();
        let own = &content["content"]["situation"];
        for field in ["title", "status", "concernLevel", "trend"] {
            assert_eq!(own[field], live[field], "{field}");
        }
        assert_eq!(own["ohchr"]["headline"], live["ohchr"]["headline"]);
        let signals = |value: &Value| {
            let nodes = value["ohchr"]["signals"]["nodes"].as_array().unwrap();
            nodes.iter().map(|node| (node["id"].clone(), node["summary"].clone())).collect::<Vec<_>>()
        };
        assert_eq!(signals(own), signals(&live));

        // By level and scope: higher readers are told more, nobody what is above.
        let strict = item(&app, STRICT, &item_id, "content").await;
        let exact = item(&app, EXACT, &item_id, "content").await;
        let suppressed = |content: &Value| content.to_string().matches("SUPPRESSED").count();
        assert!(suppressed(&exact) <= suppressed(&content));
        assert!(strict.to_string().len() >= content["content"].to_string().len());

        // Every source changes.
        for sql in [
            "UPDATE situations SET title_en = 'Another title'",
            "UPDATE signals SET kind = 'Another kind'",
            "UPDATE entity_blocks SET headline = 'Another headline'",
            "UPDATE situation_states SET concern_level = 'WATCH'",
            "UPDATE casualties SET killed = 7",
            "UPDATE violation_counts SET verified_total = 7",
            "DELETE FROM changes",
        ] {
            if let Err(error) = database.write.execute_unprepared(sql).await {
                panic!("{sql}: {error}");
            }
        }
        let after = item(&app, PARTICIPANT, &item_id, "content isIntact sealed digest operation").await;
        assert_eq!(after, content);
        assert_eq!(stored(&database).await, before);

        // Frozen again it is one more version; the first is as it was.
        let again = change(
            &app,
            SECRETARY,
            ("freezeProfile", "FreezeProfileInput"),
            json!({ "item": item_id, "reason": "A source was late." }),
            "item { frozenProfiles { version reason isIntact } }",
        )
        .await;
        assert_eq!(
            done(&again)["item"]["frozenProfiles"],
            json!([
                { "version": 2, "reason": "A source was late.", "isIntact": true },
                { "version": 1, "reason": null, "isIntact": true },
            ])
        );
        assert_eq!(stored(&database).await[..before.len()], before[..]);
        let new = item(&app, PARTICIPANT, &item_id, "content").await;
        assert_eq!(new["content"]["situation"]["title"], "Another title");

        // A byte that is changed is found.
        let sql = "UPDATE frozen_parts SET body = body || ' ' WHERE id = (SELECT MIN(id) FROM frozen_parts)";
        database.write.execute_unprepared(sql).await.unwrap();
        let text = format!("{{ reviewCycle(id: \"{cycle}\") {{ items {{ nodes {{ frozenProfiles {{ isIntact }} }} }} }} }}");
        let all = query(&app, PARTICIPANT, &text).await.to_string();
        assert_eq!(all.matches("false").count(), 1, "{all}");
        // After the meeting it is too late.
        for act in ["CONSOLIDATE", "BEGIN_SESSION", "CONCLUDE_SESSION"] {
            done(&advance(&app, SECRETARY, &cycle, act, None).await);
        }
        let late = change(
            &app,
            SECRETARY,
            ("freezeProfile", "FreezeProfileInput"),
            json!({ "item": item_id, "reason": "A source was late." }),
            "item { id }",
        )
        .await;
        assert_eq!(problem(&late).0, "WRONG_STATE");
    })
    .await;
}

#[tokio::test]
async fn what_is_sealed_leaves_what_was_frozen() {
    on_example(|database| async move {
        let app = serve(&database).await;
        let (_, item_id, _) = frozen(&app, &database).await;
        let before = stored(&database).await;
        let content = item(&app, PARTICIPANT, &item_id, "content").await;
        let signal = content["content"]["situation"]["ohchr"]["signals"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .find(|node| node["summary"].is_string())
            .unwrap();
        let (signal_id, summary) = (signal["id"].as_str().unwrap(), signal["summary"].as_str().unwrap());
        // What was frozen holds no text of a record in clear.
        assert!(before.iter().all(|part| !part.contains(summary)));

        let officers = ["first.officer", "second.officer"];
        let officer = |subject: &'static str| -> Officer<'_> { ("OHCHR", subject, &["clearance:confidential", "review:clear"]) };
        let seal = json!({ "query": "mutation ($id: ID!) { sealRecord(input: { id: $id, reason: \"A name slipped in.\" }) { id } }",
            "variables": { "id": signal_id } });
        let seal = ask(&app, officer(officers[0]), &seal).await.json();
        let seal = text(&seal, "/data/sealRecord/id");
        let gone = item(&app, PARTICIPANT, &item_id, "content isIntact sealed").await;
        assert!(!gone["content"].to_string().contains(signal_id), "{gone:#}");
        assert_eq!(gone["sealed"], json!(["situation.ohchr.signals.nodes"]));
        assert_eq!(gone["isIntact"], true);
        for subject in officers {
            let destroy = json!({ "query": "mutation ($id: ID!) { destroySealedRecord(id: $id) { state } }", "variables": { "id": seal } });
            ask(&app, officer(subject), &destroy).await;
        }
        let destroyed = "record_keys WHERE destroyed_at IS NOT NULL AND secret IS NULL";
        assert_eq!(count(&database, destroyed).await, 1);
        let gone = item(&app, PARTICIPANT, &item_id, "content isIntact sealed").await;
        // Invented records share sentences.
        let told = |content: &Value| content.to_string().matches(summary).count();
        assert_eq!(told(&gone["content"]) + 1, told(&content["content"]), "{gone:#}");
        assert_eq!(gone["isIntact"], true);
        assert_eq!(stored(&database).await, before);
    })
    .await;
}
