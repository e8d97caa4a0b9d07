//! Errors of HTTP requests that end without a GraphQL answer: code, status, headers and body. The status
//! of a GraphQL response, errors or not, is chosen in `server/encode.rs`.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// What a client is answered for an internal error.
pub const INTERNAL: &str = "The gateway met an internal error; it has been logged under this \
                            request's id.";

/// How many errors a response holds, for the request's line in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErrorCount(pub usize);

/// Why a request ended without a GraphQL answer, for its line in the log: no word of it is the client's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedFor {
    /// The code in `extensions.code`.
    pub code: &'static str,
    /// More than the code says, of tokens alone.
    pub reason: Option<String>,
}

/// A request that ends without a GraphQL answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// The body or the query string is not a GraphQL request.
    #[error("{0}")]
    BadRequest(String),
    /// A bearer token that is not accepted; the text says why.
    #[error("{0}")]
    Unauthenticated(String),
    /// A page of another origin asks without a preflight.
    #[error("{0}")]
    CrossOrigin(String),
    /// The request did not come through a proxy that the settings name.
    #[error("This service is asked through its proxy.")]
    ProxyRequired,
    /// Metrics are asked for from where they are not shown.
    #[error(
        "Metrics are not shown to this address; whoever runs the service can add it to `metrics_networks`."
    )]
    MetricsHidden,
    /// The request is for a host that this service does not go by.
    #[error("{0}")]
    Host(String),
    /// A hash of a document instead of the document. The message is the one that clients know.
    #[error("PersistedQueryNotSupported")]
    PersistedQuery,
    /// A method the resource does not have.
    #[error("{0}")]
    MethodNotAllowed(&'static str),
    /// A method other than GET and HEAD; the router lists both in `Allow`.
    #[error("Only GET is supported here.")]
    ReadOnly,
    /// Nothing the client accepts can be made.
    #[error("{0}")]
    NotAcceptable(String),
    /// The body is larger than allowed.
    #[error("The body is larger than {0} bytes; ask for less at once.")]
    TooLarge(usize),
    /// The body did not arrive in time.
    #[error("The body did not arrive within {0} ms; send it at once, or send less.")]
    BodyTimedOut(u64),
    /// The body is of a type that is not read.
    #[error("{0}")]
    UnsupportedMediaType(String),
    /// The body is compressed.
    #[error(
        "The body is compressed ({0}), which is not read here; send it without Content-Encoding."
    )]
    UnsupportedEncoding(String),
    /// No such resource.
    #[error("There is nothing here. GraphQL is at /graphql, the schema at /schema.graphql.")]
    NotFound,
    /// The deadline passed.
    #[error("The answer was not ready within {0} ms; ask for less at once, or again later.")]
    TimedOut(u64),
    /// A bearer token cannot be checked, since the keys of its issuer cannot be read.
    #[error("The keys of the token's issuer cannot be read; ask again in a moment.")]
    IssuerUnavailable,
    /// The caller asks too often; a next request may come after so many seconds.
    #[error("There are too many requests from you; ask again in {0} s.")]
    RateLimited(u64),
    /// The audit trail cannot be written, so nothing is served that has to be recorded.
    #[error("What is asked for has to be recorded, and that is not possible now; ask again later.")]
    AuditUnavailable,
    /// Classified data are asked for without saying what for.
    #[error("Say what classified data are asked for, in the header `Upfront-Purpose`.")]
    PurposeMissing,
    /// More requests than are worked on at once.
    #[error("The service is busy; ask again in a moment.")]
    Busy,
    /// An internal error; its cause has been logged.
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
            Self::ProxyRequired => "PROXY_REQUIRED",
            Self::MetricsHidden => "METRICS_HIDDEN",
            Self::Host(_) => "HOST_REFUSED",
            Self::PersistedQuery => "PERSISTED_QUERY_NOT_SUPPORTED",
            Self::MethodNotAllowed(_) | Self::ReadOnly => "METHOD_NOT_ALLOWED",
            Self::NotAcceptable(_) => "NOT_ACCEPTABLE",
            Self::TooLarge(_) => "BODY_TOO_LARGE",
            Self::BodyTimedOut(_) => "BODY_TIMEOUT",
            Self::UnsupportedMediaType(_) | Self::UnsupportedEncoding(_) => {
                "UNSUPPORTED_MEDIA_TYPE"
            }
            Self::NotFound => "NOT_FOUND",
            Self::TimedOut(_) => "REQUEST_TIMEOUT",
            Self::RateLimited(_) => "RATE_LIMITED",
            Self::AuditUnavailable => "AUDIT_UNAVAILABLE",
            Self::PurposeMissing => "PURPOSE_REQUIRED",
            Self::IssuerUnavailable => "ISSUER_UNAVAILABLE",
            Self::Busy => "BUSY",
            Self::Internal => "INTERNAL_SERVER_ERROR",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) | Self::PersistedQuery => StatusCode::BAD_REQUEST,
            Self::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
            Self::CrossOrigin(_) | Self::ProxyRequired | Self::MetricsHidden => {
                StatusCode::FORBIDDEN
            }
            Self::Host(_) => StatusCode::MISDIRECTED_REQUEST,
            Self::MethodNotAllowed(_) | Self::ReadOnly => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable(_) => StatusCode::NOT_ACCEPTABLE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTimedOut(_) => StatusCode::REQUEST_TIMEOUT,
            Self::UnsupportedMediaType(_) | Self::UnsupportedEncoding(_) => {
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            }
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::TimedOut(_) => StatusCode::GATEWAY_TIMEOUT,
            Self::RateLimited(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::PurposeMissing => StatusCode::FORBIDDEN,
            Self::IssuerUnavailable | Self::AuditUnavailable | Self::Busy => {
                StatusCode::SERVICE_UNAVAILABLE
            }
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
            Self::RateLimited(seconds) => Some((header::RETRY_AFTER, (*seconds).into())),
            Self::IssuerUnavailable | Self::AuditUnavailable | Self::Busy => {
                Some((header::RETRY_AFTER, HeaderValue::from_static("1")))
            }
            // The rest of the body is not read.
            Self::BodyTimedOut(_) => Some((header::CONNECTION, HeaderValue::from_static("close"))),
            Self::UnsupportedEncoding(_) => Some((
                header::ACCEPT_ENCODING,
                HeaderValue::from_static("identity"),
            )),
            _ => None,
        }
    }

    /// The body of the response.
    pub fn to_json(&self) -> String {
        let body = json!({
            "errors": [{
                "message": self.to_string(),
                "extensions": { "code": self.code() },
            }],
        });
        body.to_string()
    }

    /// The response in a media type the client accepts.
    pub fn into_response_as(self, media_type: &'static str) -> Response {
        let status = match self {
            // Clients ask again with the document where they read this, and with the older media
            // type many read an answer of 200 alone.
            Self::PersistedQuery if media_type.starts_with("application/json") => StatusCode::OK,
            _ => self.status(),
        };
        let mut response = (
            status,
            [
                (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ],
            self.to_json(),
        )
            .into_response();
        response.extensions_mut().insert(ErrorCount(1));
        let refused = RefusedFor {
            code: self.code(),
            reason: matches!(self, Self::Unauthenticated(_)).then(|| self.to_string()),
        };
        response.extensions_mut().insert(refused);
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
