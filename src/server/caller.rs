//! Who asks: the token is checked and the request counted, so that guessing tokens is asking.

use std::sync::Arc;

use axum::http::{Extensions, HeaderMap};

use super::forwarded::ClientAddress;
use crate::{app::App, auth::Principal, error::ApiError};

/// The caller of a request, once the request was counted: for its principal, or where it has none, or its
/// token is refused, for its address.
pub(super) async fn authenticate(
    app: &App,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Result<Arc<Principal>, ApiError> {
    let address = extensions.get().map(|ClientAddress(address)| *address);
    let authenticated = app.authenticator.authenticate(headers).await;
    let principal = authenticated.as_deref().ok();
    app.rates.count(principal, address).await?;
    authenticated
}
