//! The only place where an error becomes HTTP.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// What a client is told of a fault that is ours.
pub const INTERNAL: &str = "The gateway met a fault of its own; it has been logged under this \
                            request's id.";

/// A request that ends without a GraphQL answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// The body or the query string is not a GraphQL request.
    #[error("{0}")]
    BadRequest(String),
    /// A bearer token that is not good; the text says why.
    #[error("{0}")]
    Unauthenticated(String),
    /// A page of another origin asks without a preflight.
    #[error("{0}")]
    CrossOrigin(String),
    /// A method the resource does not have.
    #[error("{0}")]
    MethodNotAllowed(&'static str),
    /// Nothing the client accepts can be made.
    #[error("{0}")]
    NotAcceptable(String),
    /// The body is larger than allowed.
    #[error("The body is larger than {0} bytes; ask for less at once.")]
    TooLarge(usize),
    /// The body is of a type that is not read.
    #[error("{0}")]
    UnsupportedMediaType(String),
    /// No such resource.
    #[error("There is nothing here. GraphQL is at /graphql, the schema at /schema.graphql.")]
    NotFound,
    /// The deadline passed.
    #[error("The answer was not ready within {0} ms; ask for less at once, or again later.")]
    TimedOut(u64),
    /// More requests than are worked on at once.
    #[error("The service is busy; ask again in a moment.")]
    Busy,
    /// A fault of our own; its cause has been logged.
    #[error("{INTERNAL}")]
    Internal,
}

impl ApiError {
    /// The code in `extensions.code`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "BAD_REQUEST",
            Self::Unauthenticated(_) => "UNAUTHENTICATED",
            Self::CrossOrigin(_) => "CROSS_ORIGIN_REFUSED",
            Self::MethodNotAllowed(_) => "METHOD_NOT_ALLOWED",
            Self::NotAcceptable(_) => "NOT_ACCEPTABLE",
            Self::TooLarge(_) => "BODY_TOO_LARGE",
            Self::UnsupportedMediaType(_) => "UNSUPPORTED_MEDIA_TYPE",
            Self::NotFound => "NOT_FOUND",
            Self::TimedOut(_) => "REQUEST_TIMEOUT",
            Self::Busy => "BUSY",
            Self::Internal => "INTERNAL_SERVER_ERROR",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
            Self::CrossOrigin(_) => StatusCode::FORBIDDEN,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable(_) => StatusCode::NOT_ACCEPTABLE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::TimedOut(_) => StatusCode::GATEWAY_TIMEOUT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn extra_header(&self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            Self::Unauthenticated(_) => Some((
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"upfront\", error=\"invalid_token\""),
            )),
            Self::MethodNotAllowed(_) => {
                Some((header::ALLOW, HeaderValue::from_static("GET, POST")))
            }
            Self::Busy => Some((header::RETRY_AFTER, HeaderValue::from_static("1"))),
            _ => None,
        }
    }

    /// The response in a media type the client accepts.
    pub fn into_response_as(self, media_type: &'static str) -> Response {
        let body = json!({
            "errors": [{
                "message": self.to_string(),
                "extensions": { "code": self.code() },
            }],
        });
        let mut response = (
            self.status(),
            [
                (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ],
            body.to_string(),
        )
            .into_response();
        if let Some((name, value)) = self.extra_header() {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.into_response_as("application/json; charset=utf-8")
    }
}
