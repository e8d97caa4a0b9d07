//! Queries are asked again, mutations never; a source that keeps failing is left alone.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use wiremock::{Request, Respond, ResponseTemplate};

use crate::{
    gateway::fixture::{QUERY, good, received, start, subgraph},
    support::app::send,
};

/// Fails a number of times, then answers.
struct Fails(AtomicUsize);

impl Fails {
    fn times(times: usize) -> Self {
        Self(AtomicUsize::new(times))
    }
}

impl Respond for Fails {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let left = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
        if left.is_ok() {
            ResponseTemplate::new(503)
        } else {
            good()
        }
    }
}

#[tokio::test]
async fn a_query_is_asked_again() {
    let areas = subgraph(Fails::times(2)).await;
    let app = start(&areas, |config| config.source_defaults.retries = 2).await;
    let answer = send(app.query(QUERY)).await;
    assert_eq!(answer.json(), json!({"data": {"area": {"name": "North"}}}));
    assert_eq!(received(&areas).await.len(), 3);
}

#[tokio::test]
async fn a_mutation_is_not() {
    let areas = subgraph(Fails::times(1)).await;
    let app = start(&areas, |config| config.source_defaults.retries = 2).await;
    let answer = send(app.query("mutation { forget }")).await;
    assert_eq!(answer.code(), "SOURCE_UNAVAILABLE");
    assert_eq!(received(&areas).await.len(), 1);
}

#[tokio::test]
async fn a_source_that_keeps_failing_is_left_alone_and_then_tried() {
    let areas = subgraph(Fails::times(3)).await;
    let app = start(&areas, |config| {
        config.source_defaults.breaker_failures = 3;
        config.source_defaults.breaker_ms = 300;
    })
    .await;
    for _ in 0..3 {
        assert_eq!(send(app.query(QUERY)).await.code(), "SOURCE_UNAVAILABLE");
    }
    let answer = send(app.query(QUERY)).await;
    assert!(
        answer.text.contains("circuit breaker is open after"),
        "{}",
        answer.text
    );
    assert_eq!(received(&areas).await.len(), 3, "the source was spared");
    let mut answer = answer;
    while answer.text.contains("circuit breaker is open after") {
        tokio::task::yield_now().await;
        answer = send(app.query(QUERY)).await;
    }
    assert_eq!(answer.json(), json!({"data": {"area": {"name": "North"}}}));
    assert_eq!(received(&areas).await.len(), 4);
}
