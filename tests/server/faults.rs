//! A source that fails leaves the rest whole, with exactly one error that names it.

use serde_json::{Value, json};
use upfront::auth::{Clock, SystemClock};

use crate::{
    server::fixture::{self, SHORT},
    support::app::send,
};

const QUERY: &str = "{ areas { name figure } }";

async fn ask(fault: &str) -> Value {
    let short = |config: &mut upfront::config::Config| config.source_defaults.timeout_ms = SHORT;
    let fixture = fixture::start(short, &[fault]).await;
    let answer = send(fixture.app.query(QUERY)).await;
    assert_eq!(answer.status, 200);
    answer.json()
}

fn check(answer: &Value, code: &str, retryable: bool) {
    let whole = json!({"areas": [
        {"name": "Area 1", "figure": null}, {"name": "Area 2", "figure": null},
    ]});
    assert_eq!(answer["data"], whole, "{answer:#}");
    // One for each object whose field is missing.
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 2, "{answer:#}");
    let extensions = json!({"code": code, "source": {"name": "figures"}, "retryable": retryable});
    for (index, error) in errors.iter().enumerate() {
        assert_eq!(error["path"], json!(["areas", index, "figure"]));
        assert_eq!(error["extensions"], extensions);
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("figures"), "{answer:#}");
    }
}

#[tokio::test]
async fn down() {
    check(&ask("figures=down").await, "SOURCE_UNAVAILABLE", true);
}

#[tokio::test]
async fn slow() {
    check(&ask("figures=slow").await, "SOURCE_TIMEOUT", true);
}

#[tokio::test]
async fn nonsense() {
    check(&ask("figures=invalid").await, "SOURCE_INVALID", false);
}

#[tokio::test]
async fn a_panic_stays_in_its_source() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let answer = send(fixture.app.query("{ areas { name figure: panicking } }"))
        .await
        .json();
    check(&answer, "SOURCE_UNAVAILABLE", false);
}

#[tokio::test]
async fn an_unknown_source_cannot_be_made_to_fail() {
    assert!(
        "figures=odd"
            .parse::<upfront::gateway::SourceFault>()
            .is_err()
    );
    assert!("figures".parse::<upfront::gateway::SourceFault>().is_err());
}

#[tokio::test]
async fn errors_of_fields_show_what_was_meant_for_the_client() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let answer = send(
        fixture
            .app
            .query("{ areas(first: 1) { name figure refused } }"),
    )
    .await
    .json();
    assert_eq!(
        answer["data"]["areas"][0],
        json!({"name": "Area 1", "figure": 1, "refused": null})
    );
    assert_eq!(answer["errors"][0]["message"], "ask otherwise");
    assert_eq!(
        answer["errors"][0]["extensions"],
        json!({"code": "BAD_USER_INPUT", "source": {"name": "figures"}})
    );
    let answer = send(fixture.app.query("{ areas(first: 1) { name broken } }")).await;
    assert!(!answer.text.contains("informants"), "{}", answer.text);
    let answer = answer.json();
    assert_eq!(
        answer["errors"][0]["extensions"]["source"]["name"],
        "figures"
    );
    assert_eq!(
        answer["data"]["areas"][0],
        json!({"name": "Area 1", "broken": null})
    );
}

/// An answer that is none is read by the engine, long after the transport took it in.
#[tokio::test]
async fn nonsense_is_reported_and_counted() {
    let fixture = fixture::start(|_| {}, &["figures=invalid"]).await;
    let request = fixture.app.query(QUERY);
    let answer = send(request.header("upfront-include", "sources"))
        .await
        .json();
    let sources = &answer["extensions"]["upfront"]["sources"];
    assert_eq!(sources[1]["name"], "figures");
    assert_eq!(sources[1]["status"], "INVALID");
    assert_eq!(sources[1]["asOf"], Value::Null, "nothing of it was taken");
    assert_eq!(sources[0]["status"], "OK");
    let metrics = send(fixture.app.get("/metrics")).await.text;
    let line = "upfront_fetches_total{source=\"figures\",status=\"invalid\"} 1\n";
    assert!(metrics.contains(line), "{metrics}");
}

#[tokio::test]
async fn sources_are_reported_on_request() {
    let fixture = fixture::start(|_| {}, &["figures=down"]).await;
    let answer = send(fixture.app.query(QUERY)).await.json();
    assert!(answer.get("extensions").is_none(), "{answer:#}");
    let request = fixture
        .app
        .query(QUERY)
        .header("upfront-include", "sources");
    let answer = send(request).await.json();
    let sources = answer["extensions"]["upfront"]["sources"]
        .as_array()
        .unwrap();
    let seen: Vec<_> = sources
        .iter()
        .map(|one| (&one["name"], &one["status"]))
        .collect();
    let expected = [
        (json!("areas"), json!("OK")),
        (json!("figures"), json!("UNAVAILABLE")),
    ];
    assert_eq!(
        seen,
        expected.iter().map(|(a, b)| (a, b)).collect::<Vec<_>>()
    );
    assert!(
        sources
            .iter()
            .all(|one| one["millis"].is_u64() && one["fetches"] == 1)
    );
    let as_of = |place: usize| sources[place]["asOf"].as_str();
    let asked = chrono::DateTime::parse_from_rfc3339(as_of(0).unwrap()).unwrap();
    let age = SystemClock.instant().signed_duration_since(asked);
    assert!((0..60).contains(&age.num_seconds()), "{asked}");
    assert_eq!(as_of(1), None, "it has told nothing");
}
