//! Which tokens are accepted, and which are refused.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use upfront::error::ApiError;

use super::provider::{Provider, TestKey, authenticate, refusal};

#[tokio::test]
async fn tokens_of_each_algorithm_are_accepted() {
    let keys = [
        TestKey::ed25519("ed"),
        TestKey::p256("ec"),
        TestKey::rsa("rsa"),
    ];
    let provider = Provider::start(&keys.each_ref()).await;
    let authenticator = provider.authenticator();
    for key in &keys {
        let token = key.sign(&provider.claims());
        let principal = authenticate(&authenticator, &token).await.unwrap();
        assert_eq!(principal.entity.as_deref(), Some("OHCHR"));
        assert!(principal.has_scope("review:contribute"));
        assert!(!principal.has_scope("uma"));
        let identity = principal.identity.as_ref().unwrap();
        assert_eq!(identity.subject, "person-7");
        assert_eq!(identity.client.as_deref(), Some("web"));
        assert_eq!(identity.on_behalf_of, None);
        // Without `kid` all keys of the algorithm are tried.
        let mut header = key.header();
        header.kid = None;
        let token = key.sign_under(&header, &provider.claims());
        assert!(authenticate(&authenticator, &token).await.is_ok());
    }
    assert_eq!(provider.asked().await, 1);
}

#[tokio::test]
async fn claims_must_be_for_now_and_for_this_service() {
    let key = TestKey::ed25519("ed");
    let provider = Provider::start(&[&key]).await;
    let authenticator = provider.authenticator();
    let now = super::provider::START;
    let good = provider.claims();
    let changed = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        key.sign(&claims)
    };
    for (name, value, why) in [
        ("exp", json!(now - 61), "expired"),
        ("exp", json!("soon"), "no valid `exp`"),
        ("exp", json!(1e300), "no valid `exp`"),
        ("exp", json!(-5), "no valid `exp`"),
        ("nbf", json!(now + 61), "not yet valid"),
        ("nbf", json!([]), "valid"),
        ("iat", json!(now + 61), "not yet valid"),
        ("aud", json!("another"), "another service"),
        ("aud", json!([]), "another service"),
        ("aud", json!({"a": 1}), "valid"),
        (
            "iss",
            json!("https://elsewhere.example"),
            "none whose tokens are accepted",
        ),
        (
            "iss",
            json!(provider.server.uri() + "/"),
            "none whose tokens are accepted",
        ),
        ("iss", json!(["a"]), "valid"),
    ] {
        let why_refused = refusal(&authenticator, &changed(name, value.clone())).await;
        assert!(why_refused.contains(why), "{name} {value}: {why_refused}");
    }
    for (name, value) in [
        ("exp", json!(now - 59)),
        ("exp", json!(f64::from(u32::try_from(now).unwrap()) + 0.5)),
        ("nbf", json!(now + 59)),
        ("aud", json!(["another", "upfront"])),
    ] {
        let token = changed(name, value.clone());
        assert!(
            authenticate(&authenticator, &token).await.is_ok(),
            "{name} {value}"
        );
    }
    for name in ["exp", "iss", "aud", "sub"] {
        let mut claims = good.clone();
        claims.as_object_mut().unwrap().remove(name);
        let why = refusal(&authenticator, &key.sign(&claims)).await;
        let named = format!("has no valid `{name}`");
        assert!(why.contains(&named), "{name}: {why}");
    }
    // A token that was accepted ends by itself.
    let token = key.sign(&good);
    assert!(authenticate(&authenticator, &token).await.is_ok());
    provider.pass(359);
    assert!(authenticate(&authenticator, &token).await.is_ok());
    provider.pass(1);
    assert!(refusal(&authenticator, &token).await.contains("expired"));
}

#[tokio::test]
async fn a_header_chooses_nothing_but_a_key_of_the_issuer() {
    let key = TestKey::rsa("rsa");
    let other = TestKey::rsa("rsa");
    let provider = Provider::start(&[&key]).await;
    let authenticator = provider.authenticator();
    let claims = provider.claims();
    // Signed with another key under the same name, which it brings along or points to.
    let jwk = other.jwk();
    let foreign = format!("{}/foreign", provider.server.uri());
    for header in [
        json!({"alg": "RS256", "kid": "rsa"}),
        json!({"alg": "RS256", "kid": "rsa", "jwk": jwk}),
        json!({"alg": "RS256", "jwk": jwk}),
        json!({"alg": "RS256", "kid": "rsa", "jku": foreign}),
        json!({"alg": "RS256", "kid": "rsa", "x5u": foreign}),
        json!({"alg": "RS256", "kid": "../../../../dev/null"}),
        json!({"alg": "RS256", "kid": foreign}),
        json!({"alg": "RS256", "kid": "' OR 1=1 --"}),
        json!({"alg": "RS256", "kid": 7}),
        json!({"alg": "RS384", "kid": "rsa"}),
        json!({"alg": "ES256", "kid": "rsa"}),
        json!({"alg": "none"}),
        json!({"alg": "NONE", "kid": "rsa"}),
        json!({"alg": "RS256", "kid": "rsa", "crit": ["b64"], "b64": false}),
        json!({"alg": "RS256", "kid": "rsa", "typ": "logout+jwt"}),
    ] {
        let token = other.sign_under_text(&header.to_string(), &claims);
        let refused = authenticate(&authenticator, &token).await;
        assert!(
            matches!(refused, Err(ApiError::Unauthenticated(_))),
            "{header}"
        );
    }
    // The public key as the secret of an HMAC.
    for secret in [key.jwk()["n"].as_str().unwrap(), &key.jwk().to_string()] {
        let header = Header {
            kid: Some("rsa".to_owned()),
            ..Header::new(Algorithm::HS256)
        };
        let confused = encode(
            &header,
            &claims,
            &EncodingKey::from_secret(secret.as_bytes()),
        );
        let why = refusal(&authenticator, &confused.unwrap()).await;
        assert!(why.contains("algorithm"), "{why}");
    }
    // Nothing but the issuer's own places was asked for.
    let requests = provider.server.received_requests().await.unwrap();
    assert!(requests.iter().all(|one| one.url.path() != "/foreign"));
    // What is valid but brings a key along is accepted by the issuer's key.
    let token = key.sign_under_text(
        &json!({"alg": "RS256", "kid": "rsa", "jwk": jwk}).to_string(),
        &claims,
    );
    let accepted = authenticate(&authenticator, &token).await;
    assert!(accepted.is_ok(), "{accepted:?} {}", key.jwk());
}

#[tokio::test]
async fn damaged_tokens_are_refused() {
    let key = TestKey::p256("ec");
    let provider = Provider::start(&[&key]).await;
    let authenticator = provider.authenticator();
    let token = key.sign(&provider.claims());
    for at in (0..token.len()).step_by(7) {
        assert!(
            authenticate(&authenticator, &token[..at]).await.is_err(),
            "cut at {at}"
        );
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        let last = token.rfind('.').unwrap();
        // The last character of a signature has bits that count for nothing.
        if at != token.len() - 1 {
            let refused = authenticate(&authenticator, &changed).await;
            assert!(refused.is_err(), "changed at {at} of {last}");
        }
    }
    let long = format!("{token}{}", "A".repeat(1 << 20));
    assert!(authenticate(&authenticator, &long).await.is_err());
    let mut deep = "[".repeat(3_000);
    deep.push_str(&"]".repeat(3_000));
    let deep = BASE64_URL_SAFE_NO_PAD.encode(deep);
    assert!(
        authenticate(&authenticator, &format!("{deep}.{deep}.x"))
            .await
            .is_err()
    );
    let accepted = authenticate(&authenticator, &token).await;
    assert!(accepted.is_ok(), "{accepted:?} {}", key.jwk());
}

#[tokio::test]
async fn an_issuer_is_held_to_its_own_keys() {
    let (key, other) = (TestKey::ed25519("same"), TestKey::ed25519("same"));
    let (first, second) = (
        Provider::start(&[&key]).await,
        Provider::start(&[&other]).await,
    );
    let mut auth = first.auth();
    auth.issuers.push(second.settings());
    let authenticator = first.authenticator_with(&auth);
    assert!(
        authenticate(&authenticator, &key.sign(&first.claims()))
            .await
            .is_ok()
    );
    assert!(
        authenticate(&authenticator, &other.sign(&second.claims()))
            .await
            .is_ok()
    );
    assert!(
        authenticate(&authenticator, &key.sign(&second.claims()))
            .await
            .is_err()
    );
    assert!(
        authenticate(&authenticator, &other.sign(&first.claims()))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn who_acts_for_whom_is_known() {
    let key = TestKey::ed25519("ed");
    let provider = Provider::start(&[&key]).await;
    let mut claims = provider.claims();
    claims["act"] = json!({ "sub": "assistant-3" });
    let authenticator = provider.authenticator();
    let principal = authenticate(&authenticator, &key.sign(&claims))
        .await
        .unwrap();
    let identity = principal.identity.as_ref().unwrap();
    assert_eq!(identity.subject, "assistant-3");
    assert_eq!(identity.on_behalf_of.as_deref(), Some("person-7"));
}
