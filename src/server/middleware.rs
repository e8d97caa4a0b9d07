//! Around every request: an id, a span, one line in the log, and an answer even after a panic.

use std::{any::Any, sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{self, HeaderName, HeaderValue, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use data_encoding::HEXLOWER;
use tower_http::request_id::{MakeRequestId, RequestId};
use tracing::{Instrument, Span};

use crate::{
    app::App,
    error::{ApiError, ErrorCount, RefusedFor},
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
    /// Whether the operation asks for the schema; not logged.
    pub(super) introspects: bool,
    /// The kind of the operation, for metrics alone.
    pub(super) kind: Option<OperationKind>,
}

/// Runs a request, counts it and logs it.
pub(super) async fn observe(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let id = id_of(&request).to_owned();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let span = span_of(&request, &id);
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let fields = response
        .extensions_mut()
        .remove::<LogFields>()
        .unwrap_or_default();
    let errors = response.extensions_mut().remove::<ErrorCount>();
    let refused = response.extensions_mut().remove::<RefusedFor>();
    let time = started.elapsed();
    record_end(&span, response.status(), &fields);
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
        code = refused.as_ref().map(|refused| refused.code),
        reason = refused.and_then(|refused| refused.reason),
        fetches = fields.fetches,
        trace = telemetry::find_trace_id(&span),
    );
    response
}

/// The span of a request, within the trace that its headers name.
fn span_of(request: &Request, id: &str) -> Span {
    let kind = telemetry::kind("server");
    let route = request.extensions().get::<MatchedPath>();
    let method = match *request.method() {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        Method::HEAD => "HEAD",
        // Any other method is free text of the client.
        _ => "_OTHER",
    };
    let name = kind.map(|_| {
        let route = route.map(MatchedPath::as_str).unwrap_or_default();
        format!("{method} {route}").trim_end().to_owned()
    });
    let span = tracing::info_span!("request", id = %id, otel.kind = kind, otel.name = name);
    telemetry::adopt(&span, request.headers());
    telemetry::set_attribute(&span, "http.request.method", method);
    if let Some(route) = route {
        telemetry::set_attribute(&span, "http.route", route.as_str().to_owned());
    }
    span
}

/// Adds to a request's span what is known at its end.
fn record_end(span: &Span, status: StatusCode, fields: &LogFields) {
    telemetry::set_attribute(
        span,
        "http.response.status_code",
        i64::from(status.as_u16()),
    );
    if let Some(kind) = fields.kind {
        telemetry::set_attribute(span, "graphql.operation.type", kind.name());
    }
    if let Some(name) = &fields.operation {
        telemetry::set_attribute(span, "graphql.operation.name", name.clone());
    }
    if status.is_server_error() {
        telemetry::fail(span, "answered with an error of the server");
    }
}

/// What is answered after a panic.
pub(super) fn answer_panic(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request panicked");
    ApiError::Internal.into_response()
}

/// An id from outside is kept where it is short and plain, so that it cannot forge a log line.
pub(super) async fn drop_unsound_id(mut request: Request) -> Request {
    if !request.headers().get(REQUEST_ID).is_some_and(is_plain) {
        request.headers_mut().remove(REQUEST_ID);
    }
    request
}

fn is_plain(id: &HeaderValue) -> bool {
    let id = id.as_bytes();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    (1..=64).contains(&id.len()) && id.iter().all(is_plain)
}

fn id_of(request: &Request) -> &str {
    let id = request.headers().get(REQUEST_ID);
    id.and_then(|id| id.to_str().ok()).unwrap_or_default()
}

/// Makes ids of 128 random bits.
#[derive(Clone, Copy, Debug)]
pub(super) struct RandomId;

impl MakeRequestId for RandomId {
    fn make_request_id<B>(&mut self, _: &http::Request<B>) -> Option<RequestId> {
        let mut bytes = [0_u8; 16];
        if aws_lc_rs::rand::fill(&mut bytes).is_err() {
            tracing::warn!("no random bytes for a request id");
        }
        let id = HEXLOWER.encode(&bytes);
        HeaderValue::try_from(id).ok().map(RequestId::new)
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware::map_request, routing::get};
    use tower::ServiceExt;
    use tower_http::{catch_panic::CatchPanicLayer, request_id::SetRequestIdLayer};

    use super::*;

    /// The id that a handler sees of a request with these.
    async fn id_taken(ids: &[&str]) -> String {
        let router = Router::new()
            .route(
                "/",
                get(async |request: Request| id_of(&request).to_owned()),
            )
            .layer(SetRequestIdLayer::new(REQUEST_ID, RandomId))
            .layer(map_request(drop_unsound_id));
        let mut request = Request::new(Body::empty());
        for id in ids {
            let id = HeaderValue::from_bytes(id.as_bytes()).unwrap();
            request.headers_mut().append(REQUEST_ID, id);
        }
        let response = router.oneshot(request).await.unwrap();
        let body = axum::body::to_bytes(response.into_body(), 1_000).await;
        String::from_utf8(body.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn an_id_is_taken_only_where_it_is_sound() {
        assert_eq!(id_taken(&["a-1"]).await, "a-1");
        let long = "a".repeat(65);
        for unsound in [&[][..], &[""], &["a b"], &["é"], &[&long]] {
            let id = id_taken(unsound).await;
            assert_eq!(id.len(), 32, "{unsound:?}: {id}");
            assert!(id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
        }
        assert_ne!(id_taken(&[]).await, id_taken(&[]).await);
    }

    async fn panicking() {
        panic!("as asked");
    }

    #[tokio::test]
    async fn a_panic_is_an_answer() {
        let router = Router::new()
            .route("/", get(panicking))
            .layer(CatchPanicLayer::custom(answer_panic));
        let request = Request::new(Body::empty());
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::body::to_bytes(response.into_body(), 1_000).await;
        let body = String::from_utf8(body.unwrap().to_vec()).unwrap();
        assert!(
            body.contains("INTERNAL") && !body.contains("as asked"),
            "{body}"
        );
    }
}
