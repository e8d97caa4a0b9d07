//! The table of contents.

use std::sync::Arc;

use axum::{Router, middleware::from_fn, routing::get};

use super::{health, middleware};
use crate::{app::App, error::ApiError};

/// Every route there is.
pub(super) fn router(app: &Arc<App>) -> Router {
    Router::new()
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .fallback(|| async { ApiError::NotFound })
        .layer(from_fn(middleware::observe))
        .with_state(Arc::clone(app))
}
