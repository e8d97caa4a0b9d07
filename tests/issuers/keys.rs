//! Keys are fetched when they are needed, and no more often.

use std::{sync::Arc, time::Duration};

use futures::future::join_all;
use jsonwebtoken::Algorithm;
use serde_json::json;
use upfront::error::ApiError;
use wiremock::ResponseTemplate;

use super::provider::{Provider, TestKey, authenticate, refusal};
use crate::support::scratch::Scratch;

#[tokio::test]
async fn a_new_key_is_found_and_an_old_one_given_up() {
    let (old, new) = (TestKey::ed25519("old"), TestKey::ed25519("new"));
    let provider = Provider::start(&[&old]).await;
    let authenticator = provider.authenticator();
    let by_old = old.sign(&provider.claims());
    assert!(authenticate(&authenticator, &by_old).await.is_ok());
    provider.publish(&[&new]);
    provider.pass(31);
    let by_new = new.sign(&provider.claims());
    assert!(authenticate(&authenticator, &by_new).await.is_ok());
    assert_eq!(provider.asked().await, 2);
    // What the old key signed counts no longer, though it had been verified.
    assert!(
        refusal(&authenticator, &by_old)
            .await
            .contains("does not publish")
    );
}

#[tokio::test]
async fn ten_thousand_unknown_keys_cost_one_look() {
    let key = TestKey::ed25519("ed");
    let provider = Provider::start(&[&key]).await;
    let authenticator = Arc::new(provider.authenticator());
    let good = key.sign(&provider.claims());
    assert!(authenticate(&authenticator, &good).await.is_ok());
    provider.pass(31);
    let claims = provider.claims();
    let attempts = (0..10_000).map(|number| {
        let mut header = key.header();
        header.kid = Some(format!("unknown-{number}"));
        let token = key.sign_under(&header, &claims);
        let authenticator = Arc::clone(&authenticator);
        tokio::spawn(async move { authenticate(&authenticator, &token).await.is_err() })
    });
    let refused = join_all(attempts.collect::<Vec<_>>()).await;
    assert!(refused.into_iter().all(|outcome| outcome.unwrap()));
    assert_eq!(provider.asked().await, 2);
    assert!(authenticate(&authenticator, &good).await.is_ok());
    // Nor do sets without a key that can be used, or failures, open the way.
    provider.pass(31);
    provider.publish_raw(json!({ "keys": [] }));
    let mut header = key.header();
    header.kid = Some("unknown".to_owned());
    for _ in 0..20 {
        let unknown = key.sign_under(&header, &claims);
        assert!(authenticate(&authenticator, &unknown).await.is_err());
    }
    assert_eq!(provider.asked().await, 3);
}

#[tokio::test]
async fn keys_stay_in_use_while_the_issuer_is_down() {
    let key = TestKey::p256("ec");
    let provider = Provider::start(&[&key]).await;
    let mut auth = provider.auth();
    auth.issuers[0].keys_kept_seconds = 7_200;
    let authenticator = provider.authenticator_with(&auth);
    assert!(
        authenticate(&authenticator, &key.sign(&provider.claims()))
            .await
            .is_ok()
    );
    provider.fail(Some(ResponseTemplate::new(503)));
    provider.pass(7_000);
    assert!(
        authenticate(&authenticator, &key.sign(&provider.claims()))
            .await
            .is_ok()
    );
    provider.pass(1_000);
    let refused = authenticate(&authenticator, &key.sign(&provider.claims())).await;
    assert_eq!(refused, Err(ApiError::IssuerUnavailable));
    provider.fail(None);
    provider.pass(31);
    assert!(
        authenticate(&authenticator, &key.sign(&provider.claims()))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn without_keys_a_token_cannot_be_checked_and_the_issuer_is_not_flooded() {
    let key = TestKey::p256("ec");
    let provider = Provider::start(&[&key]).await;
    for fault in [
        ResponseTemplate::new(500),
        ResponseTemplate::new(302).insert_header("location", "/keys"),
        ResponseTemplate::new(200).set_body_string("<html>"),
        ResponseTemplate::new(200).set_body_string("x".repeat(600 << 10)),
    ] {
        provider.fail(Some(fault));
        let authenticator = provider.authenticator();
        let before = provider.asked().await;
        for _ in 0..50 {
            let refused = authenticate(&authenticator, &key.sign(&provider.claims())).await;
            assert_eq!(refused, Err(ApiError::IssuerUnavailable));
        }
        assert!(provider.asked().await - before <= 1);
    }
}

#[tokio::test]
async fn a_slow_issuer_is_waited_for_within_its_time_and_once() {
    let key = TestKey::p256("ec");
    let provider = Provider::start(&[&key]).await;
    let mut auth = provider.auth();
    auth.issuers[0].timeout_ms = 200;
    let authenticator = Arc::new(provider.authenticator_with(&auth));
    provider.fail(Some(
        ResponseTemplate::new(200).set_delay(Duration::from_mins(1)),
    ));
    let token = key.sign(&provider.claims());
    let all = (0..100).map(|_| {
        let (authenticator, token) = (Arc::clone(&authenticator), token.clone());
        tokio::spawn(async move { authenticate(&authenticator, &token).await })
    });
    for outcome in join_all(all.collect::<Vec<_>>()).await {
        assert_eq!(outcome.unwrap(), Err(ApiError::IssuerUnavailable));
    }
    assert_eq!(provider.asked().await, 1);
    // A client that leaves does not stop the fetch that others wait for.
    provider.fail(Some(
        ResponseTemplate::new(200)
            .set_delay(Duration::from_millis(100))
            .set_body_json(json!({ "keys": [key.jwk()] })),
    ));
    provider.pass(10);
    let leaving = tokio::spawn({
        let (authenticator, token) = (Arc::clone(&authenticator), token.clone());
        async move { authenticate(&authenticator, &token).await }
    });
    tokio::time::sleep(Duration::from_millis(20)).await;
    leaving.abort();
    let token = key.sign(&provider.claims());
    assert!(authenticate(&authenticator, &token).await.is_ok());
    assert_eq!(provider.asked().await, 2);
}

#[tokio::test]
async fn keys_that_cannot_be_used_are_passed_over() {
    let (key, other) = (TestKey::rsa("rsa"), TestKey::p256("ec"));
    let provider = Provider::start(&[]).await;
    let with = |changes: serde_json::Value| {
        let mut jwk = key.jwk();
        for (name, value) in changes.as_object().unwrap() {
            jwk[name] = value.clone();
        }
        json!({ "keys": [other.jwk(), jwk, 7, {"kty": "oct", "k": "c2VjcmV0", "kid": "oct"}] })
    };
    for (changes, is_used) in [
        (json!({}), true),
        (json!({"use": "sig"}), true),
        (json!({"use": "enc"}), false),
        (json!({"key_ops": ["verify"]}), true),
        (json!({"key_ops": ["encrypt"]}), false),
        (json!({"alg": "RS512"}), false),
        (json!({"alg": "RSA-OAEP"}), false),
        (json!({"kty": "EC"}), false),
        // 1,024 bits.
        (json!({"n": key.jwk()["n"].as_str().unwrap()[..172]}), false),
    ] {
        provider.publish_raw(with(changes.clone()));
        let authenticator = provider.authenticator();
        let outcome = authenticate(&authenticator, &key.sign(&provider.claims())).await;
        assert_eq!(outcome.is_ok(), is_used, "{changes} {outcome:?}");
        let by_other = other.sign(&provider.claims());
        assert!(
            authenticate(&authenticator, &by_other).await.is_ok(),
            "{changes}"
        );
    }
    // An algorithm that is not pinned is refused, whatever the keys allow.
    let mut auth = provider.auth();
    provider.publish(&[&key]);
    auth.issuers[0].algorithms = serde_json::from_value(json!(["PS256"])).unwrap();
    let authenticator = provider.authenticator_with(&auth);
    assert!(
        refusal(&authenticator, &key.sign(&provider.claims()))
            .await
            .contains("algorithm")
    );
    let mut header = key.header();
    header.alg = Algorithm::PS256;
    let token = key.sign_under(&header, &provider.claims());
    assert!(authenticate(&authenticator, &token).await.is_ok());
}

#[tokio::test]
async fn metadata_must_be_those_of_the_issuer() {
    let key = TestKey::p256("ec");
    let provider = Provider::start(&[&key]).await;
    let other = Provider::start(&[&key]).await;
    let mut auth = provider.auth();
    auth.issuers[0].discovery_url = Some(format!(
        "{}/.well-known/openid-configuration",
        other.server.uri()
    ));
    let authenticator = provider.authenticator_with(&auth);
    let refused = authenticate(&authenticator, &key.sign(&provider.claims())).await;
    assert_eq!(refused, Err(ApiError::IssuerUnavailable));
    assert_eq!(other.asked().await, 0);
    // A key set that is named needs no metadata.
    auth.issuers[0].discovery_url = None;
    auth.issuers[0].jwks_url = Some(format!("{}/keys", other.server.uri()));
    let authenticator = provider.authenticator_with(&auth);
    assert!(
        authenticate(&authenticator, &key.sign(&provider.claims()))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn keys_may_be_in_a_file_that_is_read_again() {
    let (old, new) = (TestKey::ed25519("old"), TestKey::ed25519("new"));
    let provider = Provider::start(&[]).await;
    let scratch = Scratch::new();
    let file = scratch.path().join("keys.json");
    let write = |key: &TestKey| {
        std::fs::write(&file, json!({ "keys": [key.jwk()] }).to_string()).unwrap();
    };
    write(&old);
    let mut auth = provider.auth();
    auth.issuers[0].jwks_file = Some(file.clone());
    let authenticator = provider.authenticator_with(&auth);
    assert!(
        authenticate(&authenticator, &old.sign(&provider.claims()))
            .await
            .is_ok()
    );
    write(&new);
    provider.pass(2);
    assert!(
        authenticate(&authenticator, &new.sign(&provider.claims()))
            .await
            .is_ok()
    );
    assert_eq!(provider.asked().await, 0);
}
