//! GraphQL over HTTP: media types, statuses, bodies.

use serde_json::json;

use crate::{server::fixture, support::app::send};

const NEW: &str = "application/graphql-response+json";

#[tokio::test]
async fn answers_in_the_media_type_the_client_likes_best() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let query = json!({ "query": "{ areas { id } }" }).to_string();
    for (accept, expected) in [
        (NEW, NEW),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        (
            "application/json;q=0.5, application/graphql-response+json",
            NEW,
        ),
    ] {
        let request = fixture.app.post_raw("application/json", query.clone());
        let answer = send(request.header("accept", accept)).await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.header("content-type"),
            format!("{expected}; charset=utf-8")
        );
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(
            answer.json(),
            json!({"data": {"areas": [{"id": "1"}, {"id": "2"}]}})
        );
    }
    let request = fixture.app.post_raw("application/json", query);
    let answer = send(request.header("accept", "text/html")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code()),
        (406, "NOT_ACCEPTABLE".to_owned())
    );
}

#[tokio::test]
async fn a_request_that_fails_has_a_status_a_code_and_no_data() {
    let fixture = fixture::start(|_| {}, &[]).await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
    ] {
        let answer = send(fixture.app.query(query)).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.json()["errors"][0]["extensions"]["code"], code);
        assert!(answer.json().get("data").is_none());
        let body = json!({ "query": query }).to_string();
        let answer = send(fixture.app.post_raw("application/json", body)).await;
        assert_eq!(answer.status, 200, "an old client gets 200");
    }
}

#[tokio::test]
async fn get_asks_and_never_changes() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let ask = |pairs: &[(&str, &str)]| {
        let text = serde_urlencoded(pairs);
        fixture
            .app
            .get(&format!("/graphql?{text}"))
            .header("accept", NEW)
    };
    let query = "query Q($n: Int) { areas(first: $n) { id } }";
    let pairs = [
        ("query", query),
        ("operationName", "Q"),
        ("variables", r#"{"n":1}"#),
    ];
    let answer = send(ask(&pairs)).await;
    assert_eq!(answer.json(), json!({"data": {"areas": [{"id": "1"}]}}));

    let answer = send(ask(&[("query", "mutation { forget }")])).await;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.header("allow"), "POST");
    assert_eq!(fixture.asked.load(std::sync::atomic::Ordering::Relaxed), 1);

    let answer = send(ask(&[("query", "{ areas { id } }"), ("query", "{ a }")])).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code()),
        (400, "BAD_REQUEST".to_owned())
    );
    let answer = send(fixture.app.query("mutation { forget }")).await;
    assert_eq!(answer.json(), json!({"data": {"forget": true}}));
}

fn serde_urlencoded(pairs: &[(&str, &str)]) -> String {
    let mut url = reqwest::Url::parse("http://localhost/").unwrap();
    url.query_pairs_mut().extend_pairs(pairs);
    url.query().unwrap().to_owned()
}

#[tokio::test]
async fn says_what_is_wrong_with_a_body() {
    let fixture = fixture::start(|_| {}, &[]).await;
    for (body, part) in [
        ("", "JSON object"),
        ("nonsense", "JSON object"),
        ("[]", "a list"),
        ("{}", "no `query`"),
        (r#"{"query": 7}"#, "`query`"),
        (r#"{"query": "{ a }", "variables": []}"#, "`variables`"),
        (
            r#"{"query": "{ a }", "operationName": 7}"#,
            "`operationName`",
        ),
        (r#"{"query": "{ a }", "extensions": 7}"#, "`extensions`"),
        (r#"{"query": "{ a }", "query": "{ b }"}"#, "duplicate"),
        (
            r#"{"query": "{ a }", "extensions": {"upfront": {"x": 1}}}"#,
            "`extensions.upfront`",
        ),
    ] {
        let answer = send(fixture.app.post_raw("application/json", body)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (400, "BAD_REQUEST".to_owned())
        );
        let message = answer.json()["errors"][0]["message"].to_string();
        assert!(message.contains(part), "{body}: {message}");
    }
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
    ] {
        let answer = send(fixture.app.post_raw(content_type, "{}")).await;
        assert_eq!(answer.status, 415);
    }
    let answer = send(fixture.app.post_raw(
        "application/json; charset=UTF-8",
        r#"{"query":"{areas{id}}"}"#,
    ))
    .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn every_answer_has_an_id_that_cannot_forge_a_log_line() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let answer = send(fixture.app.get("/nowhere")).await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.header("x-request-id").len(), 32);
    let answer = send(fixture.app.get("/").header("x-request-id", "front-7")).await;
    assert_eq!(answer.header("x-request-id"), "front-7");
    let answer = send(fixture.app.get("/").header("x-request-id", "a\" b")).await;
    assert_eq!(answer.header("x-request-id").len(), 32);
}

#[tokio::test]
async fn packs_answers_for_those_who_unpack() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let request = fixture.app.query("{ areas(first: 500) { id name } }");
    let response = request
        .header("accept-encoding", "gzip")
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert!(response.bytes().await.unwrap().starts_with(&[0x1f, 0x8b]));
}

#[tokio::test]
async fn a_hash_in_place_of_a_document_is_told_not_to_be_known() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": "0".repeat(64) } });
    let body = json!({ "extensions": extensions });
    let older = send(fixture.app.post_raw("application/json", body.to_string())).await;
    let newer = send(fixture.app.post(&body)).await;
    let by_get = format!(
        "/graphql?{}",
        serde_urlencoded(&[("extensions", &extensions.to_string())])
    );
    let by_get = send(fixture.app.get(&by_get)).await;
    for (answer, status) in [(older, 200), (newer, 400), (by_get, 200)] {
        assert_eq!(answer.status, status);
        assert_eq!(answer.code(), "PERSISTED_QUERY_NOT_SUPPORTED");
        let message = &answer.json()["errors"][0]["message"];
        assert_eq!(message, "PersistedQueryNotSupported");
    }
    let both = json!({ "query": "{ areas(first: 1) { id } }", "extensions": extensions });
    let answer = send(fixture.app.post(&both)).await;
    assert_eq!(answer.json(), json!({"data": {"areas": [{"id": "1"}]}}));
}

#[tokio::test]
async fn a_packed_body_is_refused_in_words() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let ask = |encoding: &'static str| {
        let request = fixture.app.query("{ areas(first: 1) { id } }");
        send(request.header("content-encoding", encoding))
    };
    for encoding in ["gzip", "GZIP", "br", "identity, gzip"] {
        let answer = ask(encoding).await;
        assert_eq!(answer.status, 415);
        assert_eq!(answer.code(), "UNSUPPORTED_MEDIA_TYPE");
        assert_eq!(answer.header("accept-encoding"), "identity");
        let message = answer.json()["errors"][0]["message"].to_string();
        assert!(message.contains("compressed"), "{message}");
    }
    assert_eq!(ask("Identity").await.status, 200);
}
