//! What a token says of the person or system behind a call, beside what it grants.

use std::sync::Arc;

/// Whom a token names, and which token it is. Nothing is granted by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// Who made the token (`iss`).
    pub issuer: Arc<str>,
    /// Who calls: `act.sub` (RFC 8693) where one acts for another, else `sub`.
    pub subject: String,
    /// For whom: `sub`, where another acts.
    pub on_behalf_of: Option<String>,
    /// The client that the token was given to (`azp` or `client_id`).
    pub client: Option<String>,
    /// The session at the issuer (`sid`).
    pub session: Option<String>,
    /// The token (`jti`).
    pub token_id: Option<String>,
    /// When it was made (`iat`), in seconds since 1970.
    pub issued_at: Option<u64>,
}
