//! What every token says, whoever issued it: times, and which issuer it names.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Header, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::TokenError;

/// Longer tokens are refused unread.
const MOST_BYTES: usize = 8 * 1024;

/// A token as it is written; nothing of it has been verified.
#[derive(Debug)]
pub(super) struct Unverified {
    pub(super) header: Header,
    /// Its `iss`.
    pub(super) issuer: String,
}

#[derive(Deserialize)]
struct IssuerClaim {
    iss: Option<String>,
}

impl Unverified {
    /// Reads the parts of a token that say how it is to be verified.
    pub(super) fn read(token: &str) -> Result<Self, TokenError> {
        if token.len() > MOST_BYTES {
            return Err(TokenError::Invalid);
        }
        let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
        // RFC 7515, section 4.1.11: no extension is known here, so none may be called critical.
        if has_critical(token) {
            return Err(TokenError::Critical);
        }
        if !is_access_token(header.typ.as_deref()) {
            return Err(TokenError::Invalid);
        }
        let payload = token.split('.').nth(1).unwrap_or_default();
        let payload = BASE64_URL_SAFE_NO_PAD.decode(payload);
        let payload = payload.map_err(|_| TokenError::Invalid)?;
        let claim: IssuerClaim =
            serde_json::from_slice(&payload).map_err(|_| TokenError::Invalid)?;
        Ok(Self {
            header,
            issuer: claim.iss.ok_or(TokenError::Lacks("iss"))?,
        })
    }
}

/// RFC 7519 and RFC 9068; tokens of other types, such as those for logging out, are for other uses.
fn is_access_token(typ: Option<&str>) -> bool {
    let known = ["JWT", "at+jwt", "application/at+jwt"];
    typ.is_none_or(|typ| known.iter().any(|known| known.eq_ignore_ascii_case(typ)))
}

/// Whether the header of a token has `crit`, whatever its value.
fn has_critical(token: &str) -> bool {
    let header = token.split('.').next().unwrap_or_default();
    let header = BASE64_URL_SAFE_NO_PAD.decode(header).unwrap_or_default();
    let members = serde_json::from_slice::<Map<_, _>>(&header);
    members.is_ok_and(|members| members.contains_key("crit"))
}

/// The times of a token, in seconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) expires: u64,
    pub(super) not_before: Option<u64>,
    pub(super) issued_at: Option<u64>,
}

impl Times {
    /// Those that the claims have; RFC 7519 allows fractions.
    pub(super) fn of(claims: &Map<String, Value>) -> Result<Self, TokenError> {
        let time = |name: &str| match claims.get(name) {
            None => Ok(None),
            Some(value) => seconds(value).map(Some).ok_or(TokenError::Invalid),
        };
        Ok(Self {
            expires: time("exp")?.ok_or(TokenError::Lacks("exp"))?,
            not_before: time("nbf")?,
            issued_at: time("iat")?,
        })
    }

    /// Whether a token is valid now. Clocks may differ by `late` seconds at its end, by `early` seconds
    /// at its beginning.
    pub(super) fn check(self, now: u64, late: u64, early: u64) -> Result<(), TokenError> {
        if self.expires.saturating_add(late) <= now {
            return Err(TokenError::Expired);
        }
        let latest = now.saturating_add(early);
        let begins = [self.not_before, self.issued_at];
        if begins.into_iter().flatten().any(|begins| begins > latest) {
            return Err(TokenError::Early);
        }
        Ok(())
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is in the range of u64"
)]
fn seconds(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| {
        let number = value.as_f64()?;
        // Beyond 2^53 a number is no time.
        (0.0..9.0e15).contains(&number).then_some(number as u64)
    })
}
