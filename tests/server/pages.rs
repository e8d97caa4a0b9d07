//! What a browser shows, and what a probe asks.

use serde_json::json;

use crate::{server::fixture, support::app::send};

#[tokio::test]
async fn the_landing_page_stands_alone() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let answer = send(fixture.app.get("/")).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text.contains("data here are invented"));
    assert!(answer.text.contains("<html lang=\"en\">"));
    assert!(!answer.text.contains("{{"), "a placeholder is left");
    for part in ["query MonthlyReview", "\"quarters\": {"] {
        assert!(answer.text.contains(part), "{part}");
    }
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
        "upfront_request_seconds_count{status=\"2xx\",operation=\"query\"} 1\n",
        "upfront_request_seconds_count{status=\"4xx\",operation=\"none\"} 1\n",
        "upfront_requests_in_flight 0\n",
        "upfront_fetches_total{source=\"areas\",status=\"ok\"} 1\n",
        "upfront_fetches_total{source=\"figures\",status=\"unavailable\"} 1\n",
        "upfront_fetch_duration_seconds_count{source=\"areas\",status=\"ok\"} 1\n",
        // A refused document is kept as well.
        "upfront_preparation_seconds_count{step=\"parse\"} 2\n",
        "upfront_preparation_seconds_count{step=\"plan\"} 1\n",
        "upfront_cache_lookups_total{cache=\"plan\",outcome=\"miss\"} 1\n",
        "upfront_cache_entries{cache=\"document\"} 2\n",
        "upfront_cache_entries{cache=\"plan\"} 1\n",
        "upfront_preparations_in_flight 0\n",
        "upfront_supergraph_swaps_total 0\n",
    ] {
        assert!(answer.text.contains(line), "{line}{}", answer.text);
    }
    let again = send(fixture.app.query("{ areas { figure } }")).await;
    assert_eq!(again.status, 200);
    let answer = send(fixture.app.get("/metrics")).await;
    let hit = "upfront_cache_lookups_total{cache=\"plan\",outcome=\"hit\"} 1\n";
    assert!(answer.text.contains(hit), "{}", answer.text);
}

/// The kind of an operation is a document's to tell, whatever name the client gives it.
#[tokio::test]
async fn requests_are_counted_by_the_kind_of_their_operation() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let body = json!({"query": "mutation Forget { forget }", "operationName": "Forget"});
    send(fixture.app.post(&body)).await;
    let text = send(fixture.app.get("/metrics")).await.text;
    let line = "upfront_request_seconds_count{status=\"2xx\",operation=\"mutation\"} 1\n";
    assert!(text.contains(line), "{text}");
}

#[tokio::test]
async fn an_operation_that_no_plan_is_made_for_is_counted() {
    let fixture = fixture::start(|config| config.limits.planning_work = 10, &[]).await;
    for _ in 0..2 {
        let refused = send(fixture.app.query("{ areas { figure } }")).await;
        assert_eq!(refused.code(), "QUERY_PLAN_COMPLEXITY_EXCEEDED");
    }
    let text = send(fixture.app.get("/metrics")).await.text;
    for line in [
        "upfront_plans_refused_total{code=\"QUERY_PLAN_COMPLEXITY_EXCEEDED\"} 2\n",
        // The refusal is kept.
        "upfront_preparation_seconds_count{step=\"plan\"} 1\n",
        "upfront_request_seconds_count{status=\"4xx\",operation=\"query\"} 2\n",
    ] {
        assert!(text.contains(line), "{line}{text}");
    }
}

/// Prometheus asks for the newer format, which has units and an end.
#[tokio::test]
async fn counts_are_told_in_both_formats() {
    let fixture = fixture::start(|_| {}, &[]).await;
    send(fixture.app.query("{ areas { figure } }")).await;
    let plain = send(fixture.app.get("/metrics")).await;
    assert_eq!(
        plain.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    let request = fixture.app.get("/metrics").header(
        "accept",
        "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.1",
    );
    let open = send(request).await;
    assert_eq!(
        open.header("content-type"),
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    );
    for line in [
        "# TYPE upfront_requests counter\n",
        "# TYPE upfront_request_seconds histogram\n",
        "# UNIT upfront_request_seconds seconds\n",
        "# UNIT upfront_fetch_duration_seconds seconds\n",
        "# UNIT upfront_preparation_seconds seconds\n",
        "# UNIT upfront_cache_bytes bytes\n",
        "upfront_requests_total{status=\"200\"} 2\n",
    ] {
        assert!(open.text.contains(line), "{line}{}", open.text);
    }
    assert!(open.text.ends_with("# EOF\n"), "{}", open.text);
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
    let histograms: Vec<_> = families
        .iter()
        .filter(|(_, kind)| kind == "histogram")
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(
        histograms,
        [
            "upfront_request_seconds",
            "upfront_fetch_duration_seconds",
            "upfront_preparation_seconds"
        ]
    );
    // Those of what did not happen, and of sources over HTTP, are left out.
    families.retain(|(name, _)| name != "upfront_issuer_keys_failing");
    assert_eq!(families.len(), 18, "{text}");
}
