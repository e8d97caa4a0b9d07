//! Transport to a source over HTTP: bounded in time, in tries, in bytes and in what it is told.
//!
//! Nothing of the caller's is forwarded unless configured, no redirect is followed, no proxy is taken from the
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
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName},
    redirect,
};
use tokio::sync::Semaphore;

use super::{
    breaker::Breaker,
    caller::Caller,
    outgoing::bearer,
    probe::Probe,
    translation::{Names, Translated},
    within,
};
use crate::{auth::CallerSigner, config::SourceSettings};

const MEDIA_TYPES: &str = "application/graphql-response+json, application/json;q=0.9";
/// The question of a health probe.
const NOTHING: &[u8] = br#"{"query":"{__typename}"}"#;
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
    probe: Probe,
    courtesies: Courtesies,
}

/// What a source is told beside the question, and in which names it is asked.
#[derive(Debug, Default)]
pub struct Courtesies {
    /// Headers of every request.
    pub headers: HeaderMap,
    /// Headers of the caller that are handed on.
    pub forward: Vec<HeaderName>,
    /// Tells who calls, with a token.
    pub signer: Option<Arc<CallerSigner>>,
    /// The source's own names, where they are not those of the joint schema.
    pub names: Option<Arc<Names>>,
}

/// The body of a fetch up to its variables, made once and kept with the plan.
struct Head {
    text: Vec<u8>,
    translated: Option<Translated>,
}

impl HttpSource {
    /// A source at a URL.
    pub fn new(
        name: &str,
        url: &str,
        client: Client,
        (settings, courtesies): (&SourceSettings, Courtesies),
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
            probe: Probe::new(Duration::from_millis(settings.probe_ms), Instant::now()),
            courtesies,
        }))
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Whether another way to it would do the same; what is left of failures does not count.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.url == other.url && self.courtesies.names == other.courtesies.names
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// What its health probes say.
    pub(super) fn health(&self) -> &Probe {
        &self.probe
    }

    /// Asks for nothing, in nobody's name: whether it answers. A source that is being left alone is
    /// not asked before its time; then the probe tries it, so that no client has to.
    pub(super) async fn probe(&self) {
        let Some(pass) = self.breaker.enter(Instant::now()) else {
            return;
        };
        let headers = self.headers(&Caller::default());
        let asking = self.try_once(Bytes::from_static(NOTHING), headers);
        let is_up = within(self.timeout, &self.name, asking).await.is_ok();
        if is_up {
            pass.alive();
        } else {
            pass.failed(Instant::now());
        }
        self.probe.note(&self.name, is_up);
    }

    pub(super) async fn fetch(
        &self,
        fetch: &Fetch,
        variables: &Bytes,
        caller: &Caller,
    ) -> Result<Answer, SubgraphError> {
        let Some(pass) = self.breaker.enter(Instant::now()) else {
            return Err(self.unavailable("is left alone for a while after it failed repeatedly"));
        };
        let asking = self.try_all(fetch, variables, caller);
        let outcome = within(self.timeout, &self.name, asking).await;
        match &outcome {
            Err(error) if error.kind != SubgraphErrorKind::Invalid => pass.failed(Instant::now()),
            _ => pass.answered(),
        }
        outcome.map(Answer::Json)
    }

    /// Only a query is asked again: a mutation may have been carried out.
    async fn try_all(
        &self,
        fetch: &Fetch,
        variables: &Bytes,
        caller: &Caller,
    ) -> Result<Bytes, SubgraphError> {
        let fresh;
        let head = if let Some(kept) = fetch.prepared.get_or_init(|| self.head(fetch)) {
            kept
        } else {
            fresh = self.head(fetch);
            &fresh
        };
        let body = head.with(variables);
        let headers = self.headers(caller);
        let tries = match fetch.kind {
            OperationKind::Query => self.retries.saturating_add(1),
            _ => 1,
        };
        let mut pause = FIRST_PAUSE;
        let mut left = tries;
        let answer = loop {
            let outcome = self.try_once(body.clone(), headers.clone()).await;
            left -= 1;
            match outcome {
                Err(error) if error.retryable && left > 0 => {
                    tracing::debug!(source = self.name, "asking again");
                    tokio::time::sleep(jitter(pause)).await;
                    pause = pause.saturating_mul(2);
                }
                outcome => break outcome?,
            }
        };
        Ok(match (&head.translated, &self.courtesies.names) {
            (Some(translated), Some(names)) => translated.answer(answer, names),
            _ => answer,
        })
    }

    fn headers(&self, caller: &Caller) -> HeaderMap {
        let mut headers = self.courtesies.headers.clone();
        for name in &self.courtesies.forward {
            if let Some(value) = caller.headers.get(name) {
                headers.insert(name.clone(), value.clone());
            }
        }
        // What the operator set for a source stands.
        if let Some(signer) = &self.courtesies.signer
            && !headers.contains_key(AUTHORIZATION)
            && let Some(value) = bearer(signer, &self.url, &caller.principal)
        {
            headers.insert(AUTHORIZATION, value);
        }
        headers
    }

    fn head(&self, fetch: &Fetch) -> Head {
        let names = self.courtesies.names.as_ref();
        let translated = names.and_then(|names| Translated::new(&fetch.document, names));
        let document = match &translated {
            Some(translated) => translated.document.as_str(),
            None => fetch.document.as_ref(),
        };
        let mut text = b"{\"query\":".to_vec();
        // Writing a string into a vector cannot fail.
        let _ = serde_json::to_writer(&mut text, document);
        text.extend_from_slice(b",\"variables\":");
        Head { text, translated }
    }

    async fn try_once(&self, body: Bytes, headers: HeaderMap) -> Result<Bytes, SubgraphError> {
        let _slot = self.slots.acquire().await;
        let response = self
            .client
            .post(self.url.clone())
            .headers(headers)
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

impl Head {
    fn with(&self, variables: &Bytes) -> Bytes {
        let mut body = BytesMut::with_capacity(self.text.len() + variables.len() + 1);
        body.extend_from_slice(&self.text);
        body.extend_from_slice(variables);
        body.extend_from_slice(b"}");
        body.freeze()
    }
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
