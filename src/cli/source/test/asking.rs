//! The service under test: asks it, within bounds.

use std::time::{Duration, Instant};

use reqwest::{Client, Url};
use serde_json::Value;

use crate::gateway::{BodyError, Question, ask, client_builder, innermost};

const MOST_BYTES: usize = 16 << 20;

/// Which service, and how it is asked.
#[derive(Clone, Debug)]
pub(super) struct Options {
    /// Where it answers.
    pub(super) url: Url,
    /// Bearer token to send, where the service wants one.
    pub(super) token: Option<String>,
    /// Whether it knows nothing of federation.
    pub(super) is_plain: bool,
    /// How long an answer may take.
    pub(super) timeout: Duration,
}

/// The service, and what it is asked with.
pub(super) struct Service {
    client: Client,
    pub(super) options: Options,
    /// Whether it answered 401 or 403.
    pub(super) is_refused: bool,
}

impl Service {
    pub(super) fn new(options: Options) -> Result<Self, reqwest::Error> {
        Ok(Self {
            client: client_builder().build()?,
            options,
            is_refused: false,
        })
    }

    /// The answer and how long it took, or a sentence on why there is none.
    pub(super) async fn ask(
        &mut self,
        query: &str,
        variables: Value,
    ) -> Result<(Value, Duration), String> {
        self.ask_within(self.options.timeout, query, variables)
            .await
    }

    pub(super) async fn ask_within(
        &mut self,
        timeout: Duration,
        query: &str,
        variables: Value,
    ) -> Result<(Value, Duration), String> {
        let started = Instant::now();
        let mut request = self.client.post(self.options.url.clone());
        if let Some(token) = &self.options.token {
            request = request.bearer_auth(token);
        }
        let explain = |error: reqwest::Error| {
            if error.is_timeout() {
                format!("no answer within {} ms", timeout.as_millis())
            } else {
                innermost(error)
            }
        };
        let question = Question {
            query,
            variables: &variables,
            timeout,
            answer_bytes: MOST_BYTES,
        };
        let reply = ask(request, question).await.map_err(explain)?;
        let status = reply.status();
        if reply.is_redirect() {
            return Err(format!(
                "{status}: redirects are not followed; register where it leads"
            ));
        }
        if reply.is_unauthorized() {
            self.is_refused = true;
            return Err(format!("answered {status}"));
        }
        if !reply.is_json() {
            return Err(match reply.media_type() {
                Some(text) => format!("answered {status} with the media type `{text}`, not JSON"),
                None => format!("answered {status} without a media type, not with JSON"),
            });
        }
        let body = reply.read().await.map_err(|error| match error {
            BodyError::Broken(error) => explain(error),
            other => format!("{status}, but {other}"),
        })?;
        let answer = serde_json::from_slice(&body).map_err(|_| "invalid JSON".to_owned())?;
        Ok((answer, started.elapsed()))
    }
}

/// What the first error of an answer says.
pub(super) fn first_error(answer: &Value) -> String {
    answer["errors"][0]["message"]
        .as_str()
        .unwrap_or("and no error either")
        .to_owned()
}
