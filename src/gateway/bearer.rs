//! The gateway's own token, as the header that says to a source who calls.

use reqwest::{Url, header::HeaderValue};

use crate::auth::{CallerSigner, Principal};

/// The header for a source at a URL; `None` where no token can be signed.
pub(super) fn bearer(
    signer: &CallerSigner,
    url: &Url,
    principal: &Principal,
) -> Option<HeaderValue> {
    let token = signer.token(url.as_str(), principal)?;
    let mut value = HeaderValue::try_from(format!("Bearer {token}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}
