//! Bounds on a request.

use std::sync::atomic::Ordering;

use serde_json::json;

use crate::{
    server::fixture::{self, SHORT},
    support::app::send,
};

#[tokio::test]
async fn a_body_too_large() {
    let fixture = fixture::start(|config| config.limits.body_bytes = 1000, &[]).await;
    let query = format!("{{ areas {{ id }} }} #{}", "x".repeat(2000));
    let answer = send(fixture.app.query(&query)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code()),
        (413, "BODY_TOO_LARGE".to_owned())
    );
}

#[tokio::test]
async fn an_answer_too_late() {
    let fixture = fixture::start(|config| config.limits.request_ms = SHORT, &[]).await;
    let answer = send(fixture.app.query("{ gated }")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code()),
        (504, "REQUEST_TIMEOUT".to_owned())
    );
    assert!(
        answer
            .header("content-type")
            .starts_with("application/graphql-response+json")
    );
}

#[tokio::test]
async fn more_requests_than_are_worked_on() {
    let fixture = fixture::start(|config| config.limits.concurrent_requests = 1, &[]).await;
    let waiting = tokio::spawn(send(fixture.app.query("{ gated }")));
    fixture.gate.entered().await;
    let answer = send(fixture.app.query("{ areas { id } }")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code()),
        (503, "BUSY".to_owned())
    );
    assert_eq!(answer.header("retry-after"), "1");
    fixture.gate.released.notify_one();
    assert_eq!(
        waiting.await.unwrap().json(),
        json!({"data": {"gated": true}})
    );
}

#[tokio::test]
async fn hostile_documents() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let aliases: Vec<_> = (0..10_000)
        .map(|number| format!("a{number}: __typename"))
        .collect();
    let aliases = aliases.join(" ");
    let deep = "{ areas ".repeat(500) + &"}".repeat(500);
    let tokens = "{ areas { id } } ".repeat(60_000);
    let cycle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }";
    for query in [format!("{{ {aliases} }}"), deep, tokens, cycle.to_owned()] {
        let answer = send(fixture.app.query(&query)).await;
        assert_eq!(answer.status, 400, "{}", &query[..40]);
        assert!(answer.text.len() < 20_000, "{}", answer.text.len());
    }
    assert_eq!(fixture.asked.load(Ordering::Relaxed), 0);
}
