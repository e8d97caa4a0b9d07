//! Bearer tokens: signed with the local key, checked against it and nothing else.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, Header, Validation, decode, decode_header, encode, errors::ErrorKind,
};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};

use super::{Clearance, Clock, Principal, SigningKey, with_implied};

const ISSUER: &str = "upfront:local";
const AUDIENCE: &str = "upfront";
/// Longer ones are refused unread.
const MAX_BYTES: usize = 8 * 1024;
/// Seconds that the clock of a token's issuer may be ahead.
const LEEWAY: u64 = 60;
/// Verified tokens kept, in bytes of their text.
const CACHE_BYTES: u64 = 4 << 20;

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    scope: String,
    iat: u64,
    exp: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<u64>,
}

/// What a token is to say.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// Code of the entity.
    pub entity: String,
    /// Scopes, clearances included.
    pub scopes: Vec<String>,
    /// Seconds it is good for.
    pub lifetime: u64,
}

/// Why a token is not made, or not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// A name that is none.
    #[error("`{0}` is no entity code; write capitals, digits and underscores, such as OHCHR")]
    EntityCode(String),
    /// A scope that is none.
    #[error("`{0}` is no scope; write it without spaces or quotes, such as `registry:publish`")]
    Scope(String),
    /// A scope that is nearly a clearance.
    #[error("`{given}` is no clearance: write `{meant}`, or give it with --clearance")]
    Clearance {
        /// What was given.
        given: String,
        /// The clearance that it is like.
        meant: &'static str,
    },
    /// Its `exp` is past.
    #[error("The bearer token has expired; ask for a new one.")]
    Expired,
    /// Its `nbf` is in the future.
    #[error("The bearer token is not yet valid (`nbf`); ask later, or check the issuer's clock.")]
    Early,
    /// Its audience or its issuer is not this service.
    #[error("The bearer token was not made for this service.")]
    Foreign,
    /// It is not a token of this service at all.
    #[error("The bearer token is not valid: it is malformed or not signed by this service.")]
    Invalid,
    /// The key does not sign.
    #[error("the token could not be signed")]
    NotSigned,
}

/// Makes a token.
pub fn issue(
    key: &SigningKey,
    request: &TokenRequest,
    clock: &dyn Clock,
) -> Result<String, TokenError> {
    if !is_entity_code(&request.entity) {
        return Err(TokenError::EntityCode(request.entity.clone()));
    }
    if let Some(scope) = request.scopes.iter().find(|scope| !is_scope(scope)) {
        return Err(TokenError::Scope(scope.clone()));
    }
    for given in &request.scopes {
        if let Some(meant) = Clearance::nearly(given) {
            return Err(TokenError::Clearance {
                given: given.clone(),
                meant: meant.scope(),
            });
        }
    }
    let now = clock.now();
    let claims = Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: request.entity.clone(),
        scope: request.scopes.join(" "),
        iat: now,
        exp: now.saturating_add(request.lifetime),
        nbf: None,
    };
    encode(&Header::new(Algorithm::EdDSA), &claims, &key.encoding)
        .map_err(|_| TokenError::NotSigned)
}

/// Checks tokens; a valid one is cached until it expires.
#[derive(Debug)]
pub struct TokenVerifier {
    key: SigningKey,
    validation: Validation,
    clock: Arc<dyn Clock>,
    verified: Cache<String, Verified>,
}

#[derive(Clone, Debug)]
struct Verified {
    principal: Arc<Principal>,
    expires: u64,
}

impl TokenVerifier {
    /// A verifier of one key's tokens.
    pub fn new(key: SigningKey, clock: Arc<dyn Clock>) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The time is checked here by the service's clock, also for a token from the cache.
        validation.validate_exp = false;
        let verified = Cache::builder()
            .weigher(|token: &String, _| u32::try_from(token.len()).unwrap_or(u32::MAX))
            .max_capacity(CACHE_BYTES)
            .build();
        Self {
            key,
            validation,
            clock,
            verified,
        }
    }

    /// Who the token was given to.
    pub fn verify(&self, token: &str) -> Result<Arc<Principal>, TokenError> {
        let verified = match self.verified.get(token) {
            Some(known) => known,
            None => self.check(token)?,
        };
        if verified.expires <= self.clock.now() {
            self.verified.invalidate(token);
            return Err(TokenError::Expired);
        }
        Ok(verified.principal)
    }

    fn check(&self, token: &str) -> Result<Verified, TokenError> {
        if token.len() > MAX_BYTES {
            return Err(TokenError::Invalid);
        }
        let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
        // RFC 7515, section 4.1.11: no extension is known here, so none may be called critical.
        let is_jwt = header.typ.is_none_or(|typ| typ.eq_ignore_ascii_case("JWT"));
        if has_critical(token) || !is_jwt {
            return Err(TokenError::Invalid);
        }
        let claims = decode::<Claims>(token, &self.key.decoding, &self.validation)
            .map_err(|error| match error.kind() {
                ErrorKind::InvalidAudience | ErrorKind::InvalidIssuer => TokenError::Foreign,
                _ => TokenError::Invalid,
            })?
            .claims;
        if !is_entity_code(&claims.sub) {
            return Err(TokenError::Invalid);
        }
        let earliest = self.clock.now().saturating_add(LEEWAY);
        if claims.nbf.is_some_and(|nbf| nbf > earliest) {
            return Err(TokenError::Early);
        }
        let scopes = claims.scope.split(' ').filter(|scope| !scope.is_empty());
        let verified = Verified {
            principal: Arc::new(Principal {
                entity: Some(claims.sub),
                scopes: with_implied(scopes.map(str::to_owned)),
            }),
            expires: claims.exp,
        };
        self.verified.insert(token.to_owned(), verified.clone());
        Ok(verified)
    }
}

/// Whether the header of a token has `crit`, whatever its value.
fn has_critical(token: &str) -> bool {
    let header = token.split('.').next().unwrap_or_default();
    let header = BASE64_URL_SAFE_NO_PAD.decode(header).unwrap_or_default();
    let members = serde_json::from_slice::<serde_json::Map<_, _>>(&header);
    members.is_ok_and(|members| members.contains_key("crit"))
}

/// Whether a text is written as codes of entities are.
pub fn is_entity_code(code: &str) -> bool {
    code.len() <= 64
        && code.starts_with(|first: char| first.is_ascii_uppercase())
        && code
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether a text can be a scope. RFC 6749, section 3.3: printable, without space, quote and backslash.
pub fn is_scope(scope: &str) -> bool {
    !scope.is_empty()
        && scope.len() <= 128
        && scope
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
}
