//! Transport to a source over HTTP: bounded in time, in tries, in bytes and in what it is told.
//!
//! Nothing of the caller's is forwarded, no redirect is followed, no proxy is taken from the
//! environment.

use std::{
    error::Error,
    io::ErrorKind,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use federation::{
    error::{SubgraphError, SubgraphErrorKind},
    execute::Answer,
    plan::model::{Fetch, OperationKind},
};
use reqwest::{
    Client, ClientBuilder, Response, StatusCode, Url,
    header::{ACCEPT, CONTENT_TYPE},
    redirect,
};
use tokio::sync::Semaphore;

use super::{breaker::Breaker, within};
use crate::config::SourceSettings;

const MEDIA_TYPES: &str = "application/graphql-response+json, application/json;q=0.9";
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// A source somewhere else.
#[derive(Debug)]
pub struct HttpSource {
    name: String,
    url: Url,
    client: Client,
    timeout: Duration,
    retries: u32,
    answer_bytes: usize,
    slots: Semaphore,
    breaker: Breaker,
}

/// The body of a fetch up to its variables, made once and kept with the plan.
struct Head(Vec<u8>);

impl HttpSource {
    /// A source at a URL.
    pub fn new(
        name: &str,
        url: &str,
        client: Client,
        settings: &SourceSettings,
    ) -> Result<Arc<Self>, String> {
        let parsed = Url::parse(url).map_err(|error| format!("`{url}` is no URL: {error}"))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(format!("`{url}`: a source is asked over http or https"));
        }
        Ok(Arc::new(Self {
            name: name.to_owned(),
            url: parsed,
            client,
            timeout: Duration::from_millis(settings.timeout_ms),
            retries: settings.retries,
            answer_bytes: settings.answer_bytes,
            slots: Semaphore::new(settings.concurrency),
            breaker: Breaker::new(
                settings.breaker_failures,
                Duration::from_millis(settings.breaker_ms),
            ),
        }))
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    pub(super) async fn fetch(
        &self,
        fetch: &Fetch,
        variables: &Bytes,
    ) -> Result<Answer, SubgraphError> {
        let Some(pass) = self.breaker.enter(Instant::now()) else {
            return Err(self.unavailable("is left alone for a while after it failed repeatedly"));
        };
        let outcome = within(self.timeout, &self.name, self.try_all(fetch, variables)).await;
        match &outcome {
            Err(error) if error.kind != SubgraphErrorKind::Invalid => pass.failed(Instant::now()),
            _ => pass.answered(),
        }
        outcome.map(Answer::Json)
    }

    /// Only a query is asked again: a mutation may have been carried out.
    async fn try_all(&self, fetch: &Fetch, variables: &Bytes) -> Result<Bytes, SubgraphError> {
        let body = body(fetch, variables);
        let tries = match fetch.kind {
            OperationKind::Query => self.retries.saturating_add(1),
            _ => 1,
        };
        let mut pause = FIRST_PAUSE;
        let mut left = tries;
        loop {
            let outcome = self.try_once(body.clone()).await;
            left -= 1;
            match outcome {
                Err(error) if error.retryable && left > 0 => {
                    tracing::debug!(source = self.name, "asking again");
                    tokio::time::sleep(jitter(pause)).await;
                    pause = pause.saturating_mul(2);
                }
                outcome => return outcome,
            }
        }
    }

    async fn try_once(&self, body: Bytes) -> Result<Bytes, SubgraphError> {
        let _slot = self.slots.acquire().await;
        let response = self
            .client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, MEDIA_TYPES)
            .body(body)
            .send()
            .await
            .map_err(|error| self.unreachable(error))?;
        self.check_status(&response)?;
        self.read(response).await
    }

    /// Over `application/json`, GraphQL servers answer 400 to what they refuse: also an answer.
    fn check_status(&self, response: &Response) -> Result<(), SubgraphError> {
        let status = response.status();
        let media_type = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let is_json = media_type.starts_with("application/json");
        let is_graphql = media_type.starts_with("application/graphql-response+json");
        let is_answer = status.is_success() || status == StatusCode::BAD_REQUEST;
        if is_graphql || (is_json && is_answer) {
            return Ok(());
        }
        tracing::warn!(source = self.name, %status, media_type, "no GraphQL answer");
        if status.is_success() {
            return Err(self.invalid("answered with something that is not GraphQL"));
        }
        let mut error = self.unavailable("could not serve the request");
        error.retryable = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
        Err(error)
    }

    async fn read(&self, mut response: Response) -> Result<Bytes, SubgraphError> {
        let mut answer = BytesMut::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if answer.len() + chunk.len() > self.answer_bytes => {
                    return Err(self.invalid("answered with more bytes than are read"));
                }
                Ok(Some(chunk)) => answer.extend_from_slice(&chunk),
                Ok(None) => return Ok(answer.freeze()),
                Err(error) if is_garbled(&error) => {
                    return Err(self.invalid("answered with bytes that cannot be unpacked"));
                }
                Err(error) => return Err(self.unreachable(error)),
            }
        }
    }

    fn unreachable(&self, cause: reqwest::Error) -> SubgraphError {
        // The URL may hold a password.
        let cause = cause.without_url();
        tracing::warn!(source = self.name, ?cause, "not reached");
        self.unavailable("could not be reached")
    }

    fn unavailable(&self, what: &str) -> SubgraphError {
        self.error(SubgraphErrorKind::Unavailable, what, true)
    }

    fn invalid(&self, what: &str) -> SubgraphError {
        self.error(SubgraphErrorKind::Invalid, what, false)
    }

    fn error(&self, kind: SubgraphErrorKind, what: &str, retryable: bool) -> SubgraphError {
        SubgraphError {
            kind,
            message: format!("The source `{}` {what}.", self.name),
            retryable,
        }
    }
}

/// What every client that asks a source obeys.
pub fn client_builder() -> ClientBuilder {
    Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .gzip(true)
        .tcp_nodelay(true)
        .connect_timeout(Duration::from_secs(3))
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("upfront/", env!("CARGO_PKG_VERSION")))
}

fn body(fetch: &Fetch, variables: &Bytes) -> Bytes {
    let make = || {
        let mut head = b"{\"query\":".to_vec();
        // Writing a string into a vector cannot fail.
        let _ = serde_json::to_writer(&mut head, fetch.document.as_ref());
        head.extend_from_slice(b",\"variables\":");
        Head(head)
    };
    let fresh;
    let head = if let Some(kept) = fetch.prepared.get_or_init(make) {
        kept
    } else {
        fresh = make();
        &fresh
    };
    let mut body = BytesMut::with_capacity(head.0.len() + variables.len() + 1);
    body.extend_from_slice(&head.0);
    body.extend_from_slice(variables);
    body.extend_from_slice(b"}");
    body.freeze()
}

/// Whether what came could not be unpacked, as against not having come.
fn is_garbled(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(inner) = cause {
        let kind = inner
            .downcast_ref::<std::io::Error>()
            .map(std::io::Error::kind);
        if matches!(kind, Some(ErrorKind::InvalidData | ErrorKind::InvalidInput)) {
            return true;
        }
        cause = inner.source();
    }
    false
}

/// Between half of the pause and all of it, so that callers do not come back in step.
fn jitter(pause: Duration) -> Duration {
    let mut random = [0_u8; 1];
    // Without random bytes the pause is merely the shortest.
    let _ = aws_lc_rs::rand::fill(&mut random);
    pause / 2 + (pause / 2) * u32::from(random[0]) / 255
}
