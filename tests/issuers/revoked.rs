//! Tokens that are refused before their end.

use std::sync::Arc;

use serde_json::json;
use upfront::{
    auth::{Clock, Revocation, Revocations, Revoked, revoke},
    database::Database,
};

use super::provider::{Provider, TestKey, authenticate, refusal};
use crate::support::database::on_each_database;

async fn revoke_one(database: &Database, provider: &Provider, what: Revoked, value: &str) {
    let revocation = Revocation {
        what,
        issuer: provider.server.uri(),
        value: value.to_owned(),
        lasts: 3_600,
        reason: "lost".to_owned(),
    };
    revoke(database, &revocation, provider.clock.as_ref())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_token_a_session_and_a_subject_can_be_revoked() {
    on_each_database(|database| async move {
        let key = TestKey::ed25519("ed");
        let provider = Provider::start(&[&key]).await;
        let revocations = Arc::<Revocations>::default();
        let authenticator = provider.authenticator().refusing(Arc::clone(&revocations));
        let load = async || {
            let clock = provider.clock.as_ref();
            revocations.load(&database, clock).await.unwrap();
        };
        let sign = |changes: serde_json::Value| {
            let mut claims = provider.claims();
            for (name, value) in changes.as_object().unwrap() {
                claims[name] = value.clone();
            }
            key.sign(&claims)
        };
        let first = sign(json!({}));
        let second = sign(json!({"jti": "token-2"}));
        let other_session = sign(json!({"jti": "token-3", "sid": "session-2"}));
        let acted_for = sign(json!({"jti": "token-4", "sid": "s", "act": {"sub": "assistant"}}));
        for token in [&first, &second, &other_session, &acted_for] {
            assert!(authenticate(&authenticator, token).await.is_ok());
        }
        revoke_one(&database, &provider, Revoked::Token, "token-1").await;
        assert!(authenticate(&authenticator, &first).await.is_ok());
        load().await;
        // It had been verified before.
        assert!(refusal(&authenticator, &first).await.contains("revoked"));
        assert!(authenticate(&authenticator, &second).await.is_ok());
        revoke_one(&database, &provider, Revoked::Session, "session-1").await;
        load().await;
        assert!(refusal(&authenticator, &second).await.contains("revoked"));
        assert!(authenticate(&authenticator, &other_session).await.is_ok());
        revoke_one(&database, &provider, Revoked::Subject, "person-7").await;
        revoke_one(&database, &provider, Revoked::Subject, "person-7").await;
        load().await;
        assert!(
            refusal(&authenticator, &other_session)
                .await
                .contains("revoked")
        );
        assert!(
            refusal(&authenticator, &acted_for)
                .await
                .contains("revoked")
        );
        // A token that was made afterwards is another matter.
        provider.pass(61);
        let later = sign(json!({"jti": "token-5", "sid": "session-3"}));
        assert!(authenticate(&authenticator, &later).await.is_ok());
        // Entries end when no token they are about can be valid.
        provider.pass(3_600);
        load().await;
        let again = sign(json!({"sid": "session-3"}));
        assert!(authenticate(&authenticator, &again).await.is_ok());
        let instant = provider.clock.instant();
        assert!(instant.timestamp() > 0);
    })
    .await;
}
