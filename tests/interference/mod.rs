//! Non-interference: what a caller may not see changes no answer, no statement and no fetch, whatever is asked.

mod changes;
mod queries;

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use chrono::{TimeDelta, Utc};
use entities::{area, need_to_know_grant};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use upfront::{
    auth::{Clock, SystemClock},
    database::Database,
};

use self::queries::{Pool, Queries};
use crate::{
    joint::example::{on_example, review, serve},
    support::{
        app::{TestApp, send},
        grants,
    },
};

/// How many queries each caller asks on each database; `UPFRONT_TEST_QUERIES` sets another number when the tests
/// are built.
fn number() -> usize {
    let other = option_env!("UPFRONT_TEST_QUERIES");
    other.map_or(125, |text| text.parse().expect("a number"))
}

const STRICT: [&str; 2] = ["clearance:confidential", "clearance:strictly-confidential"];

/// A caller: an entity and scopes.
struct Caller(Option<&'static str>, &'static [&'static str]);

/// None is an officer of an entity that hands inputs in, nor of the secretariat: these are told more.
const CALLERS: [Caller; 4] = [
    Caller(None, &[]),
    Caller(Some("UNHCR"), &[]),
    Caller(Some("UNOCC"), &[]),
    Caller(
        Some("UNOCC"),
        &["review:read", "ohchr:exact", "caac:exact", "svc:exact"],
    ),
];

/// Lets UNOCC know of one region.
async fn grant(database: &Database) {
    let now: chrono::DateTime<Utc> = SystemClock.instant();
    let region = area::Entity::find()
        .filter(area::Column::RecordKey.eq("region-amber"))
        .one(&database.read);
    let given = grants::grant(
        "unocc-amber-test".to_owned(),
        "UNOCC",
        "clearance:confidential",
        "*",
        now,
    );
    let grant = need_to_know_grant::ActiveModel {
        area_id: Set(Some(region.await.unwrap().unwrap().id)),
        valid_until: Set(now + TimeDelta::days(1)),
        ..given
    };
    grants::insert(database, grant).await;
}

/// Every string of some fields of an answer.
fn collect(value: &Value, names: &[&str], found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, names, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if names.contains(&name.as_str()) => {
                        found.insert(text.clone());
                    }
                    other => collect(other, names, found),
                }
            }
        }
        _ => {}
    }
}

const EVERYTHING: &str = "{
  situations(first: 100) { edges { cursor } nodes {
    id areas { id } inputs { id } reviewItems(first: 2) { edges { cursor } nodes { id cycle { id } decisions { id } actions { id } } }
    ohchr { id presences { id } communications(first: 20) { edges { cursor } nodes { id } }
      recommendations(first: 20) { edges { cursor } nodes { id } } signals(first: 20) { nodes { id } } }
    osapg { id riskAssessment { id } }
    caac { id listings(includeDelisted: true) { id party { id } } }
    svc { id listings(includeDelisted: true) { id party { id } } }
  } }
}";

/// Ids of all records that an officer knows who may know of everything, and cursors.
async fn pool(app: &TestApp) -> Pool {
    let answer = review(app, &json!({ "query": EVERYTHING })).await;
    assert!(answer.get("errors").is_none(), "{:#}", answer["errors"]);
    let [mut ids, mut cursors] = [BTreeSet::new(), BTreeSet::new()];
    collect(&answer["data"], &["id"], &mut ids);
    collect(&answer["data"], &["cursor"], &mut cursors);
    ids.insert("sit_0000000000000000".to_owned());
    ids.insert("nothing".to_owned());
    // Many situations among the ids, so that queries lead somewhere.
    let situations: Vec<_> = ids
        .iter()
        .filter(|id| id.starts_with("sit_"))
        .cloned()
        .collect();
    let mut ids: Vec<_> = ids.into_iter().collect();
    let often = ids.len() / situations.len();
    ids.extend(
        situations
            .iter()
            .cycle()
            .take(often * situations.len())
            .cloned(),
    );
    Pool {
        ids,
        cursors: cursors.into_iter().collect(),
        texts: [
            "a", "Arvenia", "conflict", "One more", "Another", "%", "children",
        ]
        .map(str::to_owned)
        .into(),
    }
}

/// What is compared of an answer: all of it but the times, and how many statements and fetches it took.
async fn ask(app: &TestApp, database: &Database, caller: &Caller, query: &str) -> (Value, u64) {
    let Caller(entity, scopes) = caller;
    let mut request = app.query(query).header("upfront-include", "sources");
    if let Some(entity) = entity {
        let scopes: Vec<_> = STRICT.iter().chain(*scopes).copied().collect();
        request = request.bearer_auth(app.token(entity, &scopes));
    }
    // A source that takes a second has the database checked, which is a statement more.
    let (answer, statements) = loop {
        let (before, started) = (database.statements_run(), Instant::now());
        let answer = send(request.try_clone().unwrap()).await;
        if started.elapsed() < Duration::from_millis(900) {
            break (answer, database.statements_run() - before);
        }
    };
    let mut body = answer.json();
    let sources = body.pointer_mut("/extensions/upfront/sources");
    for source in sources
        .into_iter()
        .filter_map(Value::as_array_mut)
        .flatten()
    {
        let source = source.as_object_mut().unwrap();
        source.remove("asOf");
        source.remove("millis");
    }
    let label = answer.header("upfront-classification").to_owned();
    (
        json!({ "status": answer.status.as_u16(), "body": body, "label": label }),
        statements,
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_not_be_seen_changes_nothing() {
    on_example(|database| async move {
        grant(&database).await;
        let app = serve(&database, &[]).await;
        let sdl = send(app.get("/schema.graphql")).await.text;
        let mut queries = Queries::new(&sdl, pool(&app).await, 14);
        let mut asked = Vec::new();
        let (mut answered, mut classified) = (0, 0);
        for caller in &CALLERS {
            for _ in 0..number() {
                let query = queries.next();
                let told = ask(&app, &database, caller, &query).await;
                answered += usize::from(told.0["body"].get("errors").is_none());
                classified += usize::from(told.0["label"] == "CONFIDENTIAL");
                asked.push((caller, query, told));
            }
        }
        // Queries that say something: most are answered, and some with what is classified.
        assert!(answered * 2 > asked.len(), "{answered} of {}", asked.len());
        assert!(
            classified * 40 > asked.len(),
            "{classified} of {}",
            asked.len()
        );
        changes::make(&database).await;
        for (caller, query, before) in asked {
            let now = ask(&app, &database, caller, &query).await;
            assert_eq!(now, before, "{:?} {query}", caller.0);
        }
    })
    .await;
}
