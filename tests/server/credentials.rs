//! Tokens: good ones open what they say, bad ones never pass for none.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, crypto, encode};
use serde_json::{Value, json};
use upfront::auth::{
    Authenticator, Clock, SigningKey, SystemClock, TokenError, TokenRequest, TokenVerifier, issue,
};

use crate::{
    server::fixture,
    support::{app::send, scratch::Scratch},
};

const QUERY: &str = "{ areas(first: 1) { name concern informant } }";

#[tokio::test]
async fn a_clearance_opens_its_level_and_those_below() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let app = &fixture.app;
    let area = |answer: Value| answer["data"]["areas"][0].clone();
    let anonymous = send(app.query(QUERY)).await.json();
    assert_eq!(
        area(anonymous),
        json!({"name": "Area 1", "concern": null, "informant": null})
    );
    let token = app.token("OHCHR", &["clearance:confidential"]);
    let confidential = send(app.query(QUERY).bearer_auth(token)).await.json();
    assert_eq!(
        area(confidential),
        json!({"name": "Area 1", "concern": "HIGH", "informant": null})
    );
    let token = app.token("OHCHR", &["clearance:strictly-confidential"]);
    let all = send(app.query(QUERY).bearer_auth(token)).await.json();
    assert_eq!(
        area(all),
        json!({"name": "Area 1", "concern": "HIGH", "informant": "somebody"})
    );
}

#[tokio::test]
async fn bad_credentials_are_refused_and_reach_no_source() {
    let fixture = fixture::start(|_| {}, &[]).await;
    let good = fixture.app.token("OHCHR", &["clearance:confidential"]);
    let swapped = good.replacen('e', "f", 1);
    let cut = good[..good.len() - 4].to_owned();
    for credentials in [
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "Basic b2hjaHI6eA==".to_owned(),
        format!("Bearer {swapped}"),
        format!("Bearer {cut}"),
        format!("Bearer {}", "x".repeat(20_000)),
        good.clone(),
    ] {
        let request = fixture
            .app
            .query(QUERY)
            .header("authorization", &credentials);
        let answer = send(request).await;
        assert_eq!(answer.status, 401, "{credentials}");
        assert_eq!(answer.code(), "UNAUTHENTICATED");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
        assert!(answer.json().get("data").is_none());
    }
    let twice = fixture
        .app
        .query(QUERY)
        .bearer_auth(&good)
        .bearer_auth(&good);
    assert_eq!(send(twice).await.status, 401);
    assert_eq!(fixture.asked.load(Ordering::Relaxed), 0);
}

/// Signs claims with the service's own key.
struct Forge {
    scratch: Scratch,
    verifier: TokenVerifier,
}

impl Forge {
    fn new() -> Self {
        let scratch = Scratch::new();
        let key = SigningKey::open_or_create(scratch.path()).unwrap();
        let verifier = TokenVerifier::new(key, Arc::new(SystemClock));
        Self { scratch, verifier }
    }

    fn verify(&self, change: impl FnOnce(&mut Value)) -> Result<(), TokenError> {
        self.verify_under(&Header::new(Algorithm::EdDSA), change)
    }

    fn verify_under(
        &self,
        header: &Header,
        change: impl FnOnce(&mut Value),
    ) -> Result<(), TokenError> {
        let mut claims = good_claims();
        change(&mut claims);
        let token = encode(header, &claims, &self.key()).unwrap();
        self.verifier.verify(&token).map(|_| ())
    }

    /// Signs good claims under a header as it is written.
    fn verify_under_text(&self, header: &str) -> Result<(), TokenError> {
        let base64 = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        let message = format!("{}.{}", base64(header), base64(&good_claims().to_string()));
        let signature = crypto::sign(message.as_bytes(), &self.key(), Algorithm::EdDSA).unwrap();
        let token = format!("{message}.{signature}");
        self.verifier.verify(&token).map(|_| ())
    }

    fn key(&self) -> EncodingKey {
        let der = std::fs::read(self.scratch.path().join("signing-key.der")).unwrap();
        EncodingKey::from_ed_der(&der)
    }
}

fn good_claims() -> Value {
    let now = SystemClock.now();
    json!({
        "iss": "upfront:local", "aud": "upfront", "sub": "OHCHR",
        "scope": "clearance:confidential", "iat": now, "exp": now + 60,
    })
}

#[test]
fn a_token_must_be_for_this_service_and_from_it() {
    let forge = Forge::new();
    assert_eq!(forge.verify(|_| {}), Ok(()));
    let set = |key: &'static str, value: Value| move |claims: &mut Value| claims[key] = value;
    assert_eq!(
        forge.verify(set("aud", json!("other"))),
        Err(TokenError::Audience)
    );
    assert_eq!(
        forge.verify(set("iss", json!("other"))),
        Err(TokenError::Invalid)
    );
    assert_eq!(
        forge.verify(set("sub", json!("o h"))),
        Err(TokenError::Invalid)
    );
    assert_eq!(
        forge.verify(set("exp", json!("soon"))),
        Err(TokenError::Lacks("exp"))
    );
    let past = SystemClock.now() - 1;
    assert_eq!(
        forge.verify(set("exp", json!(past))),
        Err(TokenError::Expired)
    );
    for key in ["aud", "iss", "sub", "exp", "scope"] {
        let lacking = forge.verify(|claims| {
            claims.as_object_mut().unwrap().remove(key);
        });
        assert!(lacking.is_err(), "{key}");
    }
}

#[test]
fn a_token_is_not_good_before_its_time() {
    let forge = Forge::new();
    let now = SystemClock.now();
    let from = |time: Value| forge.verify(|claims| claims["nbf"] = time);
    assert_eq!(from(json!(now)), Ok(()));
    // A clock may be ahead of another by a little.
    assert_eq!(from(json!(now + 30)), Ok(()));
    assert_eq!(from(json!(now + 3600)), Err(TokenError::Early));
    assert_eq!(from(json!("soon")), Err(TokenError::Invalid));
}

#[test]
fn what_a_token_calls_critical_is_not_passed_over() {
    let forge = Forge::new();
    let under = |change: fn(&mut Header)| {
        let mut header = Header::new(Algorithm::EdDSA);
        change(&mut header);
        forge.verify_under(&header, |_| {})
    };
    let refused = Err(TokenError::Critical);
    assert_eq!(under(|_| {}), Ok(()));
    assert_eq!(
        under(|header| header.crit = Some(vec!["exp2".to_owned()])),
        refused
    );
    assert_eq!(under(|header| header.crit = Some(vec![])), refused);
    assert_eq!(
        forge.verify_under_text(r#"{"alg":"EdDSA","crit":null}"#),
        refused
    );
    assert_eq!(forge.verify_under_text(r#"{"alg":"EdDSA"}"#), Ok(()));
    assert_eq!(
        under(|header| header.typ = Some("dpop+jwt".to_owned())),
        Err(TokenError::Invalid)
    );
    assert_eq!(under(|header| header.typ = None), Ok(()));
    assert_eq!(under(|header| header.typ = Some("jwt".to_owned())), Ok(()));
}

#[test]
fn another_key_or_algorithm_is_not_taken() {
    let forge = Forge::new();
    let now = SystemClock.now();
    let claims = json!({
        "iss": "upfront:local", "aud": "upfront", "sub": "OHCHR",
        "scope": "", "iat": now, "exp": now + 60,
    });
    let other = Forge::new();
    let der = std::fs::read(other.scratch.path().join("signing-key.der")).unwrap();
    let foreign = encode(
        &Header::new(Algorithm::EdDSA),
        &claims,
        &EncodingKey::from_ed_der(&der),
    );
    assert_eq!(
        forge.verifier.verify(&foreign.unwrap()),
        Err(TokenError::Invalid)
    );
    // The classic confusion: the public key as the secret of an HMAC.
    let secret = EncodingKey::from_secret(&der);
    let confused = encode(&Header::new(Algorithm::HS256), &claims, &secret).unwrap();
    assert_eq!(forge.verifier.verify(&confused), Err(TokenError::Invalid));
    let payload = confused.split('.').nth(1).unwrap();
    // {"alg":"none"}
    let unsigned = format!("eyJhbGciOiJub25lIn0.{payload}.");
    assert_eq!(forge.verifier.verify(&unsigned), Err(TokenError::Invalid));
}

#[derive(Debug)]
struct HandClock(AtomicU64);

impl Clock for HandClock {
    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[tokio::test]
async fn a_remembered_token_expires_too() {
    let scratch = Scratch::new();
    let key = SigningKey::open_or_create(scratch.path()).unwrap();
    let clock = Arc::new(HandClock(AtomicU64::new(1000)));
    let request = TokenRequest {
        subject: None,
        entity: "OHCHR".to_owned(),
        scopes: vec![],
        lifetime: 10,
    };
    let token = issue(&key, &request, clock.as_ref()).unwrap();
    let verifier = TokenVerifier::new(key, Arc::clone(&clock) as Arc<dyn Clock>);
    let authenticator = Authenticator::new(Some(verifier));
    let mut headers = axum::http::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    assert!(authenticator.authenticate(&headers).await.is_ok());
    assert!(authenticator.authenticate(&headers).await.is_ok());
    clock.0.store(1010, Ordering::Relaxed);
    for _ in 0..2 {
        let refused = authenticator.authenticate(&headers).await.unwrap_err();
        assert!(refused.to_string().contains("expired"), "{refused}");
    }
}

#[tokio::test]
async fn without_a_key_no_credentials_are_read() {
    let mut headers = axum::http::HeaderMap::new();
    let authenticator = Authenticator::new(None);
    assert_eq!(
        authenticator.authenticate(&headers).await.unwrap().entity,
        None
    );
    for others in ["Bearer a.b.c", "Basic YTpi", "x"] {
        headers.insert("authorization", others.parse().unwrap());
        assert_eq!(
            authenticator.authenticate(&headers).await.unwrap().entity,
            None
        );
    }
}

#[tokio::test]
async fn credentials_for_the_services_behind_it_pass() {
    let scratch = Scratch::new();
    let key = SigningKey::open_or_create(scratch.path()).unwrap();
    let request = TokenRequest {
        subject: None,
        entity: "OHCHR".to_owned(),
        scopes: vec![],
        lifetime: 60,
    };
    let token = issue(&key, &request, &SystemClock).unwrap();
    let verifier = TokenVerifier::new(key, Arc::new(SystemClock));
    let authenticator = Authenticator::new(Some(verifier)).letting_others_pass();
    let mut headers = axum::http::HeaderMap::new();
    headers.insert("authorization", "Bearer a.b.c".parse().unwrap());
    assert_eq!(
        authenticator.authenticate(&headers).await.unwrap().entity,
        None
    );
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    let known = authenticator.authenticate(&headers).await.unwrap();
    assert_eq!(known.entity.as_deref(), Some("OHCHR"));
}
