//! Asks a service on trial, within bounds.

use std::time::{Duration, Instant};

use reqwest::{
    StatusCode,
    header::{ACCEPT, CONTENT_TYPE},
};
use serde_json::{Value, json};

use super::Trial;
use crate::gateway::{BodyError, Media, innermost, read_body};

const MOST_BYTES: usize = 16 << 20;

impl Trial {
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
        let mut request = self
            .client
            .post(self.options.url.clone())
            .timeout(timeout)
            .header(
                ACCEPT,
                "application/graphql-response+json, application/json;q=0.9",
            )
            .json(&json!({ "query": query, "variables": variables }));
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
        let response = request.send().await.map_err(explain)?;
        let status = response.status();
        if status.is_redirection() {
            return Err(format!(
                "{status}: redirects are not followed; register where it leads"
            ));
        }
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            self.is_refused = true;
            return Err(format!("answered {status}"));
        }
        if Media::of(&response) == Media::Other {
            let media_type = response.headers().get(CONTENT_TYPE);
            return Err(match media_type.and_then(|value| value.to_str().ok()) {
                Some(text) => format!("answered {status} with the media type `{text}`, not JSON"),
                None => format!("answered {status} without a media type, not with JSON"),
            });
        }
        let body = read_body(response, MOST_BYTES)
            .await
            .map_err(|error| match error {
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
