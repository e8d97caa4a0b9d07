//! Checks the tokens of the configured issuers.

use std::sync::Arc;

use indexmap::IndexMap;
use jsonwebtoken::{Algorithm, Header, Validation, decode};
use serde_json::{Map, Value};

use super::{
    cache::{KeyCache, OnRemoval},
    keys::{KeySet, pinned},
    mapping::ClaimMapping,
};
use crate::{
    auth::{Clock, Identity, Principal, TokenError, Verified, claims::Times},
    config::{AuthSettings, IssuerSettings, LOCAL_ISSUER, Texts},
};

/// Keys that are tried for a token without `kid`.
const MOST_TRIED: usize = 10;

/// The configured issuers, by what their tokens have as `iss`.
#[derive(Debug, Default)]
pub struct Issuers(IndexMap<String, Issuer>);

#[derive(Debug)]
struct Issuer {
    name: Arc<str>,
    keys: Arc<KeyCache>,
    algorithms: Vec<Algorithm>,
    validation: Validation,
    leeway: u64,
    mapping: ClaimMapping,
}

impl Issuers {
    /// The issuers of the settings; `on_removal` is called when one of them has taken a key away.
    pub(in crate::auth) fn new(
        settings: &AuthSettings,
        clock: &Arc<dyn Clock>,
        on_removal: impl Fn() -> OnRemoval,
    ) -> Result<Self, String> {
        let mut issuers = IndexMap::new();
        let others = settings.issuers.iter().enumerate();
        for (at, issuer) in others.filter(|(_, issuer)| issuer.issuer != LOCAL_ISSUER) {
            let read = Issuer::new(issuer, &settings.roles, clock, on_removal());
            let read = read.map_err(|error| format!("`auth.issuers[{at}]`: {error}"))?;
            issuers.insert(issuer.issuer.clone(), read);
        }
        Ok(Self(issuers))
    }

    /// Whether there is none.
    pub(in crate::auth) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one makes tokens with this `iss`.
    pub(in crate::auth) fn knows(&self, issuer: &str) -> bool {
        self.0.contains_key(issuer)
    }

    /// Whether what the keys of an issuer verified counts; of one that is not configured here it does.
    pub(in crate::auth) fn are_keys_in_use(&self, issuer: &str) -> bool {
        self.0
            .get(issuer)
            .is_none_or(|issuer| issuer.keys.is_in_use())
    }

    /// Each issuer, and whether its keys could not be fetched the last time.
    pub(in crate::auth) fn failing(&self) -> impl Iterator<Item = (&str, bool)> {
        let all = self.0.iter();
        all.map(|(name, issuer)| (name.as_str(), issuer.keys.is_failing()))
    }

    /// Has the keys of all fetched, so that the first token does not wait for them.
    pub(in crate::auth) async fn warm_up(&self) {
        let all = self.0.values().map(|issuer| issuer.keys.keys());
        futures::future::join_all(all).await;
    }

    /// Checks a token that says it is of an issuer.
    pub(in crate::auth) async fn verify(
        &self,
        issuer: &str,
        token: &str,
        header: &Header,
        now: u64,
    ) -> Result<Verified, TokenError> {
        let issuer = self.0.get(issuer).ok_or(TokenError::Issuer)?;
        issuer.verify(token, header, now).await
    }
}

impl Issuer {
    fn new(
        settings: &IssuerSettings,
        roles: &IndexMap<String, Texts>,
        clock: &Arc<dyn Clock>,
        on_removal: OnRemoval,
    ) -> Result<Self, String> {
        let algorithms = pinned(&settings.algorithms);
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_audience(&settings.audience);
        validation.set_issuer(&[&settings.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Times are checked with the service's clock, for tokens from the cache as well.
        validation.validate_exp = false;
        let clock = Arc::clone(clock);
        Ok(Self {
            name: settings.issuer.as_str().into(),
            keys: KeyCache::new(settings, algorithms.clone(), clock, on_removal)?,
            algorithms,
            validation,
            leeway: settings.leeway_seconds,
            mapping: ClaimMapping::new(&settings.mapping, roles)?,
        })
    }

    async fn verify(&self, token: &str, header: &Header, now: u64) -> Result<Verified, TokenError> {
        if !self.algorithms.contains(&header.alg) {
            return Err(TokenError::Algorithm);
        }
        let keys = self.keys.keys().await.ok_or(TokenError::NoKeys)?;
        let claims = match self.decode(token, header, &keys) {
            // The issuer may have a new key.
            Err(TokenError::UnknownKey) => {
                let keys = self.keys.keys_after_look().await;
                let keys = keys.ok_or(TokenError::NoKeys)?;
                self.decode(token, header, &keys)
            }
            outcome => outcome,
        }?;
        let times = Times::of(&claims)?;
        times.check(now, self.leeway, self.leeway)?;
        let principal = Principal {
            entity: self.mapping.entity(&claims),
            scopes: self.mapping.scopes(&claims),
            identity: Some(Arc::new(self.identity(&claims, times.issued_at))),
            is_service: false,
        };
        Ok(Verified {
            principal: Arc::new(principal),
            expires: times.expires.saturating_add(self.leeway),
        })
    }

    /// The claims, if a key of the issuer's signed them and they are for this service.
    fn decode(
        &self,
        token: &str,
        header: &Header,
        keys: &KeySet,
    ) -> Result<Map<String, Value>, TokenError> {
        let mut outcome = Err(TokenError::UnknownKey);
        // The library wants all algorithms to be of the key's type; the header's is pinned already.
        let mut validation = self.validation.clone();
        validation.algorithms = vec![header.alg];
        let keys = keys.matching(header.kid.as_deref(), header.alg);
        for key in keys.take(MOST_TRIED) {
            match decode(token, &key.decoding, &validation) {
                Ok(data) => return Ok(data.claims),
                Err(error) => {
                    let is_unsigned = TokenError::from(&error) == TokenError::Signature;
                    // Without `kid` it may be signed with a key that is not known yet.
                    if !(is_unsigned && header.kid.is_none()) {
                        outcome = Err(TokenError::from(&error));
                    }
                }
            }
        }
        outcome
    }

    fn identity(&self, claims: &Map<String, Value>, issued_at: Option<u64>) -> Identity {
        // Some issuers write identifiers as numbers.
        let text = |name: &str| match claims.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let subject = text("sub").unwrap_or_default();
        let actor = claims.get("act").and_then(|act| act.get("sub")?.as_str());
        Identity {
            issuer: Arc::clone(&self.name),
            on_behalf_of: actor.map(|_| subject.clone()),
            subject: actor.map(str::to_owned).unwrap_or(subject),
            client: text("azp").or_else(|| text("client_id")),
            session: text("sid"),
            token_id: text("jti"),
            issued_at,
        }
    }
}
