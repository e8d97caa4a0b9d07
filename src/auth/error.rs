//! Why a token is not made, or not accepted.

use jsonwebtoken::errors::{Error, ErrorKind};

/// Why a token is not made, or not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// A name that is none.
    #[error("`{0}` is no entity code; write capitals, digits and underscores, such as OHCHR")]
    EntityCode(String),
    /// A subject that is none.
    #[error(
        "`{0}` cannot name an officer; write up to 128 bytes without spaces, such as a.officer"
    )]
    Subject(String),
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
    /// Its `nbf` or `iat` is in the future.
    #[error(
        "The bearer token is not yet valid (`nbf`, `iat`); ask later, or check the issuer's clock."
    )]
    Early,
    /// No tokens of its issuer are accepted here.
    #[error("The issuer of the bearer token (`iss`) is none whose tokens are accepted here.")]
    Issuer,
    /// It is for another service.
    #[error("The bearer token was made for another service: its audience (`aud`) is not this one.")]
    Audience,
    /// It has no claim of this name, or one of another form.
    #[error("The bearer token has no valid `{0}`.")]
    Lacks(&'static str),
    /// It names a critical extension.
    #[error("The bearer token names an extension (`crit`), and none is known here.")]
    Critical,
    /// It is signed with an algorithm that the settings do not name for its issuer.
    #[error("The bearer token is signed with an algorithm that is not accepted of its issuer.")]
    Algorithm,
    /// None of the issuer's keys is the one that it names, or has signed it.
    #[error("The bearer token is signed with a key that its issuer does not publish.")]
    UnknownKey,
    /// The key that it names did not sign it.
    #[error("The signature of the bearer token is not valid.")]
    Signature,
    /// There are no keys of its issuer to check it with.
    #[error("The bearer token cannot be checked: the keys of its issuer cannot be read.")]
    NoKeys,
    /// It was revoked.
    #[error("The bearer token has been revoked; ask for a new one.")]
    Revoked,
    /// It is not a token of this service at all.
    #[error("The bearer token is not valid: it is malformed or not signed by this service.")]
    Invalid,
    /// The key does not sign.
    #[error("the token could not be signed")]
    NotSigned,
}

impl From<&Error> for TokenError {
    fn from(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::InvalidAudience => Self::Audience,
            ErrorKind::InvalidIssuer => Self::Issuer,
            ErrorKind::MissingRequiredClaim(claim) => {
                let known = ["exp", "aud", "sub", "iss"];
                let claim = known.into_iter().find(|known| known == claim);
                claim.map_or(Self::Invalid, Self::Lacks)
            }
            ErrorKind::InvalidSignature => Self::Signature,
            ErrorKind::InvalidAlgorithm => Self::Algorithm,
            _ => Self::Invalid,
        }
    }
}
