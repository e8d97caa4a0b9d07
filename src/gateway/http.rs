//! Transport to a source over HTTP: bounded in time, in tries, in bytes and in what it is sent.
//!
//! Nothing of the caller's is forwarded unless configured, no redirect is followed, no proxy is taken from the
//! environment.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use federation::{
    error::{SubgraphError, SubgraphErrorKind},
    execute::Answer,
    query_plan::{Fetch, OperationKind},
};
use reqwest::{
    Client, Url,
    header::{
        ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    },
};
use tokio::sync::Semaphore;

use super::{
    bearer::bearer,
    breaker::{Breaker, BreakerState, Pass},
    caller::Caller,
    client::{ENCODINGS, MEDIA_TYPES},
    exchange::{self, Answered, Failure, Target},
    exposure::Exposure,
    offload::Waiting,
    probe::Probe,
    too_late,
    translation::{Names, Translated},
};
use crate::{auth::CallerSigner, config::SourceSettings, telemetry};

/// The question of a health probe.
const NOTHING: &[u8] = br#"{"query":"{__typename}"}"#;
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// A source over HTTP.
#[derive(Debug)]
pub struct HttpSource {
    name: String,
    url: Url,
    client: Client,
    timeout: Duration,
    retries: u32,
    answer_bytes: usize,
    permits: Semaphore,
    concurrency: usize,
    waiting: Waiting,
    breaker: Arc<Breaker>,
    probe: Probe,
    exposure: Exposure,
    options: HttpOptions,
}

/// The state of a source.
#[derive(Clone, Copy, Debug)]
pub struct SourceState<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether it answered its last health probe; `None` where there was none.
    pub is_up: Option<bool>,
    /// Its circuit breaker.
    pub breaker: BreakerState,
    /// Fetches in progress.
    pub in_flight: usize,
    /// Fetches that wait for a place.
    pub waiting: usize,
}

/// What is sent with a request, and how its names are translated.
#[derive(Debug, Default)]
pub struct HttpOptions {
    /// Headers of every request.
    pub headers: HeaderMap,
    /// Headers of the caller that are handed on.
    pub forward: Vec<HeaderName>,
    /// Signs the token that says who calls.
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
        settings: &SourceSettings,
        options: HttpOptions,
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
            permits: Semaphore::new(settings.concurrency),
            concurrency: settings.concurrency,
            waiting: Waiting::default(),
            breaker: Breaker::new(
                settings.breaker_failures,
                Duration::from_millis(settings.breaker_ms),
            ),
            probe: Probe::new(Duration::from_millis(settings.probe_ms), Instant::now()),
            exposure: Exposure::new(settings),
            options,
        }))
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Whether another one asks in the same way; earlier failures do not count.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.url == other.url && self.options.names == other.options.names
    }

    /// What clients see of its errors.
    pub(super) fn exposure(&self) -> &Exposure {
        &self.exposure
    }

    /// What its health probes say.
    pub(super) fn health(&self) -> &Probe {
        &self.probe
    }

    /// Its state.
    pub(super) fn state(&self) -> SourceState<'_> {
        SourceState {
            name: &self.name,
            is_up: self.probe.is_up(),
            breaker: self.breaker.state(),
            in_flight: (self.concurrency).saturating_sub(self.permits.available_permits()),
            waiting: self.waiting.number(),
        }
    }

    /// Sends an empty query without a caller, to see whether it answers. A source whose
    /// breaker is open is not asked before its pause is over; then the probe is the request that tries it.
    pub(super) async fn probe(&self) {
        let Some(pass) = self.breaker.enter(Instant::now()) else {
            return;
        };
        let headers = self.headers(&Caller::default());
        let progress = Progress::default();
        let target = Target {
            is_known_down: self.probe.is_up() == Some(false),
            ..self.target()
        };
        let body = Bytes::from_static(NOTHING);
        let asking = self.try_once(target, body, headers, &progress);
        let is_up = match tokio::time::timeout(self.timeout, asking).await {
            Ok(Ok(_)) => {
                pass.alive();
                true
            }
            Ok(Err(failure)) if !failure.is_counted => {
                pass.alive();
                false
            }
            // The requests of clients held every place.
            Err(_) if !progress.is_overdue(self.timeout) => return,
            Ok(Err(_)) | Err(_) => {
                pass.failed(Instant::now());
                false
            }
        };
        self.probe.note(&self.name, is_up);
    }

    /// Fetches. Whether the source failed is known once the answer has been read: the pass waits for
    /// that.
    pub(super) async fn fetch(
        &self,
        fetch: &Fetch,
        variables: &Bytes,
        caller: &Caller,
    ) -> Result<(Answer, Pass), SubgraphError> {
        let now = Instant::now();
        let Some(pass) = self.breaker.enter(now) else {
            return Err(SubgraphError {
                kind: SubgraphErrorKind::Unavailable,
                message: format!(
                    "The source `{}` was not asked: its circuit breaker is {}.",
                    self.name,
                    self.breaker.describe(now)
                ),
                retryable: true,
            });
        };
        let progress = Progress::default();
        let asking = self.try_all(fetch, variables, caller, &progress);
        match tokio::time::timeout(self.timeout, asking).await {
            Ok(Ok(answer)) => Ok((Answer::Json(answer), pass)),
            Ok(Err(failure)) => {
                if failure.is_counted {
                    pass.failed(Instant::now());
                } else {
                    pass.alive();
                }
                Err(failure.error)
            }
            Err(_) => {
                // Waiting for one of our own places is not a failure of the source.
                if progress.is_overdue(self.timeout) {
                    pass.failed(Instant::now());
                }
                Err(too_late(&self.name, self.timeout))
            }
        }
    }

    /// Only a query is asked again: a mutation may have been carried out.
    async fn try_all(
        &self,
        fetch: &Fetch,
        variables: &Bytes,
        caller: &Caller,
        progress: &Progress,
    ) -> Result<Bytes, Failure> {
        let fresh;
        let head = if let Some(kept) = fetch.prepared.get_or_init(|| self.head(fetch)) {
            kept
        } else {
            fresh = self.head(fetch);
            &fresh
        };
        let body = head.with(variables);
        let headers = self.headers(caller);
        let deadline = Instant::now() + self.timeout;
        let mut left = match fetch.kind {
            OperationKind::Query => self.retries,
            _ => 0,
        };
        let mut pause = FIRST_PAUSE;
        let answer = loop {
            let trying = self.try_once(self.target(), body.clone(), headers.clone(), progress);
            let outcome = trying.await;
            let wait = wait_after(&outcome, pause);
            let remaining = deadline.saturating_duration_since(Instant::now());
            match wait.filter(|wait| left > 0 && *wait < remaining) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => break outcome?.body,
            }
            tracing::debug!(source = self.name, "asking again");
            left -= 1;
            pause = pause.saturating_mul(2);
        };
        Ok(match (&head.translated, &self.options.names) {
            (Some(translated), Some(names)) => translated.answer(answer, names),
            _ => answer,
        })
    }

    fn headers(&self, caller: &Caller) -> HeaderMap {
        let mut headers = self.options.headers.clone();
        for name in &self.options.forward {
            let mut values = caller.headers.get_all(name).iter();
            if let Some(first) = values.next() {
                headers.insert(name.clone(), first.clone());
            }
            for further in values {
                headers.append(name.clone(), further.clone());
            }
        }
        // The operator's headers for a source are not replaced.
        if let Some(signer) = &self.options.signer
            && !headers.contains_key(AUTHORIZATION)
            && let Some(value) = bearer(signer, &self.url, &caller.principal)
        {
            headers.insert(AUTHORIZATION, value);
        }
        telemetry::hand_on(&mut headers);
        for (name, value) in [
            (CONTENT_TYPE, "application/json"),
            (ACCEPT, MEDIA_TYPES),
            (ACCEPT_ENCODING, ENCODINGS),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers
    }

    fn head(&self, fetch: &Fetch) -> Head {
        let names = self.options.names.as_ref();
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

    fn target(&self) -> Target<'_> {
        Target {
            source: &self.name,
            answer_bytes: self.answer_bytes,
            is_known_down: false,
        }
    }

    async fn try_once(
        &self,
        target: Target<'_>,
        body: Bytes,
        headers: HeaderMap,
        progress: &Progress,
    ) -> Result<Answered, Failure> {
        let waits = self.waiting.enter();
        let _permit = self.permits.acquire().await;
        drop(waits);
        progress.begin();
        let request = self
            .client
            .post(self.url.clone())
            .headers(headers)
            .body(body);
        let outcome = exchange::ask(request, target).await;
        if !matches!(&outcome, Err(failure) if failure.is_counted) {
            progress.clear();
        }
        outcome
    }
}

/// Since when the source has been asked without an answer, or failed in a way that counts.
#[derive(Debug, Default)]
struct Progress(Mutex<Option<Instant>>);

impl Progress {
    fn begin(&self) {
        self.lock().get_or_insert_with(Instant::now);
    }

    fn clear(&self) {
        *self.lock() = None;
    }

    /// Whether the time-out is the source's failure: it had at least half of the time. The rest was
    /// spent waiting for one of our own places.
    fn is_overdue(&self, timeout: Duration) -> bool {
        self.lock()
            .is_some_and(|since| since.elapsed() >= timeout / 2)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long to wait before asking again, where that may help.
fn wait_after(outcome: &Result<Answered, Failure>, pause: Duration) -> Option<Duration> {
    let asked = match outcome {
        Ok(answered) => Some(answered.retry_after?),
        Err(failure) if failure.error.retryable => failure.retry_after,
        Err(_) => return None,
    };
    Some(jitter(pause).max(asked.unwrap_or_default()))
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

/// A random time between half of the pause and all of it, so that retries are spread.
fn jitter(pause: Duration) -> Duration {
    let mut random = [0_u8; 1];
    // Without random bytes the pause is the shortest.
    let _ = aws_lc_rs::rand::fill(&mut random);
    pause / 2 + (pause / 2) * u32::from(random[0]) / 255
}
