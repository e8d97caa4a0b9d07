//! Around every request: an id, one line in the log, and an answer even after a panic.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use tracing::{Instrument, Span};

use crate::{
    app::App,
    error::{ApiError, ErrorCount},
    gateway::OperationKind,
    telemetry::{self, RequestEnd},
};

/// Carries the request's id, both ways.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What a handler adds to the request's line in the log: never a variable's value, a literal or
/// an answer.
#[derive(Clone, Debug, Default)]
pub(super) struct LogFields {
    /// The operation's name, as the client gave it.
    pub(super) operation: Option<String>,
    /// The caller's entity.
    pub(super) entity: Option<String>,
    /// How many fetches ran.
    pub(super) fetches: usize,
    /// The kind of the operation, for metrics alone.
    pub(super) kind: Option<OperationKind>,
}

/// Gives the request an id, runs it and logs it.
pub(super) async fn observe(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let id = find_given_id(&request).unwrap_or_else(random_id);
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let span = span_of(&request, &id);
    let started = Instant::now();
    let outcome = AssertUnwindSafe(next.run(request).instrument(span.clone()))
        .catch_unwind()
        .await;
    let mut response = outcome.unwrap_or_else(|_| {
        span.in_scope(|| tracing::error!("a request panicked"));
        ApiError::Internal.into_response()
    });
    let fields = response
        .extensions_mut()
        .remove::<LogFields>()
        .unwrap_or_default();
    let errors = response.extensions_mut().remove::<ErrorCount>();
    let time = started.elapsed();
    tell(&span, response.status(), &fields);
    app.metrics.request(RequestEnd {
        status: response.status().as_u16(),
        operation: fields.kind.map_or("none", OperationKind::name),
        time,
    });
    tracing::info!(
        target: "upfront::request",
        id,
        %method,
        path,
        status = response.status().as_u16(),
        micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX),
        operation = fields.operation,
        entity = fields.entity,
        errors = errors.unwrap_or_default().0,
        fetches = fields.fetches,
        trace = telemetry::find_trace_id(&span),
    );
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The span of a request, within the trace that its headers tell of.
fn span_of(request: &Request, id: &str) -> Span {
    let kind = telemetry::kind("server");
    let route = request.extensions().get::<MatchedPath>();
    let method = match *request.method() {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        Method::HEAD => "HEAD",
        // Any other is a client's word.
        _ => "_OTHER",
    };
    let name = kind.map(|_| {
        let route = route.map(MatchedPath::as_str).unwrap_or_default();
        format!("{method} {route}").trim_end().to_owned()
    });
    let span = tracing::info_span!("request", id, otel.kind = kind, otel.name = name);
    telemetry::adopt(&span, request.headers());
    telemetry::tell(&span, "http.request.method", method);
    if let Some(route) = route {
        telemetry::tell(&span, "http.route", route.as_str().to_owned());
    }
    span
}

/// Adds to a request's span what is known at its end.
fn tell(span: &Span, status: StatusCode, fields: &LogFields) {
    telemetry::tell(
        span,
        "http.response.status_code",
        i64::from(status.as_u16()),
    );
    if let Some(kind) = fields.kind {
        telemetry::tell(span, "graphql.operation.type", kind.name());
    }
    if let Some(name) = &fields.operation {
        telemetry::tell(span, "graphql.operation.name", name.clone());
    }
    if status.is_server_error() {
        telemetry::fail(span, "answered with an error of the server");
    }
}

/// An id from outside is kept where it is short and plain, so that it cannot forge a log line.
fn find_given_id(request: &Request) -> Option<String> {
    let given = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let is_plain = (1..=64).contains(&given.len())
        && given
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_plain.then(|| given.to_owned())
}

fn random_id() -> String {
    let mut bytes = [0_u8; 16];
    if aws_lc_rs::rand::fill(&mut bytes).is_err() {
        tracing::warn!("no random bytes for a request id");
    }
    format!("{:032x}", u128::from_be_bytes(bytes))
}
