//! What a source is told of the caller.

use std::sync::{Arc, Mutex};

use axum::{Router, http::HeaderMap, routing::post};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, jwk::JwkSet};
use sea_orm::DbBackend;
use serde_json::json;
use upfront::auth::{CallerClaims, GATEWAY_ISSUER, LIFETIME};

use crate::{
    registration::fixture::{CONFIDENTIAL, Service, ask, config, publish, serve, tents_sdl},
    support::{app::send, database::on_one_database},
};

type Seen = Arc<Mutex<Vec<HeaderMap>>>;

/// A source that keeps the headers it is sent.
async fn listening(seen: &Seen) -> Service {
    let seen = Arc::clone(seen);
    let keep = async move |headers: HeaderMap| {
        seen.lock().unwrap().push(headers);
        let body = r#"{"data":{"tents":[{"beds":1}]}}"#;
        ([("content-type", "application/json")], body)
    };
    Service::start(Router::new().route("/graphql", post(keep))).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signed_token_and_nothing_else_of_the_callers() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        let app = serve(&database, config()).await;
        let seen = Seen::default();
        let service = listening(&seen).await;
        let input = json!({ "name": "tents", "url": service.url, "sdl": tents_sdl() });
        assert_eq!(publish(&app, input).await["published"], true);

        let body = json!({ "query": "{ tents { beds } }" });
        let request = app
            .post(&body)
            .header("cookie", "a=b")
            .header("x-secret", "s");
        let token = app.token("OSAPG", &[CONFIDENTIAL]);
        let answer = send(request.bearer_auth(&token)).await.json();
        assert_eq!(answer["data"]["tents"][0]["beds"], 1, "{answer:#}");
        let headers = seen.lock().unwrap().pop().unwrap();
        for private in ["cookie", "x-secret", "upfront-include"] {
            assert!(headers.get(private).is_none(), "{private} was handed on");
        }
        let sent = headers["authorization"]
            .to_str()
            .unwrap()
            .strip_prefix("Bearer ")
            .unwrap();
        assert_ne!(sent, token, "the caller's own token stays here");

        let keys = send(app.get("/.well-known/jwks.json")).await.text;
        let keys: JwkSet = serde_json::from_str(&keys).unwrap();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[GATEWAY_ISSUER]);
        validation.set_audience(&[&service.url]);
        let header = jsonwebtoken::decode_header(sent).unwrap();
        let key = keys.find(&header.kid.unwrap()).unwrap();
        let key = DecodingKey::from_jwk(key).unwrap();
        let claims = decode::<CallerClaims>(sent, &key, &validation)
            .unwrap()
            .claims;
        assert_eq!(claims.sub, "OSAPG");
        assert_eq!(claims.scope, CONFIDENTIAL);
        assert_eq!(claims.exp - claims.iat, LIFETIME);

        // It opens nothing here, and nothing at another source.
        let replayed = send(app.post(&body).bearer_auth(sent)).await;
        assert_eq!(replayed.status, 401, "{}", replayed.text);
        validation.set_audience(&["https://elsewhere.example/graphql"]);
        assert!(decode::<CallerClaims>(sent, &key, &validation).is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_as_configured() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        let mut settings = config();
        let own = settings.sources.entry("tents".to_owned()).or_default();
        own.headers = [("x-api-key".to_owned(), upfront::config::Secret::new("k3y"))].into();
        own.forward_headers = vec!["accept-language".to_owned()];
        let app = serve(&database, settings).await;
        let seen = Seen::default();
        let service = listening(&seen).await;
        let input = json!({ "name": "tents", "url": service.url, "sdl": tents_sdl() });
        assert_eq!(publish(&app, input).await["published"], true);
        let body = json!({ "query": "{ tents { beds } }" });
        send(app.post(&body).header("accept-language", "fr")).await;
        let headers = seen.lock().unwrap().pop().unwrap();
        assert_eq!(headers["x-api-key"], "k3y");
        assert_eq!(headers["accept-language"], "fr");
        let all = ask(
            &app,
            "PARTNER",
            &["registry:publish"],
            &json!({
                "query": "{ sources { name current { sdl url } events { detail } checks { id } } }"
            }),
        )
        .await;
        assert!(
            !all.to_string().contains("k3y"),
            "secrets stay out of the registry"
        );
    })
    .await;
}
