//! GraphQL over HTTP.
//!
//! <https://graphql.github.io/graphql-over-http/draft/>

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Query, Request, State},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};

use super::{
    cross_origin,
    decode::{self, Decoded},
    encode,
    media_type::{self, MediaType},
    middleware::LogFields,
};
use crate::{app::App, error::ApiError, gateway::Caller};

/// `/graphql`: everything within one deadline, from reading the body to the whole answer.
pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let media_type = match MediaType::negotiate(request.headers()) {
        Ok(media_type) => media_type,
        Err(error) => return error.into_response_as(MediaType::default().content_type()),
    };
    let limits = &app.config.limits;
    let outcome = match app.slots.try_acquire() {
        Ok(_slot) => tokio::time::timeout(limits.request_time(), answer(&app, request, media_type))
            .await
            .unwrap_or(Err(ApiError::TimedOut(limits.request_ms))),
        Err(_) => Err(ApiError::Busy),
    };
    outcome.unwrap_or_else(|error| error.into_response_as(media_type.content_type()))
}

async fn answer(app: &App, request: Request, media_type: MediaType) -> Result<Response, ApiError> {
    cross_origin::check(request.headers(), &app.config.cors.origins)?;
    let principal = app.authenticator.authenticate(request.headers())?;
    let headers = request.headers().clone();
    let mut decoded = match *request.method() {
        Method::GET => read_query(request).await?,
        Method::POST => read_body(app, &headers, request).await?,
        _ => {
            return Err(ApiError::MethodNotAllowed(
                "GraphQL is asked by POST, or by GET for queries.",
            ));
        }
    };
    decoded.options.read_headers(&headers)?;
    let labels = app.config.override_labels.iter().cloned();
    decoded.request.labels = labels.collect();
    decoded.request.percentile = draw_percentile();
    let caller = Caller::new(principal).with_headers(&headers);
    let graph = app.gateway.current();
    let response = graph.respond(&decoded.request, &caller).await;
    app.metrics.fetches(&caller.touches());
    if response.data.is_some()
        && let Some(registry) = app.registry()
    {
        registry.note(&graph, &decoded.request, &caller);
    }
    let mut http = encode::encode(&response, &caller, decoded.options, media_type);
    http.extensions_mut().insert(LogFields {
        operation: decoded.request.operation_name.map(shorten),
        entity: caller.principal.entity.clone(),
        errors: response.errors.len(),
        fetches: response.fetches.len(),
    });
    Ok(http)
}

async fn read_query(request: Request) -> Result<Decoded, ApiError> {
    let (mut parts, _) = request.into_parts();
    let Query(pairs) = Query::from_request_parts(&mut parts, &())
        .await
        .map_err(|error| ApiError::BadRequest(format!("{error}.")))?;
    decode::decode_query(pairs)
}

/// The route's body limit holds here.
async fn read_body(app: &App, headers: &HeaderMap, request: Request) -> Result<Decoded, ApiError> {
    media_type::check_body_type(headers)?;
    let body = Bytes::from_request(request, &()).await.map_err(|error| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            ApiError::TooLarge(app.config.limits.body_bytes)
        } else {
            ApiError::BadRequest("The body broke off.".to_owned())
        }
    })?;
    decode::decode_body(&body)
}

/// A name from outside must not swell the log.
fn shorten(mut name: String) -> String {
    if let Some((end, _)) = name.char_indices().nth(100) {
        name.truncate(end);
    }
    name
}

/// From 0 to 100, for fields that two sources serve in shares.
fn draw_percentile() -> f64 {
    let mut random = [0_u8; 2];
    // Without random bytes the share is merely uneven.
    let _ = aws_lc_rs::rand::fill(&mut random);
    f64::from(u16::from_be_bytes(random)) / f64::from(u16::MAX) * 100.0
}
