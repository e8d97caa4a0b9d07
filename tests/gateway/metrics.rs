//! `/metrics` of a gateway over a source: how the source stands, beside what is counted.

use std::time::Duration;

use wiremock::ResponseTemplate;

use crate::{
    gateway::fixture::{QUERY, good, start, subgraph},
    support::app::{TestApp, send},
};

async fn metrics(app: &TestApp) -> String {
    send(app.get("/metrics")).await.text
}

fn check(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.contains(&format!("{line}\n")), "{line}\n{text}");
    }
}

#[tokio::test]
async fn a_breaker_shows_its_state() {
    let areas = subgraph(ResponseTemplate::new(500)).await;
    let app = start(&areas, |config| {
        config.source_defaults.breaker_failures = 1;
        config.source_defaults.breaker_ms = 600_000;
    })
    .await;
    check(
        &metrics(&app).await,
        &[
            "upfront_source_breaker{source=\"areas\",state=\"closed\"} 1",
            "upfront_source_breaker{source=\"areas\",state=\"open\"} 0",
            "upfront_source_breaker{source=\"areas\",state=\"half_open\"} 0",
        ],
    );
    send(app.query(QUERY)).await;
    check(
        &metrics(&app).await,
        &[
            "upfront_source_breaker{source=\"areas\",state=\"closed\"} 0",
            "upfront_source_breaker{source=\"areas\",state=\"open\"} 1",
            "upfront_fetch_duration_seconds_count{source=\"areas\",status=\"unavailable\"} 1",
        ],
    );
}

#[tokio::test]
async fn places_in_use_and_waits_are_told() {
    let areas = subgraph(good().set_delay(Duration::from_mins(10))).await;
    let app = start(&areas, |config| {
        config.source_defaults.concurrency = 1;
        config.source_defaults.timeout_ms = 600_000;
    })
    .await;
    let clients = [QUERY, QUERY].map(|query| tokio::spawn(app.query(query).send()));
    let told = async {
        let in_use = "upfront_source_fetches_in_flight{source=\"areas\"} 1\n";
        let waiting = "upfront_source_fetches_waiting{source=\"areas\"} 1\n";
        loop {
            let text = metrics(&app).await;
            if text.contains(in_use) && text.contains(waiting) {
                assert!(text.contains("upfront_requests_in_flight 2\n"), "{text}");
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let patience = Duration::from_mins(1);
    let told = tokio::time::timeout(patience, told).await;
    told.expect("one is asked, one waits");
    for client in clients {
        client.abort();
    }
    // Those who leave wait no longer.
    let left = async {
        while !metrics(&app)
            .await
            .contains("upfront_source_fetches_waiting{source=\"areas\"} 0\n")
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let left = tokio::time::timeout(patience, left).await;
    left.expect("nobody waits any more");
}
