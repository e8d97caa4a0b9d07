//! Pages of other origins.

use crate::{
    server::fixture::{self, Fixture},
    support::app::send,
};

const ALLOWED: &str = "https://review.example.org";

async fn start() -> Fixture {
    let change = |config: &mut upfront::config::Config| {
        config.cors.origins = vec![ALLOWED.to_owned()];
        config.allowed_hosts = vec!["upstream".to_owned()];
        let source = config.sources.entry("figures".to_owned()).or_default();
        source.forward_headers = vec!["X-Handed-On".to_owned()];
    };
    fixture::start(change, &[]).await
}

#[tokio::test]
async fn an_allowed_page_may_ask_and_read() {
    let fixture = start().await;
    let preflight = reqwest::Client::new()
        .request(
            reqwest::Method::OPTIONS,
            format!("{}/graphql", fixture.app.url),
        )
        .header("origin", ALLOWED)
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "authorization,content-type",
        );
    let answer = send(preflight).await;
    let allowed = answer.header("access-control-allow-headers");
    let allowed: Vec<_> = allowed.split(',').collect();
    for header in [
        "authorization",
        "content-type",
        "apollographql-client-name",
        "apollographql-client-version",
        "graphql-client-name",
        "graphql-client-version",
        "apollo-require-preflight",
        "x-apollo-operation-name",
        "traceparent",
        "tracestate",
        "upfront-errors",
        "upfront-include",
        "x-request-id",
        "x-handed-on",
    ] {
        assert!(allowed.contains(&header), "{header}: {allowed:?}");
    }
    assert_eq!(answer.header("access-control-allow-origin"), ALLOWED);
    assert!(
        answer
            .header("access-control-allow-headers")
            .contains("authorization")
    );
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    let answer = send(
        fixture
            .app
            .query("{ areas { id } }")
            .header("origin", ALLOWED),
    )
    .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), ALLOWED);
}

#[tokio::test]
async fn another_page_may_neither_ask_nor_read() {
    let fixture = start().await;
    for origin in [
        "https://elsewhere.example",
        "null",
        "https://review.example.org.evil.example",
    ] {
        let answer = send(
            fixture
                .app
                .query("{ areas { id } }")
                .header("origin", origin),
        )
        .await;
        assert_eq!(answer.status, 403, "{origin}");
        assert_eq!(answer.code(), "CROSS_ORIGIN_REFUSED");
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
    let image = fixture
        .app
        .get("/graphql?query={areas{id}}")
        .header("sec-fetch-mode", "no-cors");
    assert_eq!(send(image).await.status, 403);
    assert_eq!(fixture.asked.load(std::sync::atomic::Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_page_of_the_service_itself_may_ask() {
    let fixture = start().await;
    let own = fixture.app.url.clone();
    let answer = send(fixture.app.query("{ areas { id } }").header("origin", own)).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_page_behind_a_proxy_that_names_the_service_otherwise_may_ask() {
    let fixture = start().await;
    let ask = |relation: &'static str, origin: &'static str| {
        let query = fixture.app.query("{ areas { id } }");
        let query = query.header("host", "upstream").header("origin", origin);
        send(query.header("sec-fetch-site", relation))
    };
    let public = "https://graph.example.org";
    assert_eq!(ask("same-origin", public).await.status, 200);
    assert_eq!(ask("cross-site", ALLOWED).await.status, 200);
    for relation in ["cross-site", "same-site", "odd"] {
        // Not even where a proxy has made `Host` what the page's origin says.
        for origin in [public, "http://upstream"] {
            let answer = ask(relation, origin).await;
            assert_eq!(answer.status, 403, "{relation} {origin}");
            assert_eq!(answer.code(), "CROSS_ORIGIN_REFUSED");
        }
    }
}

#[tokio::test]
async fn an_allowed_page_may_read_the_schema() {
    let fixture = start().await;
    let read = |origin: &'static str| {
        let request = fixture.app.get("/schema.graphql").header("origin", origin);
        send(request)
    };
    let answer = read(ALLOWED).await;
    assert_eq!(answer.header("access-control-allow-origin"), ALLOWED);
    let answer = read("https://elsewhere.example").await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
}
