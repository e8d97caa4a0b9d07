//! An issuer whose keys are in a file. With `UPFRONT_TEST_TOKENS=issuer` all tokens of tests are its own,
//! else they are of the local key.

use std::path::Path;

use serde_json::json;
use upfront::{
    auth::{Clock, SystemClock},
    config::IssuerSettings,
};

use super::key::TestKey;

/// What its tokens have as `iss`.
pub(crate) const ISSUER: &str = "https://issuer.example";
const AUDIENCE: &str = "upfront-tests";
/// What the scopes in its tokens begin with; the mapping takes it away.
const PREFIX: &str = "upfront/";

/// An issuer that is never asked.
pub(crate) struct TestIssuer {
    key: TestKey,
}

impl TestIssuer {
    /// Nothing unless tests are to use it.
    pub(crate) fn if_asked_for() -> Option<Self> {
        let tokens = std::env::var_os("UPFRONT_TEST_TOKENS")?;
        assert_eq!(tokens, "issuer", "UPFRONT_TEST_TOKENS is `issuer` or unset");
        Some(Self {
            key: TestKey::p256("tests"),
        })
    }

    /// How a service is told of it; its keys are in a file in the directory.
    pub(crate) fn settings(&self, directory: &Path) -> IssuerSettings {
        let file = directory.join("issuer-keys.json");
        let keys = json!({ "keys": [self.key.jwk()] });
        std::fs::write(&file, keys.to_string()).unwrap();
        let settings = json!({
            "issuer": ISSUER,
            "audience": AUDIENCE,
            "jwks_file": file,
            "algorithms": ["ES256"],
            "mapping": {
                "entity": { "claim": "profile.entity" },
                "clearance": {
                    "claim": "profile.cleared_for",
                    "values": { "C": "confidential", "S": "strictly-confidential" },
                },
                "scopes": [{ "claim": "profile.permissions", "prefix": PREFIX }],
            },
        });
        serde_json::from_value(settings).unwrap()
    }

    /// A token for an entity with these scopes, good for ten minutes.
    pub(crate) fn token_of(&self, entity: &str, subject: Option<&str>, scopes: &[&str]) -> String {
        let (cleared, others): (Vec<&str>, Vec<&str>) = scopes
            .iter()
            .copied()
            .partition(|scope| scope.starts_with("clearance:"));
        let permissions: Vec<_> = others
            .iter()
            .map(|scope| format!("{PREFIX}{scope}"))
            .collect();
        let cleared_for: Vec<_> = cleared
            .iter()
            .map(|scope| {
                if scope.ends_with(":confidential") {
                    "C"
                } else {
                    "S"
                }
            })
            .collect();
        self.key.sign(&json!({
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": subject.unwrap_or(entity),
            "exp": SystemClock.now() + 600,
            "jti": "0123456789abcdef0123456789abcdef",
            "profile": { "entity": entity, "permissions": permissions, "cleared_for": cleared_for },
        }))
    }
}
