//! Bearer tokens of this installation: signed with the local key, checked against it and nothing else.

use std::sync::Arc;

use aws_lc_rs::rand;
use data_encoding::HEXLOWER;
use jsonwebtoken::{Algorithm, Header, Validation, decode, encode};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    Clearance, Clock, Identity, Principal, SigningKey, TokenError,
    claims::{Times, Unverified},
    with_implied,
};
use crate::config::LOCAL_ISSUER;

const AUDIENCE: &str = "upfront";
/// Seconds that the clock of who made a token may be ahead.
const LEEWAY: u64 = 60;

#[derive(Debug, Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    entity: Option<&'a str>,
    scope: String,
    iat: u64,
    exp: u64,
    jti: String,
}

/// What a token is to say.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// Code of the entity.
    pub entity: String,
    /// The officer whom it is for (`sub`); none where it is for the entity as a whole.
    pub subject: Option<String>,
    /// Scopes, clearances included.
    pub scopes: Vec<String>,
    /// Seconds it is good for.
    pub lifetime: u64,
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
    if let Some(subject) = &request.subject
        && !is_subject(subject)
    {
        return Err(TokenError::Subject(subject.clone()));
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
    let mut id = [0_u8; 16];
    rand::fill(&mut id).map_err(|_| TokenError::NotSigned)?;
    let claims = Claims {
        iss: LOCAL_ISSUER,
        aud: AUDIENCE,
        sub: request.subject.as_ref().unwrap_or(&request.entity),
        entity: request.subject.as_ref().map(|_| request.entity.as_str()),
        scope: request.scopes.join(" "),
        iat: now,
        exp: now.saturating_add(request.lifetime),
        jti: HEXLOWER.encode(&id),
    };
    let header = Header {
        kid: Some(key.id()),
        ..Header::new(Algorithm::EdDSA)
    };
    encode(&header, &claims, &key.encoding).map_err(|_| TokenError::NotSigned)
}

/// A token that was verified.
#[derive(Clone, Debug)]
pub(super) struct Verified {
    pub(super) principal: Arc<Principal>,
    /// From when on it is refused, in seconds since 1970.
    pub(super) expires: u64,
}

/// Checks tokens of this installation.
#[derive(Debug)]
pub struct TokenVerifier {
    /// The key that signs first, then those that are accepted beside it.
    keys: Vec<SigningKey>,
    validation: Validation,
    pub(super) clock: Arc<dyn Clock>,
}

impl TokenVerifier {
    /// A verifier of one key's tokens.
    pub fn new(key: SigningKey, clock: Arc<dyn Clock>) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[LOCAL_ISSUER]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Times are checked with the service's clock, for tokens from the cache as well.
        validation.validate_exp = false;
        Self {
            keys: vec![key],
            validation,
            clock,
        }
    }

    /// Accepts tokens of other keys as well: the next one, or the former one.
    #[must_use]
    pub fn accepting(mut self, keys: impl IntoIterator<Item = SigningKey>) -> Self {
        self.keys.extend(keys);
        self
    }

    /// Who a token was given to.
    pub fn verify(&self, token: &str) -> Result<Arc<Principal>, TokenError> {
        let unverified = Unverified::read(token)?;
        let verified = self.check(token, &unverified.header)?;
        Ok(verified.principal)
    }

    pub(super) fn check(&self, token: &str, header: &Header) -> Result<Verified, TokenError> {
        let claims = self.decode(token, header)?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        // A token for an entity as a whole has its code as `sub` alone.
        let entity = text("entity").or(text("sub"));
        let entity = entity.filter(|entity| is_entity_code(entity));
        let (Some(entity), Some(subject), Some(scopes)) = (entity, text("sub"), text("scope"))
        else {
            return Err(TokenError::Invalid);
        };
        let times = Times::of(&claims)?;
        times.check(self.clock.now(), 0, LEEWAY)?;
        let scopes = scopes.split(' ').filter(|scope| !scope.is_empty());
        let identity = Identity {
            issuer: LOCAL_ISSUER.into(),
            subject: subject.to_owned(),
            on_behalf_of: None,
            client: None,
            session: None,
            token_id: text("jti").map(str::to_owned),
            issued_at: times.issued_at,
        };
        Ok(Verified {
            principal: Arc::new(Principal {
                entity: Some(entity.to_owned()),
                scopes: with_implied(scopes.map(str::to_owned)),
                identity: Some(Arc::new(identity)),
                is_service: false,
            }),
            expires: times.expires,
        })
    }

    fn decode(&self, token: &str, header: &Header) -> Result<Map<String, Value>, TokenError> {
        let named = header.kid.as_deref();
        let keys = self.keys.iter();
        let mut keys = keys.filter(|key| named.is_none_or(|kid| kid == key.id()));
        let mut outcome = Err(TokenError::Invalid);
        while outcome.is_err()
            && let Some(key) = keys.next()
        {
            outcome = decode(token, &key.decoding, &self.validation)
                .map(|data| data.claims)
                .map_err(|error| match TokenError::from(&error) {
                    claim @ (TokenError::Audience | TokenError::Lacks(_)) => claim,
                    _ => TokenError::Invalid,
                });
        }
        outcome
    }
}

/// Whether a text is written as codes of entities are.
pub fn is_entity_code(code: &str) -> bool {
    code.len() <= 64
        && code.starts_with(|first: char| first.is_ascii_uppercase())
        && code
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether a text can name an officer: what shows, and not too long.
fn is_subject(subject: &str) -> bool {
    let is_shown = |letter: char| !letter.is_control() && !letter.is_whitespace();
    !subject.is_empty() && subject.len() <= 128 && subject.chars().all(is_shown)
}

/// Whether a text can be a scope. RFC 6749, section 3.3: printable, without space, quote and backslash.
pub fn is_scope(scope: &str) -> bool {
    !scope.is_empty()
        && scope.len() <= 128
        && scope
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
}
