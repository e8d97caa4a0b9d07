//! A source that hangs, breaks off, sends too much or nonsense: one error that names it, in bounds.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, net::TcpListener};
use wiremock::ResponseTemplate;

use crate::{
    gateway::fixture::{QUERY, good, json, received, start, subgraph},
    support::app::send,
};

async fn ask(respond: ResponseTemplate) -> Value {
    let areas = subgraph(respond).await;
    let app = start(&areas, |config| {
        config.source_defaults.timeout_ms = 300;
        config.source_defaults.answer_bytes = 1_000;
    })
    .await;
    send(app.query(QUERY)).await.json()
}

fn check(answer: &Value, code: &str) {
    assert_eq!(answer["data"], json!({"area": null}), "{answer:#}");
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1, "{answer:#}");
    assert_eq!(answer["errors"][0]["extensions"]["code"], code);
    assert_eq!(answer["errors"][0]["extensions"]["source"]["name"], "areas");
}

#[tokio::test]
async fn each_failure_has_its_code() {
    check(&ask(ResponseTemplate::new(500)).await, "SOURCE_UNAVAILABLE");
    check(&ask(ResponseTemplate::new(404)).await, "SOURCE_UNAVAILABLE");
    check(
        &ask(good().set_delay(Duration::from_secs(5))).await,
        "SOURCE_TIMEOUT",
    );
    check(&ask(json("{\"data\":")).await, "SOURCE_INVALID");
    check(&ask(json("[]")).await, "SOURCE_INVALID");
    check(
        &ask(json(&format!("{{\"x\":\"{}\"}}", "x".repeat(2_000)))).await,
        "SOURCE_INVALID",
    );
    let html = ResponseTemplate::new(200).set_body_raw(b"<html>".to_vec(), "text/html");
    check(&ask(html).await, "SOURCE_INVALID");
    let garbled = json("no gzip at all").insert_header("content-encoding", "gzip");
    check(&ask(garbled).await, "SOURCE_INVALID");
    let redirect = ResponseTemplate::new(302).insert_header("location", "http://127.0.0.1:1/");
    check(&ask(redirect).await, "SOURCE_UNAVAILABLE");
}

#[tokio::test]
async fn a_connection_that_breaks_off() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/graphql", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let head =
                b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{";
            let _ = stream.write_all(head).await;
        }
    });
    let mut config = upfront::config::Config::default();
    config.source_defaults.retries = 0;
    let client = upfront::gateway::client_builder().build().unwrap();
    let sdl = crate::gateway::fixture::supergraph(&url, "name: String");
    let graph = upfront::gateway::plain_graph(&sdl, &config, &client, None).unwrap();
    let app = crate::support::app::TestApp::start(config, graph, None).await;
    check(&send(app.query(QUERY)).await.json(), "SOURCE_UNAVAILABLE");
}

#[tokio::test]
async fn nothing_of_the_callers_is_forwarded() {
    let areas = subgraph(good()).await;
    let app = start(&areas, |_| {}).await;
    let token = app.token("OHCHR", &[]);
    let request = app
        .query(QUERY)
        .bearer_auth(&token)
        .header("cookie", "a=b")
        .header("x-secret", "c");
    assert_eq!(
        send(request).await.json(),
        json!({"data": {"area": {"name": "North"}}})
    );
    let asked = received(&areas).await;
    assert_eq!(asked.len(), 1);
    let names: Vec<_> = asked[0]
        .headers
        .keys()
        .map(|name| name.as_str().to_owned())
        .collect();
    for name in &names {
        let known = [
            "accept",
            "accept-encoding",
            "content-length",
            "content-type",
            "host",
            "user-agent",
        ];
        assert!(known.contains(&name.as_str()), "{names:?}");
    }
    let body: Value = asked[0].body_json().unwrap();
    assert!(body["query"].as_str().unwrap().contains("name"), "{body}");
    assert!(body["variables"].is_object());
}

#[tokio::test]
async fn numbers_reach_the_source_digit_by_digit() {
    let areas = subgraph(good()).await;
    let app = start(&areas, |_| {}).await;
    let numbers = r#"{"a":123456789012345678901234567890,"b":10.50,"c":[1.0,0.10]}"#;
    let query = "query($where:Json$id:ID){area(where:$where,like:{d:20.50}){name(id:$id)}}";
    let id = "98765432109876543210";
    let body = format!(r#"{{"query":"{query}","variables":{{"where":{numbers},"id":{id}}}}}"#);
    let answer = send(app.post_raw("application/json", body)).await;
    assert_eq!(answer.json(), json!({"data": {"area": {"name": "North"}}}));
    let asked = received(&areas).await;
    let asked = String::from_utf8(asked[0].body.clone()).unwrap();
    assert!(asked.contains(numbers), "{asked}");
    assert!(asked.contains(&format!("\"id\":{id}")), "{asked}");
    assert!(asked.contains("d:20.50"), "{asked}");
}
