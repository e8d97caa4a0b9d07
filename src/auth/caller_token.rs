//! The token that tells a source who the caller is: short-lived, signed with the local key.
//!
//! It is made for one source: its audience is the source's URL, so that it is not valid elsewhere,
//! least of all here.

use std::sync::Arc;

use jsonwebtoken::{Algorithm, Header, encode};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};

use super::{Clock, Principal, SigningKey};

/// Who signs.
pub const GATEWAY_ISSUER: &str = "upfront:gateway";
/// Seconds a token is good for.
pub const LIFETIME: u64 = 60;
/// A token is used again as long as it is good for so many seconds more.
const LEFT_AT_LEAST: u64 = 30;
const MOST_KEPT: u64 = 10_000;

/// What the token says.
#[derive(Debug, Serialize, Deserialize)]
pub struct CallerClaims {
    /// [`GATEWAY_ISSUER`].
    pub iss: String,
    /// URL of the source it is for.
    pub aud: String,
    /// Code of the caller's entity; `anonymous` for a caller without one.
    pub sub: String,
    /// The caller's scopes, clearances included, separated by spaces.
    pub scope: String,
    /// When it was made.
    pub iat: u64,
    /// Until when it is good.
    pub exp: u64,
}

/// Makes tokens for sources.
#[derive(Debug)]
pub struct CallerSigner {
    key: SigningKey,
    clock: Arc<dyn Clock>,
    lifetime: u64,
    made: Cache<For, Made>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct For {
    audience: String,
    entity: Option<String>,
    scopes: Vec<String>,
}

#[derive(Clone, Debug)]
struct Made {
    token: Arc<str>,
    expires: u64,
}

impl CallerSigner {
    /// Signs with a key.
    pub fn new(key: SigningKey, clock: Arc<dyn Clock>) -> Self {
        Self {
            key,
            clock,
            lifetime: LIFETIME,
            made: Cache::new(MOST_KEPT),
        }
    }

    /// The same with tokens that are good for another time.
    #[must_use]
    pub fn lasting(mut self, seconds: u64) -> Self {
        self.lifetime = seconds;
        self
    }

    /// A token for one source about one caller; `None` if the key does not sign.
    pub fn token(&self, audience: &str, caller: &Principal) -> Option<Arc<str>> {
        let whom = For {
            audience: audience.to_owned(),
            entity: caller.entity.clone(),
            scopes: caller.scopes.iter().cloned().collect(),
        };
        let now = self.clock.now();
        if let Some(made) = self.made.get(&whom)
            && made.expires >= now.saturating_add(LEFT_AT_LEAST)
        {
            return Some(made.token);
        }
        let claims = CallerClaims {
            iss: GATEWAY_ISSUER.to_owned(),
            aud: audience.to_owned(),
            sub: whom
                .entity
                .clone()
                .unwrap_or_else(|| "anonymous".to_owned()),
            scope: whom.scopes.join(" "),
            iat: now,
            exp: now.saturating_add(self.lifetime),
        };
        let header = Header {
            kid: Some(self.key.id()),
            ..Header::new(Algorithm::EdDSA)
        };
        let token: Arc<str> = encode(&header, &claims, &self.key.encoding).ok()?.into();
        let made = Made {
            token: Arc::clone(&token),
            expires: claims.exp,
        };
        self.made.insert(whom, made);
        Some(token)
    }
}
