//! Refuses requests that a page of another origin makes a browser send without a CORS preflight.
//!
//! A POST must be `application/json`, for which browsers send a preflight. This leaves a GET by a
//! script, an image or a form, and requests with an origin that is not allowed. Browsers send in
//! `Sec-Fetch-Site` how the page's site relates to the request's, which no page can forge and no
//! proxy changes; without it, `Origin` and `Host` are compared.

use axum::http::{HeaderMap, header};

use crate::error::ApiError;

/// Whether the request may come from the user or from a page of an allowed origin.
pub(super) fn check(headers: &HeaderMap, allowed: &[String]) -> Result<(), ApiError> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-mode") == Some("no-cors") {
        return refuse();
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return Ok(());
    };
    let origin = origin.to_str().unwrap_or_default();
    let is_same_origin = match text("sec-fetch-site") {
        // `none`: the person typed the address.
        Some(relation) => matches!(relation, "same-origin" | "none"),
        None => text("host").is_some_and(|host| {
            ["http://", "https://"]
                .iter()
                .any(|scheme| origin.strip_prefix(scheme) == Some(host))
        }),
    };
    if is_same_origin || allowed.iter().any(|known| known == origin) {
        return Ok(());
    }
    refuse()
}

fn refuse() -> Result<(), ApiError> {
    Err(ApiError::CrossOrigin(
        "Pages of this origin may not ask here; whoever runs the service can add the origin to \
         `cors.origins`."
            .to_owned(),
    ))
}
