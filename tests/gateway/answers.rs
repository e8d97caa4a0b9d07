//! What counts as an answer: whatever its status, and in whatever case its headers are written.

use std::{
    io::Write,
    time::{Duration, Instant},
};

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::{
    gateway::fixture::{QUERY, good, received, sequence, start, start_typed, subgraph},
    support::app::send,
};

const DATA: &str = r#"{"data":{"area":{"name":"North"}}}"#;
const PARTIAL: &str = r#"{"data":{"area":{"name":null}},"errors":[{"message":"no name","path":["area","name"],"extensions":{"code":"NO_NAME"}}]}"#;
const REFUSAL: &str =
    r#"{"data":null,"errors":[{"message":"sign in","extensions":{"code":"UNAUTHENTICATED"}}]}"#;

fn north() -> Value {
    json!({"data": {"area": {"name": "North"}}})
}

fn with_status(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body.as_bytes().to_vec(), "application/json")
}

#[tokio::test]
async fn data_counts_whatever_the_status() {
    for status in [202, 400, 401, 403, 404, 422, 429, 500, 502, 503] {
        let areas = subgraph(with_status(status, DATA)).await;
        let app = start(&areas, |config| config.source_defaults.retries = 2).await;
        assert_eq!(send(app.query(QUERY)).await.json(), north(), "{status}");
        assert_eq!(received(&areas).await.len(), 1, "{status} is asked once");
    }
}

#[tokio::test]
async fn errors_count_whatever_the_status() {
    for status in [200, 400, 401, 422, 500] {
        let areas = subgraph(with_status(status, PARTIAL)).await;
        let app = start(&areas, |config| config.source_defaults.retries = 2).await;
        let answer = send(app.query(QUERY)).await.json();
        assert_eq!(answer["data"], json!({"area": {"name": null}}), "{status}");
        assert_eq!(answer["errors"][0]["path"], json!(["area", "name"]));
        assert_eq!(answer["errors"][0]["extensions"]["code"], "SOURCE_ERROR");
        assert_eq!(
            answer["errors"][0]["extensions"]["source"],
            json!({"name": "areas", "code": "NO_NAME"})
        );
        assert_eq!(received(&areas).await.len(), 1, "{status} is asked once");
    }
}

/// JSON that is no GraphQL response comes from somebody in between.
#[tokio::test]
async fn other_json_is_no_answer() {
    for (status, body, code) in [
        (404, r#"{"message":"no route"}"#, "SOURCE_UNAVAILABLE"),
        (
            401,
            r#"{"errors":[{"title":"Unauthorized"}]}"#,
            "SOURCE_UNAVAILABLE",
        ),
        (502, r#"{"data":null}"#, "SOURCE_UNAVAILABLE"),
        (200, r#"{"message":"no route"}"#, "SOURCE_INVALID"),
    ] {
        let areas = subgraph(with_status(status, body)).await;
        let app = start(&areas, |_| {}).await;
        assert_eq!(send(app.query(QUERY)).await.code(), code, "{status}");
    }
}

#[tokio::test]
async fn what_a_source_refuses_leaves_it_open_for_others() {
    for (status, body) in [
        (401, REFUSAL),
        (401, "no"),
        (403, "no"),
        (404, "no"),
        (422, REFUSAL),
        (422, "no"),
        (429, "no"),
        (302, "no"),
        (500, REFUSAL),
    ] {
        let refusals = (0..6).map(move |_| with_status(status, body));
        let areas = subgraph(sequence(refusals.chain([good()]))).await;
        let app = start(&areas, |config| {
            config.source_defaults.breaker_failures = 2;
            config.source_defaults.probe_ms = 0;
        })
        .await;
        for _ in 0..6 {
            let answer = send(app.query(QUERY)).await;
            assert!(
                !answer.text.contains("circuit breaker is open after"),
                "{}",
                answer.text
            );
            answer.code();
        }
        assert_eq!(send(app.query(QUERY)).await.json(), north(), "{status}");
    }
}

#[tokio::test]
async fn what_a_source_cannot_help_does_not() {
    let too_long = format!(
        r#"{{"data":{{"area":{{"name":"{}"}}}}}}"#,
        "x".repeat(2_000)
    );
    for (response, is_counted) in [
        (with_status(500, "no"), true),
        (with_status(504, "{}"), true),
        (with_status(200, "[]"), true),
        // It begins and ends like a response.
        (with_status(200, r#"{"data":{"area":{"name":}}}"#), true),
        (with_status(200, r#"{"data":null}"#), true),
        // A value that does not fit is a fault of one field.
        (with_status(200, r#"{"data":{"area":5}}"#), false),
        (good().insert_header("content-encoding", "br"), true),
        (good().set_delay(Duration::from_secs(5)), true),
        // How much is asked for is the client's choice.
        (with_status(200, &too_long), false),
    ] {
        let areas = subgraph(response).await;
        let app = start(&areas, |config| {
            config.source_defaults.breaker_failures = 2;
            config.source_defaults.timeout_ms = 300;
            config.source_defaults.answer_bytes = 1_000;
        })
        .await;
        for _ in 0..2 {
            send(app.query(QUERY)).await.code();
        }
        let answer = send(app.query(QUERY)).await;
        assert_eq!(
            answer.text.contains("circuit breaker is open after"),
            is_counted,
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn what_became_of_an_answer_is_reported_and_counted() {
    for (body, status, has_told) in [
        (DATA, "OK", true),
        (PARTIAL, "OK", true),
        (REFUSAL, "OK", true),
        (r#"{"data":{"area":5}}"#, "INVALID", true),
        (r#"{"data":{"area":{}}}"#, "INVALID", true),
        (r#"{"data":[]}"#, "INVALID", true),
        (r#"{"data":{"area":{"name":}}}"#, "INVALID", false),
        ("[]", "INVALID", false),
    ] {
        let areas = subgraph(with_status(200, body)).await;
        let app = start(&areas, |_| {}).await;
        let request = app.query(QUERY).header("upfront-include", "sources");
        let answer = send(request).await.json();
        let source = &answer["extensions"]["upfront"]["sources"][0];
        assert_eq!(source["status"], status, "{body}: {answer}");
        assert_eq!(source["asOf"].is_string(), has_told, "{body}: {answer}");
        let status = status.to_lowercase();
        let line = format!("upfront_fetches_total{{source=\"areas\",status=\"{status}\"}} 1\n");
        let metrics = send(app.get("/metrics")).await.text;
        assert!(metrics.contains(&line), "{body}: {metrics}");
    }
}

/// A value that does not fit its field's type makes the answer invalid, and the error names the source.
#[tokio::test]
async fn a_value_that_does_not_fit_its_type_makes_the_answer_invalid() {
    for (value, field, code) in [
        (r#""count":"notint""#, "count", "SOURCE_INVALID"),
        (r#""kind":"NOWHERE""#, "kind", "SOURCE_INVALID"),
        (r#""id":null"#, "id", "VALUE_INVALID"),
    ] {
        let areas = subgraph(with_status(
            200,
            &format!(r#"{{"data":{{"area":{{{value}}}}}}}"#),
        ))
        .await;
        let app = start_typed(&areas).await;
        let query = format!("{{ area {{ {field} }} }}");
        let request = app.query(&query).header("upfront-include", "sources");
        let answer = send(request).await.json();
        assert_eq!(
            answer["extensions"]["upfront"]["sources"][0]["status"], "INVALID",
            "{answer}"
        );
        let errors = answer["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{answer}");
        assert_eq!(errors[0]["path"], json!(["area", field]), "{answer}");
        assert_eq!(errors[0]["extensions"]["code"], code, "{answer}");
        assert_eq!(
            errors[0]["extensions"]["source"]["name"], "areas",
            "{answer}"
        );
        let metrics = send(app.get("/metrics")).await.text;
        let line = "upfront_fetches_total{source=\"areas\",status=\"invalid\"} 1\n";
        assert!(metrics.contains(line), "{metrics}");
    }
}

/// A source that is busy with one request must not be left alone because others wait for a place.
#[tokio::test]
async fn waiting_for_a_place_does_not_count() {
    let areas = subgraph(good().set_delay(Duration::from_millis(250))).await;
    let app = start(&areas, |config| {
        config.source_defaults.breaker_failures = 2;
        config.source_defaults.concurrency = 1;
        config.source_defaults.timeout_ms = 300;
    })
    .await;
    let answers = (0..8).map(|_| send(app.query(QUERY)));
    let answers = futures::future::join_all(answers).await;
    let late = answers
        .iter()
        .filter(|answer| answer.text.contains("SOURCE_TIMEOUT"));
    assert!(late.count() >= 6, "{answers:#?}");
    // At most one of them was asked in vain: the one that got the place late.
    assert_eq!(send(app.query(QUERY)).await.json(), north());
}

#[tokio::test]
async fn retry_after_is_heeded() {
    let later = || ResponseTemplate::new(503).insert_header("retry-after", "1");
    let limited = || with_status(429, REFUSAL).insert_header("retry-after", "1");
    for first in [later(), limited()] {
        let areas = subgraph(sequence([first, good()])).await;
        let app = start(&areas, |config| {
            config.source_defaults.retries = 2;
            config.source_defaults.timeout_ms = 10_000;
        })
        .await;
        let started = Instant::now();
        assert_eq!(send(app.query(QUERY)).await.json(), north());
        // No machine is too slow to have waited.
        assert!(started.elapsed() >= Duration::from_secs(1));
        assert_eq!(received(&areas).await.len(), 2);
    }
}

#[tokio::test]
async fn a_retry_that_would_come_too_late_is_not_waited_for() {
    for after in [
        "60",
        "18446744073709551615",
        "Fri, 31 Dec 2100 23:59:59 GMT",
    ] {
        let later = ResponseTemplate::new(503).insert_header("retry-after", after);
        let areas = subgraph(later).await;
        let app = start(&areas, |config| {
            config.source_defaults.retries = 2;
            config.source_defaults.timeout_ms = 20_000;
        })
        .await;
        // Waited for until the time-out, it would be `SOURCE_TIMEOUT`.
        assert_eq!(send(app.query(QUERY)).await.code(), "SOURCE_UNAVAILABLE");
        assert_eq!(received(&areas).await.len(), 1);
    }
}

fn packed(body: &str) -> Vec<u8> {
    let mut packing = GzEncoder::new(Vec::new(), Compression::default());
    packing.write_all(body.as_bytes()).unwrap();
    packing.finish().unwrap()
}

#[tokio::test]
async fn headers_are_read_without_regard_to_case() {
    for (media_type, encoding) in [
        ("APPLICATION/JSON", ""),
        ("Application/Json; Charset=UTF-8", "GZIP"),
        ("Application/GraphQL-Response+JSON", "x-gzip"),
        ("application/json", "X-Gzip"),
        ("application/json", "gzip"),
        ("application/json", "Identity"),
    ] {
        let is_packed = encoding.to_lowercase().ends_with("gzip");
        let body = if is_packed { packed(DATA) } else { DATA.into() };
        let mut response = ResponseTemplate::new(200).set_body_raw(body, media_type);
        if !encoding.is_empty() {
            response = response.insert_header("content-encoding", encoding);
        }
        let areas = subgraph(response).await;
        let app = start(&areas, |_| {}).await;
        let answer = send(app.query(QUERY)).await.json();
        assert_eq!(answer, north(), "{media_type} {encoding}");
        let asked = received(&areas).await;
        assert_eq!(asked[0].headers["accept-encoding"], "gzip");
    }
}

#[tokio::test]
async fn what_is_not_packed_as_it_says_is_no_answer() {
    let cut = packed(DATA)[..20].to_vec();
    for (body, encoding) in [
        (cut, "gzip"),
        (packed(DATA), "br"),
        (packed(DATA), "identity"),
    ] {
        let response = ResponseTemplate::new(200)
            .set_body_raw(body, "application/json")
            .insert_header("content-encoding", encoding);
        let areas = subgraph(response).await;
        let app = start(&areas, |_| {}).await;
        assert_eq!(
            send(app.query(QUERY)).await.code(),
            "SOURCE_INVALID",
            "{encoding}"
        );
    }
}
