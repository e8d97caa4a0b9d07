//! Encodes a GraphQL response for HTTP: status, media type, codes of errors.

use axum::{
    body::Body,
    http::{HeaderValue, Response as HttpResponse, StatusCode, header},
};
use serde_json::{Map, Value, json};

use super::{extensions, label, media_type::MediaType, options::Options, withheld};
use crate::{
    error::{ErrorCount, INTERNAL},
    gateway::{
        Caller, ErrorOrigin as Origin, OperationKind, PathElement, Response, ResponseError, SOURCE,
        SubgraphErrorKind, code,
    },
};

/// The whole answer to an operation of a kind. The `data` is spliced in as the engine wrote it.
pub(super) fn encode(
    response: &Response,
    caller: &Caller,
    options: Options,
    (media_type, kind): (MediaType, OperationKind),
) -> HttpResponse<Body> {
    let mut errors: Vec<Value> = response.errors.iter().map(error_json).collect();
    if options.withheld_as_errors {
        let data = response.data.as_deref().unwrap_or_default();
        errors.extend(withheld::errors(&response.withheld, kind, data));
    }
    let own = extensions::own(response, caller, options);
    let count = ErrorCount(errors.len());
    let mut body = Vec::with_capacity(response.data.as_ref().map_or(0, bytes::Bytes::len) + 512);
    body.push(b'{');
    if !errors.is_empty() {
        member(&mut body, "errors", &Value::Array(errors));
    }
    if let Some(data) = &response.data {
        separate(&mut body);
        body.extend_from_slice(b"\"data\":");
        body.extend_from_slice(data);
    }
    if !own.is_empty() {
        member(&mut body, "extensions", &json!({ "upfront": own }));
    }
    body.push(b'}');
    let mut http = HttpResponse::new(Body::from(body));
    http.extensions_mut().insert(count);
    *http.status_mut() = status(response, media_type);
    let headers = http.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(media_type.content_type()),
    );
    // An answer depends on the caller's grants: no cache may keep it.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if let Some(level) = label::told(response, caller) {
        http.headers_mut()
            .insert(label::LABEL, label::header(level));
    }
    if http.status() == StatusCode::METHOD_NOT_ALLOWED {
        let allow = HeaderValue::from_static("POST");
        http.headers_mut().insert(header::ALLOW, allow);
    }
    http
}

fn member(body: &mut Vec<u8>, name: &str, value: &Value) {
    separate(body);
    body.extend_from_slice(format!("\"{name}\":{value}").as_bytes());
}

fn separate(body: &mut Vec<u8>) {
    if body.len() > 1 {
        body.push(b',');
    }
}

/// With `application/json`, a well-formed request gets 200, also if the response has only errors.
fn status(response: &Response, media_type: MediaType) -> StatusCode {
    let is_ours = |error: &ResponseError| error.origin == Origin::Internal;
    let is_mutation =
        |error: &ResponseError| error.origin == Origin::Request(code::MUTATION_BY_GET);
    if response.errors.iter().any(is_mutation) {
        return StatusCode::METHOD_NOT_ALLOWED;
    }
    if response.data.is_some() {
        return StatusCode::OK;
    }
    if response.errors.iter().any(is_ours) {
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    match media_type {
        MediaType::GraphqlResponse => StatusCode::BAD_REQUEST,
        MediaType::Json => StatusCode::OK,
    }
}

fn error_json(error: &ResponseError) -> Value {
    let mut entry = Map::new();
    let message = match &error.origin {
        Origin::Internal => {
            tracing::error!(cause = error.message, "an internal error of the gateway");
            INTERNAL.to_owned()
        }
        Origin::Refused { subgraph } => format!(
            "This record is classified, and its owner has not consented that the source `{subgraph}` is told of it."
        ),
        _ => error.message.clone(),
    };
    entry.insert("message".to_owned(), message.into());
    if !error.locations.is_empty() {
        entry.insert("locations".to_owned(), json!(error.locations));
    }
    if let Some(path) = &error.path {
        entry.insert("path".to_owned(), path_json(path));
    }
    entry.insert("extensions".to_owned(), Value::Object(codes(error)));
    Value::Object(entry)
}

/// The extensions of an error: always a code, and under `source` the name of the source at fault,
/// with those of its extensions that are exposed.
fn codes(error: &ResponseError) -> Map<String, Value> {
    let mut extensions = match &error.origin {
        // Those of the request's own errors are the engine's.
        Origin::Subgraph { .. } | Origin::Request(_) => error.extensions.clone(),
        _ => Map::new(),
    };
    let (code, source, retryable) = match &error.origin {
        Origin::Request(code) => (*code, None, None),
        Origin::Fetch {
            subgraph,
            kind,
            retryable,
        } => (source_code(*kind), Some(subgraph), Some(*retryable)),
        Origin::Subgraph { subgraph } => ("SOURCE_ERROR", Some(subgraph), None),
        Origin::Misfit { subgraph } => (
            source_code(SubgraphErrorKind::Invalid),
            Some(subgraph),
            Some(false),
        ),
        Origin::Completion { subgraph } => ("VALUE_INVALID", subgraph.as_ref(), None),
        Origin::Refused { subgraph } => ("NOT_SHARED", Some(subgraph), None),
        Origin::Withheld => (extensions::WITHHELD, None, None),
        Origin::Internal => ("INTERNAL_SERVER_ERROR", None, None),
    };
    // Here only errors of embedded sources still have a code that the source set.
    if !extensions.get("code").is_some_and(Value::is_string) {
        extensions.insert("code".to_owned(), code.into());
    }
    if let Some(name) = source {
        let mut exposed = match extensions.remove(SOURCE) {
            Some(Value::Object(exposed)) => exposed,
            _ => Map::new(),
        };
        exposed.insert("name".to_owned(), name.as_str().into());
        extensions.insert(SOURCE.to_owned(), exposed.into());
    }
    if let Some(retryable) = retryable {
        extensions.insert("retryable".to_owned(), retryable.into());
    }
    extensions
}

fn source_code(kind: SubgraphErrorKind) -> &'static str {
    match kind {
        SubgraphErrorKind::Unavailable => "SOURCE_UNAVAILABLE",
        SubgraphErrorKind::Timeout => "SOURCE_TIMEOUT",
        SubgraphErrorKind::Invalid => "SOURCE_INVALID",
    }
}

fn path_json(path: &[PathElement]) -> Value {
    path.iter()
        .map(|element| match element {
            PathElement::Key(key) => Value::from(key.as_str()),
            PathElement::Index(index) => Value::from(*index),
        })
        .collect()
}
