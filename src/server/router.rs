//! All routes, and the layers that every request passes.

use std::sync::Arc;

use axum::{
    Router,
    http::{HeaderName, HeaderValue, Method, header},
    middleware::{from_fn_with_state, map_request},
    routing::{any, get},
};
use indexmap::IndexSet;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    cors::{AllowOrigin, CorsLayer},
    request_id::{PropagateRequestIdLayer, SetRequestIdLayer},
};

use super::{
    forwarded, graphql, health, host, keys, landing, metrics,
    middleware::{self, REQUEST_ID, RandomId},
    options,
};
use crate::{app::App, config::Config, error::ApiError};

/// Headers that clients send to every GraphQL service: the client's name, those that force a
/// preflight, and the trace context.
const CLIENT_HEADERS: [&str; 9] = [
    "upfront-purpose",
    "apollographql-client-name",
    "apollographql-client-version",
    "graphql-client-name",
    "graphql-client-version",
    "apollo-require-preflight",
    "x-apollo-operation-name",
    "traceparent",
    "tracestate",
];

/// Every route there is.
pub(super) fn router(app: &Arc<App>) -> Router {
    let for_pages = Router::new()
        .route("/graphql", any(graphql::respond))
        .route("/schema.graphql", get(landing::schema))
        .route("/levels.json", get(landing::levels))
        .layer(cors(&app.config));
    Router::new()
        .route("/", get(landing::page))
        .merge(for_pages)
        .route("/.well-known/jwks.json", get(keys::keys))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(metrics::page))
        .fallback(|| async { ApiError::NotFound })
        .method_not_allowed_fallback(|| async { ApiError::ReadOnly })
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(Arc::clone(app), host::check))
        .layer(from_fn_with_state(Arc::clone(app), forwarded::resolve))
        .layer(CatchPanicLayer::custom(middleware::answer_panic))
        .layer(from_fn_with_state(Arc::clone(app), middleware::observe))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, RandomId))
        .layer(map_request(middleware::drop_unsound_id))
        .with_state(Arc::clone(app))
}

/// Only origins that are listed, and never with cookies. A page may send what is read here, what
/// clients send anywhere, and what the settings hand on to a source.
fn cors(config: &Config) -> CorsLayer {
    let origins = config.cors.origins.iter();
    let origins = origins.filter_map(|origin| HeaderValue::from_str(origin).ok());
    let own = [
        header::ACCEPT,
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        HeaderName::from_static(options::ERRORS_HEADER),
        HeaderName::from_static(options::INCLUDE_HEADER),
        REQUEST_ID,
    ];
    let sources = config.sources.values();
    let forwarded = sources
        .flat_map(|source| &source.forward_headers)
        .filter_map(|name| name.parse().ok());
    let headers: IndexSet<_> = own
        .into_iter()
        .chain(CLIENT_HEADERS.map(HeaderName::from_static))
        .chain(forwarded)
        .collect();
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(headers.into_iter().collect::<Vec<_>>())
        .expose_headers([REQUEST_ID])
        .max_age(std::time::Duration::from_mins(10))
}
