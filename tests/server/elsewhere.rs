//! Listening for other machines: behind a proxy that is named, and what callers without a token may read
//! of the schema there.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket},
    sync::atomic::Ordering,
};

use serde_json::json;
use upfront::config::Config;

use crate::{
    server::fixture::{self, Fixture},
    support::app::send,
};

fn everywhere(config: &mut Config) {
    config.listen = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
}

/// An address of this machine that is no loopback address.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    // Nothing is sent: it says which address would be used.
    socket.connect("198.51.100.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback()).then_some(address)
}

async fn status(fixture: &Fixture, host: IpAddr, path: &str) -> (u16, String) {
    let port = fixture.app.app.address.port();
    let url = format!("http://{host}:{port}{path}");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = send(client.get(url)).await;
    (answer.status.as_u16(), answer.text)
}

#[tokio::test]
async fn without_tls_only_the_proxy_is_answered() {
    let Some(own) = own_address() else {
        println!("skipped: this machine has no address but its loopback addresses");
        return;
    };
    let path = "/graphql?query={areas{id}}";
    let fixture = fixture::start(everywhere, &[]).await;
    let (code, text) = status(&fixture, own, path).await;
    assert_eq!(code, 403, "{text}");
    assert!(text.contains("PROXY_REQUIRED"), "{text}");
    assert_eq!(status(&fixture, own, "/health/live").await.0, 200);
    // On this machine nobody listens in.
    let local = IpAddr::from(Ipv4Addr::LOCALHOST);
    assert_eq!(status(&fixture, local, path).await.0, 200);
    let behind = |config: &mut Config| {
        everywhere(config);
        config.trusted_proxies = vec![own.to_string()];
    };
    let fixture = fixture::start(behind, &[]).await;
    assert_eq!(status(&fixture, own, path).await.0, 200);
}

#[tokio::test]
async fn the_host_that_a_proxy_gives_is_the_one_that_counts() {
    let trusted = |config: &mut Config| {
        config.trusted_proxies = vec!["127.0.0.1".to_owned()];
        config.allowed_hosts = vec!["graph.example.org".to_owned()];
    };
    let fixture = fixture::start(trusted, &[]).await;
    let ask = |host: &str| {
        fixture
            .app
            .query("{areas{id}}")
            .header("x-forwarded-host", host)
    };
    assert_eq!(send(ask("graph.example.org")).await.status, 200);
    assert_eq!(send(ask("rebound.example")).await.code(), "HOST_REFUSED");
    // From anybody else the header says nothing.
    let fixture = fixture::start(|_| {}, &[]).await;
    let request = fixture.app.query("{areas{id}}");
    let answer = send(request.header("x-forwarded-host", "rebound.example")).await;
    assert_eq!(answer.status, 200);
}

const INTROSPECTIONS: [&str; 4] = [
    "{ __schema { queryType { name } } }",
    "{ __type(name: \"Area\") { name } areas { id } }",
    "query($is: Boolean = false) { ... @include(if: $is) { ...a } areas { id } } \
     fragment a on Query { s: __schema { queryType { name } } }",
    "query Q { ...a } fragment a on Query { ...b } fragment b on Query { __schema { queryType { name } } }",
];

#[tokio::test]
async fn elsewhere_the_schema_is_for_callers_with_a_token() {
    let fixture = fixture::start(everywhere, &[]).await;
    let app = &fixture.app;
    let token = app.token("OHCHR", &[]);
    for query in INTROSPECTIONS {
        let answer = send(app.query(query)).await;
        assert_eq!(answer.code(), "INTROSPECTION_REFUSED", "{query}");
        assert!(answer.json().get("data").is_none());
    }
    assert_eq!(fixture.asked.load(Ordering::Relaxed), 0);
    for query in INTROSPECTIONS {
        let answer = send(app.query(query).bearer_auth(&token)).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text);
        assert!(answer.json().get("errors").is_none(), "{}", answer.text);
    }
    for path in ["/schema.graphql", "/levels.json"] {
        let answer = send(app.get(path)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (401, "UNAUTHENTICATED".to_owned())
        );
        assert_eq!(send(app.get(path).bearer_auth(&token)).await.status, 200);
    }
    // What is asked without the schema is answered.
    let answer = send(app.query("{ __typename areas(first: 1) { __typename id } }")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[tokio::test]
async fn elsewhere_errors_give_no_names_to_callers_without_a_token() {
    let fixture = fixture::start(everywhere, &[]).await;
    let app = &fixture.app;
    let token = app.token("OHCHR", &[]);
    for (query, variables, name) in [
        ("{ areas { nam } }", json!({}), "name"),
        ("{ area { id } }", json!({}), "areas"),
        ("{ areas }", json!({}), "areas"),
        ("{ areas(last: 1) { id } }", json!({}), "areas"),
        (
            "query($first: Int) { areas(first: $first) { id } }",
            json!({"first": "x"}),
            "Int",
        ),
        ("{ areas { ... on Are { id } } }", json!({}), "Are"),
    ] {
        let body = json!({ "query": query, "variables": variables });
        let hidden = send(app.post(&body)).await;
        let shown = send(app.post(&body).bearer_auth(&token)).await;
        assert!(shown.text.contains(name), "{}", shown.text);
        assert_eq!(hidden.status, shown.status);
        let json = hidden.json();
        for error in json["errors"].as_array().unwrap() {
            let message = error["message"].as_str().unwrap();
            assert!(message.contains("callers with a token only"), "{message}");
        }
        assert_eq!(
            json["errors"][0]["extensions"]["code"],
            shown.json()["errors"][0]["extensions"]["code"]
        );
    }
    // What cannot be read at all says where.
    let answer = send(app.query("{ areas { id ")).await;
    assert!(answer.text.contains("syntax error"), "{}", answer.text);
}

#[tokio::test]
async fn the_settings_have_the_last_word() {
    let open = |config: &mut Config| {
        everywhere(config);
        config.introspection.anonymous = Some(true);
    };
    let fixture = fixture::start(open, &[]).await;
    let answer = send(fixture.app.query(INTROSPECTIONS[0])).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let closed = |config: &mut Config| config.introspection.anonymous = Some(false);
    let fixture = fixture::start(closed, &[]).await;
    let answer = send(fixture.app.query(INTROSPECTIONS[0])).await;
    assert_eq!(answer.code(), "INTROSPECTION_REFUSED");
}

#[tokio::test]
async fn metrics_are_for_this_machine_and_for_those_who_scrape() {
    let fixture = fixture::start(
        |config| {
            config.trusted_proxies = vec!["127.0.0.1".to_owned()];
            config.metrics_networks = vec!["203.0.113.0/24".to_owned()];
        },
        &[],
    )
    .await;
    let from = |address: &str| {
        fixture
            .app
            .get("/metrics")
            .header("x-forwarded-for", address)
    };
    assert_eq!(send(from("203.0.113.7")).await.status, 200);
    assert_eq!(send(from("198.51.100.7")).await.code(), "METRICS_HIDDEN");
    assert_eq!(send(fixture.app.get("/metrics")).await.status, 200);
}
