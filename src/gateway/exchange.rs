//! One request to a source over HTTP and its response: whether that is a GraphQL response, and
//! whose fault it is if not.
//!
//! <https://graphql.github.io/graphql-over-http/draft/#sec-Response>

use std::{borrow::Cow, time::Duration};

use bytes::Bytes;
use chrono::DateTime;
use federation::error::{SubgraphError, SubgraphErrorKind};
use reqwest::{
    RequestBuilder, Response, StatusCode,
    header::{DATE, RETRY_AFTER},
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    body::{self, BodyError, Media},
    cause::innermost,
};

/// An answer.
#[derive(Debug)]
pub(super) struct Answered {
    /// A GraphQL response.
    pub(super) body: Bytes,
    /// The source had no data and said after which time to ask again.
    pub(super) retry_after: Option<Duration>,
}

/// No answer.
#[derive(Debug)]
pub(super) struct Failure {
    /// What the client is answered.
    pub(super) error: SubgraphError,
    /// Whether the source failed rather than refused: only a failure counts for the circuit
    /// breaker.
    pub(super) is_counted: bool,
    /// The source said after which time to ask again.
    pub(super) retry_after: Option<Duration>,
}

/// Whom a question goes to, and how much of the answer is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    /// Name of the source.
    pub(super) source: &'a str,
    /// Bytes of an answer, decompressed.
    pub(super) answer_bytes: usize,
    /// Whether the log has already reported that it does not answer: a health probe with the same
    /// result adds no line.
    pub(super) is_known_down: bool,
}

/// Asks once.
pub(super) async fn ask(request: RequestBuilder, target: Target<'_>) -> Result<Answered, Failure> {
    let response = request
        .send()
        .await
        .map_err(|error| target.unreachable(error))?;
    let (status, media) = (response.status(), Media::of(&response));
    let retry_after = asks_to_wait(&response);
    if media == Media::Other {
        return Err(target.no_answer(status, retry_after));
    }
    let body = body::read(response, target.answer_bytes)
        .await
        .map_err(|error| target.unread(error))?;
    // A status of success leaves the details to the engine, which reads the whole. Anything else may
    // come from a proxy, so the body must show that it is a response.
    if status.is_success() && begins_like_response(&body) {
        return Ok(Answered {
            body,
            retry_after: None,
        });
    }
    match Envelope::read(&body) {
        Some(envelope) => Ok(Answered {
            retry_after: retry_after.filter(|_| !envelope.has_data()),
            body,
        }),
        None => Err(target.no_answer(status, retry_after)),
    }
}

impl Target<'_> {
    /// What came is no GraphQL response.
    fn no_answer(self, status: StatusCode, retry_after: Option<Duration>) -> Failure {
        let source = self.source;
        if self.is_known_down {
            tracing::debug!(source, %status, "no GraphQL answer");
        } else {
            tracing::warn!(source, %status, "no GraphQL answer");
        }
        if status.is_success() {
            return self.invalid("answered with something that is not GraphQL", true);
        }
        if status.is_redirection() {
            let what = "answered with a redirect, which is not followed";
            return self.refused(what, false);
        }
        if status.is_client_error() {
            let what = format!("refused the request with status {}", status.as_u16());
            let is_retryable = status == StatusCode::TOO_MANY_REQUESTS;
            return Failure {
                retry_after,
                ..self.refused(&what, is_retryable)
            };
        }
        Failure {
            retry_after,
            ..self.unavailable("could not serve the request")
        }
    }

    fn unread(self, error: BodyError) -> Failure {
        match error {
            // The client chooses how much there is to answer, so this is not the source's failure.
            BodyError::TooLong(_) => self.invalid("answered with more bytes than are read", false),
            BodyError::Garbled => {
                self.invalid("answered with bytes that cannot be decompressed", true)
            }
            BodyError::Broken(error) => self.unreachable(error),
        }
    }

    fn unreachable(self, cause: reqwest::Error) -> Failure {
        let (source, cause) = (self.source, innermost(cause));
        if self.is_known_down {
            tracing::debug!(source, cause, "not reached");
        } else {
            tracing::warn!(source, cause, "not reached");
        }
        self.unavailable("could not be reached")
    }

    /// The source answers, but does not serve this request.
    fn refused(self, what: &str, retryable: bool) -> Failure {
        let mut failure = self.unavailable(what);
        failure.error.retryable = retryable;
        failure.is_counted = false;
        failure
    }

    fn unavailable(self, what: &str) -> Failure {
        Failure {
            error: SubgraphError {
                kind: SubgraphErrorKind::Unavailable,
                message: format!("The source `{}` {what}.", self.source),
                retryable: true,
            },
            is_counted: true,
            retry_after: None,
        }
    }

    fn invalid(self, what: &str, is_counted: bool) -> Failure {
        Failure {
            error: SubgraphError {
                kind: SubgraphErrorKind::Invalid,
                message: format!("The source `{}` {what}.", self.source),
                retryable: false,
            },
            is_counted,
            retry_after: None,
        }
    }
}

/// `Retry-After` of an answer that asks to be asked later, in seconds or as a date.
fn asks_to_wait(response: &Response) -> Option<Duration> {
    let asks = [
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::TOO_MANY_REQUESTS,
    ];
    if !asks.contains(&response.status()) {
        return None;
    }
    let header = |name| body::header(response, name).trim();
    parse_retry_after(header(&RETRY_AFTER), header(&DATE))
}

/// A year: for longer times, this process does not ask again.
const LONGEST_WAIT: u64 = 365 * 24 * 60 * 60;

/// The seconds of `Retry-After`; a date counts from the answer's own `Date`, so that the clocks
/// need not agree.
fn parse_retry_after(text: &str, sent: &str) -> Option<Duration> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = text.parse().unwrap_or(LONGEST_WAIT);
        return Some(Duration::from_secs(seconds.min(LONGEST_WAIT)));
    }
    let [until, since] = [text, sent].map(|date| DateTime::parse_from_rfc2822(date).ok());
    let wait = until?.signed_duration_since(since?);
    Some(wait.to_std().unwrap_or_default())
}

/// Whether a body begins and ends like a GraphQL response; cheap, however long it is.
fn begins_like_response(body: &[u8]) -> bool {
    let inside = body
        .trim_ascii()
        .strip_prefix(b"{")
        .and_then(|rest| rest.strip_suffix(b"}"));
    let Some(inside) = inside else {
        return false;
    };
    let inside = inside.trim_ascii_start();
    [&b"\"data\""[..], b"\"errors\"", b"\"extensions\""]
        .iter()
        .any(|key| inside.starts_with(key))
}

/// What makes JSON a GraphQL response.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    errors: Option<Vec<Entry<'a>>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow, rename = "message")]
    _message: Cow<'a, str>,
}

impl<'a> Envelope<'a> {
    /// `None` for what holds neither data nor errors.
    fn read(body: &'a [u8]) -> Option<Self> {
        let read: Self = serde_json::from_slice(body).ok()?;
        let has_errors = read.errors.as_ref().is_some_and(|list| !list.is_empty());
        (has_errors || read.has_data()).then_some(read)
    }

    fn has_data(&self) -> bool {
        self.data.is_some_and(|data| data.get().starts_with('{'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_forms_of_retry_after() {
        let sent = "Sun, 06 Nov 1994 08:49:37 GMT";
        let seconds = |text| parse_retry_after(text, sent).map(|wait| wait.as_secs());
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds("99999999999999999999999"), Some(LONGEST_WAIT));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:51:37 GMT"), Some(120));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:49:00 GMT"), Some(0));
        assert_eq!(seconds(""), None);
        assert_eq!(seconds("soon"), None);
    }

    #[test]
    fn tells_a_response_from_other_json() {
        for response in [
            r#"{"data":{}}"#,
            r#" {"extensions":{},"errors":[{"message":"a \" b","path":[1]}]} "#,
            r#"{"data":null,"errors":[{"message":""}]}"#,
        ] {
            assert!(Envelope::read(response.as_bytes()).is_some(), "{response}");
        }
        for other in [
            "",
            "[]",
            "{}",
            r#"{"data":null}"#,
            r#"{"data":[]}"#,
            r#"{"errors":[]}"#,
            r#"{"errors":["no"]}"#,
            r#"{"errors":[{"title":"Not found"}]}"#,
            r#"{"message":"no route"}"#,
            r#"{"data":{}"#,
        ] {
            assert!(Envelope::read(other.as_bytes()).is_none(), "{other}");
        }
    }
}
