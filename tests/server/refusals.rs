//! What is asked wrongly is refused in the service's own words, as JSON.

use serde_json::json;

use crate::{
    server::fixture,
    support::app::{Answer, send},
};

fn message(answer: &Answer) -> String {
    let message = &answer.json()["errors"][0]["message"];
    message.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_body_that_is_no_request_is_told_what_one_is() {
    let fixture = fixture::start(|_| {}, &[]).await;
    for (body, part) in [
        ("", "is empty"),
        (" \n", "is empty"),
        ("null", "is no JSON object"),
        ("7", "is no JSON object"),
        ("\"{ areas { id } }\"", "is no JSON object"),
        ("nonsense", "is no JSON object"),
        ("[]", "is a list"),
        ("[\"{ areas { id } }\", null, null, null]", "is a list"),
        ("[{\"query\": \"{ areas { id } }\"}]", "sent one at a time"),
    ] {
        let answer = send(fixture.app.post_raw("application/json", body)).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text);
        assert_eq!(answer.code(), "BAD_REQUEST");
        let message = message(&answer);
        assert!(message.contains(part), "{body}: {message}");
        assert!(
            message.contains("a document under `query`"),
            "{body}: {message}"
        );
    }
    for body in [
        "{",
        "{\"query\"}",
        "{\"query\": \"{ a }\"} x",
        "{\"query\": \"{ a }\", \"extensions\": [1]}",
        "{\"query\": \"{ a }\", \"variables\": 1}",
    ] {
        let answer = send(fixture.app.post_raw("application/json", body)).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text);
        let message = message(&answer);
        assert!(message.contains("JSON object"), "{body}: {message}");
        for inner in ["struct", "Members", "invalid type", "a map"] {
            assert!(!message.contains(inner), "{body}: {message}");
        }
    }
}

#[tokio::test]
async fn a_query_string_is_read_as_utf_8() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let ask = |query: &str| send(fixture.app.get(&format!("/graphql?{query}")));
    for (query, name) in [
        ("query=%ff", "`query`"),
        ("query=%7Bareas%7Bid%7D%7D&variables=%c3%28", "`variables`"),
        (
            "query=%7Bareas%7Bid%7D%7D&operationName=%80",
            "`operationName`",
        ),
    ] {
        let answer = ask(query).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
        assert_eq!(answer.code(), "BAD_REQUEST");
        let message = message(&answer);
        assert!(message.contains(name), "{message}");
        assert!(message.contains("UTF-8"), "{message}");
    }
    for query in [
        "query=%7Bareas%28first:1%29%7Bid%7D%7D&operationName=",
        "query=query+A%7Bareas%28first:1%29%7Bid%7D%7D&operationName=&variables=&extensions=",
    ] {
        let answer = ask(query).await;
        assert_eq!(
            answer.json(),
            json!({"data": {"areas": [{"id": "1"}]}}),
            "an empty parameter is none"
        );
    }
}

#[tokio::test]
async fn a_flag_is_true_or_false() {
    let fixture = fixture::start(|_| {}, &[]).await;
    for (query, status) in [
        ("", 200),
        ("?strict=true", 200),
        ("?strict=false", 200),
        ("?other=1", 200),
        ("?strict=maybe", 400),
        ("?strict", 400),
        ("?strict=true&strict=true", 400),
        ("?strict=%ff", 400),
    ] {
        let answer = send(fixture.app.get(&format!("/health/ready{query}"))).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.text);
        if status == 400 {
            assert_eq!(answer.code(), "BAD_REQUEST");
            assert!(message(&answer).contains("`strict`"), "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_media_type_that_is_not_read_is_named_beside_the_one_that_is() {
    let fixture = fixture::start(|_| {}, &[]).await;
    for (content_type, part) in [
        ("text/plain", "`text/plain`"),
        ("multipart/form-data; boundary=x", "`multipart/form-data`"),
        ("application/json; charset=utf-16", "`utf-16`"),
    ] {
        let answer = send(fixture.app.post_raw(content_type, "{}")).await;
        assert_eq!(answer.status, 415);
        assert_eq!(answer.code(), "UNSUPPORTED_MEDIA_TYPE");
        let message = message(&answer);
        assert!(message.contains(part), "{message}");
        assert!(message.contains("application/json"), "{message}");
    }
    let request = fixture.app.post_raw("application/json", "{}");
    let answer = send(request.header("accept", "text/html, image/*")).await;
    assert_eq!(answer.status, 406);
    let message = message(&answer);
    assert!(
        message.contains("`Accept: text/html, image/*`"),
        "{message}"
    );
}

#[tokio::test]
async fn what_is_only_read_says_so_of_other_methods() {
    let fixture = fixture::start(|_| {}, &[]).await;
    for path in [
        "/",
        "/schema.graphql",
        "/levels.json",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/.well-known/jwks.json",
    ] {
        let url = format!("{}{path}", fixture.app.url);
        let answer = send(reqwest::Client::new().post(url)).await;
        assert_eq!(answer.status, 405, "{path}");
        assert_eq!(answer.code(), "METHOD_NOT_ALLOWED");
        assert_eq!(answer.header("allow"), "GET,HEAD");
    }
}
