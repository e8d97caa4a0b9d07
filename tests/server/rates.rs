//! How often callers may ask, and what operations may cost.

use std::sync::atomic::Ordering;

use serde_json::json;
use upfront::config::{Config, Secret};

use crate::{
    server::fixture::{self, Fixture},
    support::app::send,
};

const QUERY: &str = "{ areas(first: 1) { id } }";

/// Ten a minute, three of them at once.
fn few(config: &mut Config) {
    config.limits.rates.address_per_minute = Some(10);
    config.limits.rates.principal_per_minute = Some(10);
    config.limits.rates.burst = 3;
    config.trusted_proxies = vec!["127.0.0.1".to_owned()];
}

/// How many of ten requests in a row are answered.
async fn answered(fixture: &Fixture, address: &str, token: Option<&str>) -> usize {
    let mut answered = 0;
    for _ in 0..10 {
        let mut request = fixture.app.query(QUERY).header("x-forwarded-for", address);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = send(request).await;
        match answer.status.as_u16() {
            200 => answered += 1,
            401 => {}
            status => {
                assert_eq!((status, answer.code()), (429, "RATE_LIMITED".to_owned()));
                let wait: u64 = answer.header("retry-after").parse().unwrap();
                assert!((1..=7).contains(&wait), "{wait}");
            }
        }
    }
    answered
}

#[tokio::test]
async fn each_principal_and_each_address_is_counted_by_itself() {
    let fixture = fixture::start(few, &[]).await;
    let (one, other) = ("203.0.113.1", "203.0.113.2");
    assert_eq!(answered(&fixture, one, None).await, 3);
    assert_eq!(answered(&fixture, one, None).await, 0);
    assert_eq!(answered(&fixture, other, None).await, 3);
    // With a token it is the principal that counts, wherever he asks from.
    let token = fixture.app.token("OHCHR", &[]);
    assert_eq!(answered(&fixture, one, Some(&token)).await, 3);
    let again = fixture.app.token("OHCHR", &["clearance:confidential"]);
    assert_eq!(answered(&fixture, other, Some(&again)).await, 0);
    let another = fixture.app.token("OSAPG", &[]);
    assert_eq!(answered(&fixture, one, Some(&another)).await, 3);
    // A network of IPv6 is one address.
    assert_eq!(answered(&fixture, "2001:db8:1:2::7", None).await, 3);
    assert_eq!(answered(&fixture, "2001:db8:1:2:ffff::8", None).await, 0);
    assert_eq!(answered(&fixture, "2001:db8:1:3::7", None).await, 3);
}

#[tokio::test]
async fn who_tries_tokens_is_counted_by_address() {
    let fixture = fixture::start(few, &[]).await;
    let address = "203.0.113.9";
    assert_eq!(answered(&fixture, address, Some("a.b.c")).await, 0);
    assert_eq!(answered(&fixture, address, None).await, 0);
    let token = fixture.app.token("OHCHR", &[]);
    assert_eq!(answered(&fixture, address, Some(&token)).await, 3);
    // What is refused reaches no source.
    assert_eq!(fixture.asked.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn on_a_loopback_address_nobody_is_limited_unless_set() {
    let fixture = fixture::start(|_| {}, &[]).await;
    for _ in 0..700 {
        assert_eq!(send(fixture.app.query(QUERY)).await.status, 200);
    }
}

/// Redis on this machine, where there is one.
async fn redis() -> Option<String> {
    let reachable = tokio::net::TcpStream::connect(("127.0.0.1", 6379))
        .await
        .is_ok();
    if !reachable {
        println!("skipped: there is no Redis at 127.0.0.1:6379");
    }
    reachable.then(|| "redis://127.0.0.1:6379/9".to_owned())
}

#[tokio::test]
async fn replicas_count_together_in_redis() {
    let Some(url) = redis().await else {
        return;
    };
    let shared = |config: &mut Config| {
        few(config);
        config.limits.rates.redis_url = Some(Secret::new(url.clone()));
    };
    let (one, other) = (
        fixture::start(shared, &[]).await,
        fixture::start(shared, &[]).await,
    );
    // An address that no other run of this test counts.
    let number = std::process::id();
    let address = format!("100.64.{}.{}", number / 256 % 256, number % 256);
    let first = answered(&one, &address, None).await;
    let then = answered(&other, &address, None).await;
    assert_eq!((first, then), (3, 0));
}

#[tokio::test]
async fn without_redis_each_replica_counts_by_itself() {
    let gone = |config: &mut Config| {
        few(config);
        config.limits.rates.redis_url = Some(Secret::new("redis://127.0.0.1:1/0"));
    };
    let fixture = fixture::start(gone, &[]).await;
    assert_eq!(answered(&fixture, "203.0.113.1", None).await, 3);
}

#[tokio::test]
async fn what_costs_too_much_is_refused_and_told_on_request() {
    let bounded = |config: &mut Config| config.limits.cost.max = 25;
    let fixture = fixture::start(bounded, &[]).await;
    let app = &fixture.app;
    let cheap = "{ a: areas { id } b: areas { id } }";
    let dear = "{ a: areas { id } b: areas { id } c: areas { id } }";
    let answer = send(app.query(cheap).header("upfront-include", "cost,sources"))
        .await
        .json();
    let own = &answer["extensions"]["upfront"];
    assert_eq!(own["cost"], json!({ "estimated": 20 }), "{answer:#}");
    assert!(own["sources"].is_array());
    let before = fixture.asked.load(Ordering::Relaxed);
    let answer = send(app.query(dear).header("upfront-include", "cost")).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.code(), "COST_ESTIMATED_TOO_EXPENSIVE");
    let json = answer.json();
    assert_eq!(
        json["errors"][0]["extensions"]["cost.estimated"], 30,
        "{json:#}"
    );
    assert_eq!(json["errors"][0]["extensions"]["cost.max"], 25);
    assert_eq!(json["extensions"]["upfront"]["cost"]["estimated"], 30);
    assert_eq!(fixture.asked.load(Ordering::Relaxed), before);
    let without = send(app.query(cheap)).await.json();
    assert!(without.get("extensions").is_none(), "{without:#}");
    let measured = |config: &mut Config| {
        bounded(config);
        config.limits.cost.enforce = false;
    };
    let fixture = fixture::start(measured, &[]).await;
    assert_eq!(send(fixture.app.query(dear)).await.status, 200);
}
