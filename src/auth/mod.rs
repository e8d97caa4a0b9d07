//! Authentication: from bearer tokens to a principal and its grants.

mod authenticator;
mod caller_token;
mod claims;
mod clock;
mod error;
mod grants;
mod http;
mod identity;
mod issuers;
mod key;
mod key_ring;
mod person;
mod policies;
mod principal;
mod revocation;
mod stored_key;
mod token;

pub use authenticator::Authenticator;
pub use caller_token::{CallerClaims, CallerSigner, GATEWAY_ISSUER, LIFETIME};
pub use clock::{Clock, SystemClock};
pub use error::TokenError;
pub use grants::{
    CLEARING, CONTRIBUTING, Clearance, EXACT, GRANT_ROLES, SECRETARIAT, is_nearly, with_implied,
};
pub use identity::Identity;
pub use issuers::Issuers;
pub use key::{KeyError, SigningKey};
pub use key_ring::KeyRing;
pub use person::Person;
pub use principal::Principal;
pub use revocation::{Revocation, Revocations, Revoked, revoke};
pub use token::{TokenRequest, TokenVerifier, is_entity_code, is_scope, issue};

use token::Verified;
