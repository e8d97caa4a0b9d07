//! The hook, asked over HTTP as the REST API of OPA is. In: a question. Out: what holds, and for how long.
//! Invariant: an answer is bounded in time and in bytes, no redirect is followed, and one that is not
//! understood says nothing.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use indexmap::{IndexMap, IndexSet};
use reqwest::{
    Client,
    header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde::Deserialize;
use tokio::time::Instant;

use super::question::Question;
use crate::{
    auth::http::{cause_of, client, read},
    config::PolicySettings,
};

/// Bytes of an answer.
const MOST_BYTES: usize = 64 << 10;
/// For how long it is not asked after it did not answer in time.
const PAUSE: Duration = Duration::from_secs(1);
/// Seconds for which an answer may say that it is current.
pub(super) const LONGEST_FRESH: u64 = 3_600;

/// A service that says which policies hold.
#[derive(Debug)]
pub(super) struct Hook {
    client: Client,
    url: String,
    headers: HeaderMap,
    /// Whether it failed to answer, so that a failure is logged once.
    has_failed: AtomicBool,
    timeout: Duration,
    /// Until then it is not asked, since it took too long to answer: not every request waits for it.
    failed_until: Mutex<Option<Instant>>,
    /// Whether an answer was not understood, so that this is logged once.
    was_unclear: AtomicBool,
}

/// What the hook said.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The policies that hold, of those that were asked about.
    pub(super) satisfied: IndexSet<String>,
    /// For how many seconds.
    pub(super) fresh: u64,
}

#[derive(Deserialize)]
struct Decided {
    result: Decision,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Decision {
    /// All or none.
    Whole(bool),
    /// Those that hold.
    Listed(Vec<String>),
    /// Whether each of them does.
    Each(IndexMap<String, bool>),
}

impl Hook {
    pub(super) fn new(url: &str, settings: &PolicySettings) -> Result<Self, String> {
        let timeout = Duration::from_millis(settings.timeout_ms);
        let client = client(timeout, settings.ca_file.as_deref());
        let mut headers = HeaderMap::new();
        for (name, value) in &settings.headers {
            let refuse = || format!("`auth.policies.headers.{name}` is no header");
            let key: HeaderName = name.parse().map_err(|_| refuse())?;
            let mut value: HeaderValue = value.expose().parse().map_err(|_| refuse())?;
            value.set_sensitive(true);
            headers.insert(key, value);
        }
        // What is sent is JSON, whatever the settings say.
        let json = HeaderValue::from_static("application/json");
        headers.insert(CONTENT_TYPE, json.clone());
        headers.insert(ACCEPT, json);
        Ok(Self {
            client: client.map_err(|error| format!("`auth.policies`: {error}"))?,
            url: url.to_owned(),
            headers,
            has_failed: AtomicBool::new(false),
            timeout,
            failed_until: Mutex::default(),
            was_unclear: AtomicBool::new(false),
        })
    }

    /// Nothing where it does not answer, or says nothing that is understood.
    pub(super) async fn ask(&self, question: &Question) -> Option<Answer> {
        if self
            .failed_until()
            .is_some_and(|until| Instant::now() < until)
        {
            return None;
        }
        let asked = Instant::now();
        match self.exchange(question).await {
            Ok((bytes, fresh)) => {
                *self.failed_until() = None;
                if self.has_failed.swap(false, Ordering::Relaxed) {
                    tracing::info!("the hook of `auth.policies` answers again");
                }
                let satisfied = self.read(&bytes, question)?;
                Some(Answer { satisfied, fresh })
            }
            Err(error) => {
                if asked.elapsed() >= self.timeout {
                    *self.failed_until() = Some(Instant::now() + PAUSE);
                }
                if self.has_failed.swap(true, Ordering::Relaxed) {
                    tracing::debug!(error, "the hook of `auth.policies` does not answer");
                } else {
                    tracing::warn!(
                        error,
                        "the hook of `auth.policies` does not answer: until it does, what needs a \
                         policy is withheld"
                    );
                }
                None
            }
        }
    }

    /// Whether it did not answer when it was asked last.
    pub(super) fn is_failing(&self) -> bool {
        self.has_failed.load(Ordering::Relaxed)
    }

    fn failed_until(&self) -> MutexGuard<'_, Option<Instant>> {
        self.failed_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    async fn exchange(&self, question: &Question) -> Result<(Vec<u8>, u64), String> {
        let body = question.to_json().map_err(|error| error.to_string())?;
        let request = self.client.post(&self.url).headers(self.headers.clone());
        let response = request.body(body).send().await.map_err(cause_of)?;
        let status = response.status();
        if !status.is_success() {
            return Err(format!("status {status}"));
        }
        let fresh = freshness(response.headers());
        Ok((read(response, MOST_BYTES).await?, fresh))
    }

    fn read(&self, bytes: &[u8], question: &Question) -> Option<IndexSet<String>> {
        let decision = match decision(bytes) {
            Ok(decision) => decision,
            Err(error) => {
                if self.was_unclear.swap(true, Ordering::Relaxed) {
                    tracing::debug!(error, "an answer of the hook is not understood");
                } else {
                    tracing::warn!(
                        error,
                        "an answer of the hook of `auth.policies` is not understood, so no policy \
                         holds: `result` has to be a list of policies, an object with `true` or \
                         `false` for each, or `true` or `false` for all; OPA leaves it out where the \
                         URL names no rule, or one that is undefined. Further ones are logged at the \
                         level debug"
                    );
                }
                return None;
            }
        };
        Some(match decision {
            Decision::Whole(true) => question.policies().iter().cloned().collect(),
            Decision::Whole(false) => IndexSet::new(),
            Decision::Listed(names) => {
                let names = names.into_iter();
                names.filter(|name| question.is_about(name)).collect()
            }
            Decision::Each(each) => {
                let met = each.into_iter().filter(|(_, holds)| *holds);
                let names = met.map(|(name, _)| name);
                names.filter(|name| question.is_about(name)).collect()
            }
        })
    }
}

fn decision(answer: &[u8]) -> Result<Decision, String> {
    // Serde would take a list as well.
    if !answer.trim_ascii_start().starts_with(b"{") {
        return Err("it is no object".to_owned());
    }
    let decided = serde_json::from_slice::<Decided>(answer);
    Ok(decided.map_err(|error| error.to_string())?.result)
}

/// Seconds for which an answer may be kept: what `max-age` says, and nothing where anything forbids it or
/// is not understood.
fn freshness(headers: &HeaderMap) -> u64 {
    let mut fresh: Option<u64> = None;
    for value in headers.get_all(CACHE_CONTROL) {
        let Ok(value) = value.to_str() else {
            return 0;
        };
        for directive in value
            .split(',')
            .map(|part| part.trim().to_ascii_lowercase())
        {
            let (name, argument) = directive.split_once('=').unwrap_or((&directive, ""));
            match name {
                "no-store" | "no-cache" => return 0,
                "max-age" => {
                    let seconds = argument.parse().unwrap_or(0);
                    fresh = Some(fresh.map_or(seconds, |known| known.min(seconds)));
                }
                _ => {}
            }
        }
    }
    fresh.unwrap_or(0).min(LONGEST_FRESH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_for_as_long_as_it_says() {
        for (values, fresh) in [
            (&[][..], 0),
            (&["max-age=60"], 60),
            (&["private, Max-Age=60, must-revalidate"], 60),
            (&["max-age=60", "max-age=5"], 5),
            (&["max-age=86400"], LONGEST_FRESH),
            (&["max-age=0"], 0),
            (&["max-age=soon"], 0),
            (&["max-age=-1"], 0),
            (&["max-age=99999999999999999999999"], 0),
            (&["s-maxage=60"], 0),
            (&["max-age=60, no-store"], 0),
            (&["no-store", "max-age=60"], 0),
            (&["max-age=60, no-cache=\"x\""], 0),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(CACHE_CONTROL, HeaderValue::from_static(value));
            }
            assert_eq!(freshness(&headers), fresh, "{values:?}");
        }
    }
}
