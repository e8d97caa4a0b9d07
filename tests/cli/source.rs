//! `upfront source test`.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Value, json};
use upfront::auth::{CallerClaims, GATEWAY_ISSUER, SigningKey};
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

use crate::{
    cli::{Outcome, upfront},
    support::scratch::Scratch,
};

/// Answers whoever has a token of this key for this URL, as docs/register-a-source.md says.
async fn careful_service(key: &SigningKey) -> (MockServer, String) {
    let server = MockServer::start().await;
    // As somebody would write it: without the slash that a parsed URL has.
    let url = server.uri();
    let jwks = key.jwks();
    let public = jwks["keys"][0]["x"].as_str().unwrap();
    let public = DecodingKey::from_ed_components(public).unwrap();
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&[&url]);
    validation.set_issuer(&[GATEWAY_ISSUER]);
    let answer = move |request: &Request| {
        let token = request.headers.get("authorization");
        let token = token.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let is_good = token.is_some_and(|token| {
            let claims = decode::<CallerClaims>(token, &public, &validation);
            claims.is_ok_and(|token| token.claims.sub == "anonymous")
        });
        let refused = json!({ "errors": [{ "message": "no good token" }] });
        if !is_good {
            return ResponseTemplate::new(401).set_body_json(refused);
        }
        let asked: Value = request.body_json().unwrap();
        let data = if asked["query"].as_str().unwrap().contains("_service") {
            json!({ "_service": { "sdl": "type Query { a: Int }" } })
        } else {
            json!({ "__typename": "Query" })
        };
        ResponseTemplate::new(200).set_body_json(json!({ "data": data }))
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    (server, url)
}

fn test(scratch: &Scratch, arguments: &[&str]) -> Outcome {
    upfront(scratch.path(), &[&["source", "test"], arguments].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_checks_tokens_is_tried_with_one() {
    let scratch = Scratch::new();
    let key = SigningKey::open_or_create(&scratch.path().join("data")).unwrap();
    let (_server, url) = careful_service(&key).await;

    let without = test(&scratch, &[&url]);
    assert_eq!(without.code, Some(1), "{}", without.stdout);
    assert!(without.stdout.contains("--sign"), "{}", without.stdout);

    let signed = test(&scratch, &["--sign", "--data-dir", "data", &url]);
    assert_eq!(signed.code, Some(0), "{}{}", signed.stdout, signed.stderr);
    assert!(
        signed.stdout.contains("ok    tells its SDL"),
        "{}",
        signed.stdout
    );

    let slashed = format!("{url}/");
    let other = test(&scratch, &["--sign", "--data-dir", "data", &slashed]);
    assert_eq!(other.code, Some(1));
    for part in ["answered 401 Unauthorized", "character by character"] {
        assert!(other.stdout.contains(part), "{}", other.stdout);
    }

    let elsewhere = test(&scratch, &["--sign", &url]);
    assert_eq!(elsewhere.code, Some(1));
    assert!(
        elsewhere
            .stderr
            .contains("no signing key in the data directory"),
        "{}",
        elsewhere.stderr
    );
}

#[test]
fn a_file_that_is_not_there_is_told_apart_from_problems() {
    let scratch = Scratch::new();
    for command in ["check", "publish"] {
        let url = "http://127.0.0.1:1/graphql";
        let arguments = ["--name", "tents", "--url", url, "--schema", "nope.graphql"];
        let all = [&["source", command], arguments.as_slice()].concat();
        let outcome = upfront(scratch.path(), &all);
        assert_eq!(outcome.code, Some(2), "{}", outcome.stderr);
        let told = "upfront: cannot read `nope.graphql`: ";
        assert!(outcome.stderr.starts_with(told), "{}", outcome.stderr);
    }
}
