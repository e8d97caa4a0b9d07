//! What a browser shows, and what a probe asks.

use serde_json::json;

use crate::{app::send, fixture};

#[tokio::test]
async fn the_landing_page_stands_alone() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let answer = send(fixture.app.get("/")).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text.contains("data here are invented"));
    assert!(answer.text.contains("<html lang=\"en\">"));
    assert!(!answer.text.contains("{{"), "a placeholder is left");
    for foreign in ["<script", "src=", "@import", "url("] {
        assert!(!answer.text.contains(foreign), "{foreign}");
    }
    assert!(
        answer
            .header("content-security-policy")
            .contains("default-src 'none'")
    );
}

#[tokio::test]
async fn the_schema_is_what_clients_see() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let answer = send(fixture.app.get("/schema.graphql")).await;
    assert!(answer.text.contains("type Area"), "{}", answer.text);
    assert!(!answer.text.contains("join__"), "{}", answer.text);
}

#[tokio::test]
async fn probes() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let answer = send(fixture.app.get("/health/live")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()),
        (200, json!({"status": "live"}))
    );
    let answer = send(fixture.app.get("/health/ready")).await;
    let body = answer.json();
    assert_eq!(
        (answer.status.as_u16(), &body["status"]),
        (200, &json!("ready"))
    );
    assert!(body["supergraph"].is_u64(), "{body}");
    fixture.app.app.drain();
    assert_eq!(send(fixture.app.get("/health/ready")).await.status, 503);
    assert_eq!(send(fixture.app.get("/health/live")).await.status, 200);
}

#[tokio::test]
async fn counts_for_prometheus() {
    let fixture = fixture::start(|_| {}, &["figures=down"]).await;
    send(fixture.app.query("{ areas { figure } }")).await;
    send(fixture.app.query("{")).await;
    let answer = send(fixture.app.get("/metrics")).await;
    for line in [
        "upfront_requests_total{status=\"200\"} 1\n",
        "upfront_requests_total{status=\"400\"} 1\n",
        "upfront_request_seconds_count 2\n",
        "upfront_requests_in_flight 0\n",
        "upfront_fetches_total{source=\"areas\",status=\"ok\"} 1\n",
        "upfront_fetches_total{source=\"figures\",status=\"unavailable\"} 1\n",
    ] {
        assert!(answer.text.contains(line), "{line}{}", answer.text);
    }
}

/// Each family's samples stand together, below what it is.
#[tokio::test]
async fn counts_are_as_prometheus_reads_them() {
    let fixture = fixture::start(|_| {}, &["figures=down"]).await;
    send(fixture.app.query("{ areas { figure } }")).await;
    send(fixture.app.query("{")).await;
    let text = send(fixture.app.get("/metrics")).await.text;
    let mut families: Vec<(String, String)> = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, words) = help.split_once(' ').unwrap();
            assert!(!words.is_empty());
            let kind = lines.next().unwrap().strip_prefix("# TYPE ").unwrap();
            let (of, kind) = kind.split_once(' ').unwrap();
            assert_eq!(of, name);
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{kind}");
            assert!(families.iter().all(|(known, _)| known != name), "{name}");
            families.push((name.to_owned(), kind.to_owned()));
            continue;
        }
        let (name, kind) = families.last().unwrap();
        let sample = line.split(['{', ' ']).next().unwrap();
        let suffix = sample.strip_prefix(name.as_str()).unwrap();
        let suffixes: &[&str] = match kind.as_str() {
            "histogram" => &["_bucket", "_sum", "_count"],
            _ => &[""],
        };
        assert!(suffixes.contains(&suffix), "{line}");
        assert!(
            line.rsplit(' ').next().unwrap().parse::<f64>().is_ok(),
            "{line}"
        );
    }
    assert_eq!(families.len(), 8, "{text}");
}
