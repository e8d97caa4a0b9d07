//! Serves the public key with which sources verify the gateway's tokens.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use crate::{app::App, error::ApiError};

/// A JSON Web Key Set.
pub(super) async fn keys(State(app): State<Arc<App>>) -> Response {
    match app.registry() {
        Some(registry) => {
            let fresh = [(header::CACHE_CONTROL, "public, max-age=300")];
            (fresh, Json(registry.jwks.clone())).into_response()
        }
        None => ApiError::NotFound.into_response(),
    }
}
