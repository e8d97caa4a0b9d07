//! A service where the review can be acted on, and those who act.

use std::sync::Arc;

use chrono::{Datelike, Months, NaiveDate};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use upfront::{
    app::Records,
    audit_trail::TrailCell,
    auth::{Clock, SystemClock},
    config::Config,
    database::Database,
    embedded,
    gateway::{Live, joint_graph},
    profiles::Profiles,
    reviews::{Planning, ReviewCell, ReviewParts},
    sealing,
};

use crate::support::app::{Answer, TestApp, send};

/// An officer, by entity, name and scopes.
pub(super) type Officer<'a> = (&'a str, &'a str, &'a [&'a str]);

pub(super) const SECRETARY: Officer<'_> = (
    "OHCHR",
    "a.secretary",
    &["clearance:confidential", "review:steer"],
);
pub(super) const FOCAL_POINT: Officer<'_> = (
    "OHCHR",
    "a.focal.point",
    &["clearance:confidential", "review:contribute"],
);
pub(super) const CLEARER: Officer<'_> = (
    "OHCHR",
    "a.clearer",
    &[
        "clearance:confidential",
        "review:clear",
        "review:contribute",
    ],
);
pub(super) const OTHER_FOCAL_POINT: Officer<'_> = (
    "OSAPG",
    "another.focal.point",
    &["clearance:confidential", "review:contribute"],
);
pub(super) const OTHER_CLEARER: Officer<'_> = (
    "OSAPG",
    "another.clearer",
    &["clearance:confidential", "review:clear"],
);
pub(super) const PARTICIPANT: Officer<'_> = (
    "SRSG_SVC",
    "a.participant",
    &["clearance:confidential", "review:read"],
);

/// A service in which profiles can be frozen.
pub(super) async fn serve(database: &Database) -> TestApp {
    let mut config = Config::default();
    config.source_defaults.timeout_ms = 60_000;
    config.limits.request_ms = 120_000;
    let cell = ReviewCell::default();
    let mut sources = embedded::sources_with(cell.clone());
    sources.push(sealing::source(TrailCell::default()));
    let graph = joint_graph(sources, database, &config, &[]).unwrap();
    let live = Arc::new(Live::new(graph));
    cell.connect(ReviewParts {
        profiles: Arc::new(Profiles::new(Arc::clone(&live), None)),
        planning: Planning::default(),
        clock: Arc::new(SystemClock),
    });
    let records = Records {
        database: database.clone(),
        is_example: true,
    };
    TestApp::start_with(config, live, Some(records), Arc::new(SystemClock)).await
}

/// Leaves of the example's open actions one, on one situation, and of its deferred items none: so that an agenda is
/// short.
pub(super) async fn shorten(database: &Database) {
    for sql in [
        "UPDATE actions SET state = 'DONE' WHERE id <> (SELECT MIN(id) FROM actions WHERE state = 'OPEN')",
        "UPDATE review_items SET state = 'DECIDED' WHERE state = 'DEFERRED'",
    ] {
        database.write.execute_unprepared(sql).await.unwrap();
    }
}

/// The id of a record by its natural key.
pub(super) async fn id(database: &Database, table: &str, key: &str) -> String {
    let sql = format!("SELECT public_id FROM {table} WHERE record_key = '{key}'");
    let statement = sea_orm::Statement::from_string(database.backend(), sql);
    let row = database.read.query_one_raw(statement).await.unwrap();
    row.expect(key).try_get_by_index(0).unwrap()
}

pub(super) async fn ask(app: &TestApp, officer: Officer<'_>, body: &Value) -> Answer {
    let (entity, subject, scopes) = officer;
    let token = app.token_of(entity, Some(subject), scopes);
    let answer = send(app.post(body).bearer_auth(token)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

/// What a query answers.
pub(super) async fn query(app: &TestApp, officer: Officer<'_>, text: &str) -> Value {
    let answer = ask(app, officer, &json!({ "query": text })).await.json();
    assert!(answer["errors"].is_null(), "{answer:#}");
    answer["data"].clone()
}

/// What a mutation answers: the payload.
pub(super) async fn change(
    app: &TestApp,
    officer: Officer<'_>,
    (field, input_type): (&str, &str),
    input: Value,
    selection: &str,
) -> Value {
    let query = format!(
        "mutation ($input: {input_type}!) {{ {field}(input: $input) {{ {selection} problems {{ code message path }} }} }}"
    );
    let body = json!({ "query": query, "variables": { "input": input } });
    let answer = ask(app, officer, &body).await.json();
    let payload = &answer["data"][field];
    if payload.is_null() {
        return answer;
    }
    payload.clone()
}

/// Moves a cycle.
pub(super) async fn advance(
    app: &TestApp,
    officer: Officer<'_>,
    cycle: &str,
    act: &str,
    reason: Option<&str>,
) -> Value {
    let input = json!({ "cycle": cycle, "act": act, "reason": reason });
    change(
        app,
        officer,
        ("moveReviewCycle", "MoveReviewCycleInput"),
        input,
        "cycle { id state version frozenAt }",
    )
    .await
}

/// Moves an item.
pub(super) async fn move_item(
    app: &TestApp,
    officer: Officer<'_>,
    item: &str,
    act: &str,
    reason: Option<&str>,
) -> Value {
    let input = json!({ "item": item, "act": act, "reason": reason });
    change(
        app,
        officer,
        ("moveReviewItem", "MoveReviewItemInput"),
        input,
        "item { id state version reason }",
    )
    .await
}

/// Moves an input.
pub(super) async fn move_input(
    app: &TestApp,
    officer: Officer<'_>,
    input: &str,
    act: &str,
    reason: Option<&str>,
) -> Value {
    let input = json!({ "input": input, "act": act, "reason": reason });
    change(
        app,
        officer,
        ("moveEntityInput", "MoveEntityInputInput"),
        input,
        "input { id status version }",
    )
    .await
}

/// That nothing stands against a change.
pub(super) fn done(payload: &Value) -> &Value {
    assert_eq!(payload["problems"], json!([]), "{payload:#}");
    payload
}

/// The code and the message of the only problem.
pub(super) fn problem(payload: &Value) -> (String, String) {
    let problems = payload["problems"].as_array();
    let problems = problems.unwrap_or_else(|| panic!("{payload:#}"));
    assert_eq!(problems.len(), 1, "{payload:#}");
    let text = |name: &str| problems[0][name].as_str().unwrap().to_owned();
    (text("code"), text("message"))
}

/// The message of the only error, which is that the caller may not.
pub(super) fn forbidden(answer: &Value) -> String {
    let errors = answer["errors"].as_array();
    let errors = errors.unwrap_or_else(|| panic!("{answer:#}"));
    assert_eq!(errors[0]["extensions"]["code"], "FORBIDDEN", "{answer:#}");
    errors[0]["message"].as_str().unwrap().to_owned()
}

/// The text of a payload at a pointer.
pub(super) fn text(payload: &Value, pointer: &str) -> String {
    let found = payload.pointer(pointer).and_then(Value::as_str);
    found
        .unwrap_or_else(|| panic!("no {pointer} in {payload:#}"))
        .to_owned()
}

/// How many rows there are.
pub(super) async fn count(database: &Database, what: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {what}");
    let statement = sea_orm::Statement::from_string(database.backend(), sql);
    let row = database.read.query_one_raw(statement).await.unwrap();
    row.unwrap().try_get_by_index(0).unwrap()
}

/// The first day of the month so many months after this one.
pub(super) fn first_of(months: u32) -> NaiveDate {
    let this = SystemClock.instant().date_naive().with_day(1).unwrap();
    this.checked_add_months(Months::new(months)).unwrap()
}

/// Code of that month.
pub(super) fn month(months: u32) -> String {
    first_of(months).format("%Y-%m").to_string()
}
