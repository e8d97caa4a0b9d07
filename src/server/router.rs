//! The table of contents.

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, Method, header},
    middleware::from_fn_with_state,
    routing::{any, get},
};
use tower_http::{
    compression::CompressionLayer,
    cors::{AllowOrigin, CorsLayer},
};

use super::{graphql, health, keys, landing, metrics, middleware, options};
use crate::{app::App, error::ApiError};

/// Every route there is.
pub(super) fn router(app: &Arc<App>) -> Router {
    let graphql = Router::new()
        .route("/graphql", any(graphql::handle))
        .layer(DefaultBodyLimit::max(app.config.limits.body_bytes))
        .layer(cors(&app.config.cors.origins));
    Router::new()
        .route("/", get(landing::page))
        .merge(graphql)
        .route("/schema.graphql", get(landing::schema))
        .route("/.well-known/jwks.json", get(keys::keys))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(metrics::page))
        .fallback(|| async { ApiError::NotFound })
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(Arc::clone(app), middleware::observe))
        .with_state(Arc::clone(app))
}

/// Only origins that are listed, and never with cookies.
fn cors(origins: &[String]) -> CorsLayer {
    let origins = origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::ACCEPT,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static(options::ERRORS_HEADER),
            HeaderName::from_static(options::INCLUDE_HEADER),
            middleware::REQUEST_ID,
        ])
        .expose_headers([middleware::REQUEST_ID])
        .max_age(std::time::Duration::from_mins(10))
}
