//! What is set under `[sources.NAME]` holds in a plain gateway too.

use std::sync::Arc;

use serde_json::json;
use tokio::net::TcpListener;
use upfront::{
    app::App,
    auth::Authenticator,
    config::{Config, Secret, SourceOverrides},
    gateway::{Live, client_builder, plain_graph},
    server,
};

use crate::{
    gateway::fixture::{QUERY, good, received, start, subgraph, supergraph},
    support::app::send,
};

fn own(headers: &[(&str, &str)], forward: &[&str]) -> SourceOverrides {
    SourceOverrides {
        headers: (headers.iter())
            .map(|(name, value)| ((*name).to_owned(), Secret::new(*value)))
            .collect(),
        forward_headers: forward.iter().map(|&name| name.to_owned()).collect(),
        ..SourceOverrides::default()
    }
}

#[tokio::test]
async fn headers_are_sent_and_handed_on() {
    let areas = subgraph(good()).await;
    let app = start(&areas, |config| {
        let set = own(
            &[
                ("x-api-key", "k"),
                ("accept", "text/html"),
                ("content-type", "text/plain"),
            ],
            &["x-tenant", "authorization", "cookie"],
        );
        config.sources.insert("areas".to_owned(), set);
    })
    .await;
    let token = app.token("OHCHR", &[]);
    let request = app.query(QUERY).bearer_auth(&token);
    let request = request
        .header("x-tenant", "one")
        .header("x-tenant", "two")
        .header("x-other", "3")
        .header("cookie", "a=b");
    let answer = send(request).await.json();
    assert_eq!(answer, json!({"data": {"area": {"name": "North"}}}));
    let asked = received(&areas).await;
    let headers = &asked[0].headers;
    let all = |name: &str| {
        let values = headers.get_all(name).iter();
        let values = values.map(|value| value.to_str().unwrap().to_owned());
        values.collect::<Vec<_>>()
    };
    assert_eq!(all("x-api-key"), ["k"]);
    assert_eq!(all("x-tenant"), ["one", "two"]);
    assert_eq!(all("authorization"), [format!("Bearer {token}")]);
    assert_eq!(all("cookie"), ["a=b"]);
    assert!(all("x-other").is_empty());
    // The question's own headers are the gateway's.
    assert_eq!(all("content-type"), ["application/json"]);
    assert_eq!(all("accept").len(), 1);
    assert!(all("accept")[0].starts_with("application/graphql-response+json"));
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_by_its_key() {
    let client = client_builder().build().unwrap();
    let sdl = supergraph("http://127.0.0.1:1/", "name: String");
    for (set, key) in [
        (own(&[("no header", "1")], &[]), "sources.areas.headers"),
        (own(&[], &["host"]), "sources.areas.forward_headers"),
        (
            SourceOverrides {
                ca_file: Some("/nowhere/ca.pem".into()),
                ..SourceOverrides::default()
            },
            "sources.areas.ca_file",
        ),
    ] {
        let mut config = Config::default();
        config.sources.insert("areas".to_owned(), set);
        let error = plain_graph(&sdl, &config, &client, None).unwrap_err();
        assert!(error.to_string().contains(key), "{error}");
    }
}

/// Without an issuer nobody's credentials are the gateway's to judge.
#[tokio::test]
async fn credentials_are_ignored_where_there_is_no_issuer() {
    let areas = subgraph(good()).await;
    for forward in [&["authorization"][..], &[]] {
        let mut config = Config::default();
        config.sources.insert("areas".to_owned(), own(&[], forward));
        let client = client_builder().build().unwrap();
        let sdl = supergraph(&areas.uri(), "name: String");
        let graph = plain_graph(&sdl, &config, &client, None).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let live = Arc::new(Live::new(graph));
        let app = App::new(config, address, live, None, Authenticator::new(None));
        let serving = tokio::spawn(server::run(listener, app, std::future::pending()));
        let request = reqwest::Client::new()
            .post(format!("http://{address}/graphql"))
            .header("authorization", "Basic YTpi")
            .json(&json!({ "query": QUERY }));
        let answer = send(request).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.json(), json!({"data": {"area": {"name": "North"}}}));
        let asked = received(&areas).await;
        let handed_on = asked.last().unwrap().headers.get("authorization");
        assert_eq!(handed_on.is_some(), !forward.is_empty());
        serving.abort();
    }
}
