//! Authentication: from bearer tokens to a principal and its grants.

mod caller_token;
mod clock;
mod grants;
mod key;
mod stored_key;
mod token;

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use indexmap::IndexSet;

pub use caller_token::{CallerClaims, CallerSigner, GATEWAY_ISSUER, LIFETIME};
pub use clock::{Clock, SystemClock};
pub use grants::{Clearance, is_nearly, with_implied};
pub use key::{KeyError, SigningKey};
pub use token::{TokenError, TokenRequest, TokenVerifier, is_entity_code, is_scope, issue};

use crate::error::ApiError;

/// The caller of a request, as established from the bearer token. The default is anonymous.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Principal {
    /// Code of the entity the token was given to; `None` for an anonymous caller.
    pub entity: Option<String>,
    /// Scopes held, clearances included (`clearance:confidential`).
    pub scopes: IndexSet<String>,
}

impl Principal {
    /// Whether the caller holds a scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.contains(scope)
    }
}

/// Authenticates callers.
#[derive(Debug)]
pub struct Authenticator {
    verifier: Option<TokenVerifier>,
    are_others_let_pass: bool,
    anonymous: Arc<Principal>,
}

impl Authenticator {
    /// Without a verifier every caller is anonymous, and credentials are not read.
    pub fn new(verifier: Option<TokenVerifier>) -> Self {
        Self {
            verifier,
            are_others_let_pass: false,
            anonymous: Arc::default(),
        }
    }

    /// Credentials that are not this gateway's are passed on to the services behind it: here their
    /// bearer is anonymous.
    #[must_use]
    pub fn letting_others_pass(mut self) -> Self {
        self.are_others_let_pass = true;
        self
    }

    /// Whether callers can be known by a token.
    pub fn reads_tokens(&self) -> bool {
        self.verifier.is_some()
    }

    /// The caller. Anonymous where no credentials were sent, or where tokens are not read here; an
    /// invalid token is an error, unless credentials for other services are accepted.
    pub fn authenticate(&self, headers: &HeaderMap) -> Result<Arc<Principal>, ApiError> {
        let Some(verifier) = &self.verifier else {
            return Ok(Arc::clone(&self.anonymous));
        };
        match self.verify(verifier, headers) {
            Err(_) if self.are_others_let_pass => Ok(Arc::clone(&self.anonymous)),
            outcome => outcome,
        }
    }

    fn verify(
        &self,
        verifier: &TokenVerifier,
        headers: &HeaderMap,
    ) -> Result<Arc<Principal>, ApiError> {
        let mut given = headers.get_all(header::AUTHORIZATION).iter();
        let Some(value) = given.next() else {
            return Ok(Arc::clone(&self.anonymous));
        };
        let refuse = |why: &str| Err(ApiError::Unauthenticated(why.to_owned()));
        if given.next().is_some() {
            return refuse("There is more than one Authorization header; send one.");
        }
        let token = value
            .to_str()
            .ok()
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim());
        let Some(token) = token else {
            return refuse("The Authorization header must read `Bearer`, a space and a token.");
        };
        verifier
            .verify(token)
            .map_err(|error| ApiError::Unauthenticated(error.to_string()))
    }
}
