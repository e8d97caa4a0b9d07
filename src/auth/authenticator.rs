//! From the headers of a request to its caller. In: the `Authorization` header. Out: a [`Principal`], or
//! the error that the client gets. Invariant: a token that was verified before is checked for its end and
//! for revocation at each use.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::http::{HeaderMap, header};
use indexmap::IndexSet;
use moka::sync::Cache;

use super::{
    Clock, Issuers, Principal, Revocations, SystemClock, TokenError, TokenVerifier, Verified,
    claims::Unverified, issuers::OnRemoval, policies::Policies,
};
use crate::{
    config::{AuthSettings, LOCAL_ISSUER},
    error::ApiError,
};

/// Verified tokens kept, in bytes of their text and of what they grant.
const CACHE_BYTES: u64 = 4 << 20;
/// Bytes of what a token grants, beside its text.
const GRANTED_BYTES: usize = 512;

/// Finds out who calls.
#[derive(Debug)]
pub struct Authenticator {
    local: Option<TokenVerifier>,
    issuers: Issuers,
    /// Nothing where no hook is configured.
    policies: Option<Arc<Policies>>,
    verified: Cache<String, (u64, Verified)>,
    /// Grows when an issuer takes a key away: what was verified before counts no longer.
    generation: Arc<AtomicU64>,
    revocations: Arc<Revocations>,
    clock: Arc<dyn Clock>,
    are_others_let_pass: bool,
    anonymous: Arc<Principal>,
}

impl Authenticator {
    /// Accepts the tokens of this installation. Without a verifier every caller is anonymous: credentials
    /// are not read, whatever they are.
    pub fn new(local: Option<TokenVerifier>) -> Self {
        let clock = local.as_ref().map(|local| Arc::clone(&local.clock));
        let verified = Cache::builder()
            .weigher(|token: &String, _| {
                u32::try_from(token.len() + GRANTED_BYTES).unwrap_or(u32::MAX)
            })
            .max_capacity(CACHE_BYTES)
            .build();
        Self {
            clock: clock.unwrap_or_else(|| Arc::new(SystemClock)),
            local,
            issuers: Issuers::default(),
            policies: None,
            verified,
            generation: Arc::default(),
            revocations: Arc::default(),
            are_others_let_pass: false,
            anonymous: Arc::default(),
        }
    }

    /// Accepts the tokens of the issuers that the settings name as well, and has their hook asked which
    /// policies a caller satisfies. The error says what is wrong with the settings.
    pub fn with_issuers(
        mut self,
        settings: &AuthSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, String> {
        let on_removal = || {
            let generation = Arc::clone(&self.generation);
            let forget: OnRemoval = Box::new(move || {
                generation.fetch_add(1, Ordering::AcqRel);
            });
            forget
        };
        self.issuers = Issuers::new(settings, &clock, on_removal)?;
        self.policies = Policies::new(&settings.policies, &clock)?;
        self.clock = clock;
        Ok(self)
    }

    /// Credentials that are of no issuer known here are for the services behind the gateway, to which
    /// they are forwarded: here their bearer is anonymous.
    #[must_use]
    pub fn letting_others_pass(mut self) -> Self {
        self.are_others_let_pass = true;
        self
    }

    /// Refuses tokens that were revoked.
    #[must_use]
    pub fn refusing(mut self, revocations: Arc<Revocations>) -> Self {
        self.revocations = revocations;
        self
    }

    /// Whether callers can be known by a token.
    pub fn reads_tokens(&self) -> bool {
        self.local.is_some() || !self.issuers.is_empty()
    }

    /// Each configured issuer, and whether its keys could not be fetched the last time.
    pub fn issuers_failing(&self) -> impl Iterator<Item = (&str, bool)> {
        self.issuers.failing()
    }

    /// Whether the hook that says which policies hold did not answer the last time; nothing where there
    /// is none.
    pub fn policies_failing(&self) -> Option<bool> {
        self.policies.as_ref().map(|hook| hook.is_failing())
    }

    /// Fetches the keys of all issuers.
    pub async fn warm_up(&self) {
        self.issuers.warm_up().await;
    }

    /// The caller. Anonymous where no credentials were sent, or where tokens are not read here; a token
    /// that is invalid is an error, unless it is of an unknown issuer and such are let pass.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<Arc<Principal>, ApiError> {
        if !self.reads_tokens() {
            return Ok(Arc::clone(&self.anonymous));
        }
        let token = match find_token(headers) {
            Ok(Some(token)) => token,
            Err(_) if self.are_others_let_pass => return Ok(Arc::clone(&self.anonymous)),
            Ok(None) => return Ok(Arc::clone(&self.anonymous)),
            Err(why) => return Err(ApiError::Unauthenticated(why.to_owned())),
        };
        match self.verify(token).await {
            Ok(principal) => Ok(principal),
            Err(Refusal::Unknown(_)) if self.are_others_let_pass => Ok(Arc::clone(&self.anonymous)),
            Err(Refusal::Known(TokenError::NoKeys)) => Err(ApiError::IssuerUnavailable),
            Err(Refusal::Unknown(error) | Refusal::Known(error)) => {
                Err(ApiError::Unauthenticated(error.to_string()))
            }
        }
    }

    /// Which of some policies the caller satisfies, as the hook says. None where there is no hook, and
    /// none for an anonymous caller, of whom the hook could not be told anything.
    pub async fn satisfied(
        &self,
        principal: &Principal,
        policies: BTreeSet<String>,
    ) -> IndexSet<String> {
        match &self.policies {
            Some(hook) if principal.is_authenticated() && !policies.is_empty() => {
                let satisfied = hook.satisfied(principal, policies).await;
                satisfied.as_ref().clone()
            }
            _ => IndexSet::new(),
        }
    }

    async fn verify(&self, token: &str) -> Result<Arc<Principal>, Refusal> {
        let now = self.clock.now();
        let generation = self.generation.load(Ordering::Acquire);
        let verified = match self.verified.get(token) {
            Some((known, verified)) if known == generation && self.is_current(&verified) => {
                verified
            }
            _ => {
                let verified = self.check(token, now).await?;
                let entry = (generation, verified.clone());
                self.verified.insert(token.to_owned(), entry);
                verified
            }
        };
        if verified.expires <= now {
            self.verified.invalidate(token);
            return Err(Refusal::Known(TokenError::Expired));
        }
        let identity = verified.principal.identity.as_deref();
        if identity.is_some_and(|identity| self.revocations.holds(identity)) {
            return Err(Refusal::Known(TokenError::Revoked));
        }
        Ok(verified.principal)
    }

    /// Whether the keys that verified it are still in use.
    fn is_current(&self, verified: &Verified) -> bool {
        let identity = verified.principal.identity.as_deref();
        identity.is_none_or(|identity| self.issuers.are_keys_in_use(&identity.issuer))
    }

    async fn check(&self, token: &str, now: u64) -> Result<Verified, Refusal> {
        let unverified = Unverified::read(token).map_err(Refusal::Unknown)?;
        let issuer = unverified.issuer.as_str();
        let verified = match &self.local {
            Some(local) if issuer == LOCAL_ISSUER => local.check(token, &unverified.header),
            _ if self.issuers.knows(issuer) => {
                let checking = self.issuers.verify(issuer, token, &unverified.header, now);
                checking.await
            }
            _ => return Err(Refusal::Unknown(TokenError::Issuer)),
        };
        verified.map_err(Refusal::Known)
    }
}

/// Why a token is not accepted: it is of no known issuer, or it is but is not valid.
enum Refusal {
    Unknown(TokenError),
    Known(TokenError),
}

/// The bearer token of a request, if it has one.
fn find_token(headers: &HeaderMap) -> Result<Option<&str>, &'static str> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = given.next() else {
        return Ok(None);
    };
    if given.next().is_some() {
        return Err("There is more than one Authorization header; send one.");
    }
    let token = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    token
        .map(Some)
        .ok_or("The Authorization header must read `Bearer`, a space and a token.")
}
