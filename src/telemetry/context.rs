//! The trace context of a request: taken from a client's headers, sent to sources.
//!
//! <https://www.w3.org/TR/trace-context/>

use axum::http::{HeaderMap, HeaderValue};
use opentelemetry::{
    Context,
    propagation::TextMapPropagator,
    trace::{Status, TraceContextExt},
};
use opentelemetry_http::{HeaderExtractor, HeaderInjector};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::traces::is_on;

const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";
/// Bytes of a `tracestate` that are handed on; the specification asks for so many.
const STATE_BYTES: usize = 512;

/// What a span is, where spans are exported: for its field `otel.kind`.
pub fn kind(kind: &'static str) -> Option<&'static str> {
    is_on().then_some(kind)
}

/// Makes a span part of the trace that a client's headers name. With invalid headers it begins a
/// new trace.
pub fn adopt(span: &Span, headers: &HeaderMap) {
    if !is_on() {
        return;
    }
    let Some(parent) = headers.get(TRACEPARENT) else {
        return;
    };
    let mut sent = HeaderMap::new();
    sent.insert(TRACEPARENT, parent.clone());
    let states = headers.get_all(TRACESTATE);
    if states.iter().map(HeaderValue::len).sum::<usize>() <= STATE_BYTES {
        for state in states {
            sent.append(TRACESTATE, state.clone());
        }
    }
    let propagator = TraceContextPropagator::new();
    let context = propagator.extract_with_context(&Context::new(), &HeaderExtractor(&sent));
    if context.span().span_context().is_valid() {
        // A span that is not exported has no parent either.
        let _ = span.set_parent(context);
    }
}

/// Adds the current span to the headers of an outgoing request.
pub fn hand_on(headers: &mut HeaderMap) {
    if !is_on() {
        return;
    }
    let context = Span::current().context();
    TraceContextPropagator::new().inject_context(&context, &mut HeaderInjector(headers));
    if headers.get(TRACESTATE).is_some_and(HeaderValue::is_empty) {
        headers.remove(TRACESTATE);
    }
}

/// The trace that a span belongs to, for the log.
pub fn find_trace_id(span: &Span) -> Option<String> {
    if !is_on() {
        return None;
    }
    let context = span.context();
    let span = context.span();
    let span = span.span_context();
    span.is_valid().then(|| span.trace_id().to_string())
}

/// Adds to a span what is exported with it and not logged.
pub fn set_attribute(span: &Span, name: &'static str, value: impl Into<opentelemetry::Value>) {
    if is_on() {
        span.set_attribute(name, value);
    }
}

/// Marks a span as failed.
pub fn fail(span: &Span, why: &'static str) {
    if is_on() {
        span.set_status(Status::error(why));
    }
}
