//! Pages of other origins.

use crate::{
    app::send,
    fixture::{self, Fixture},
};

const ALLOWED: &str = "https://review.example.org";

async fn start() -> Fixture {
    fixture::start(|config| config.cors.origins = vec![ALLOWED.to_owned()], &[]).await
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
