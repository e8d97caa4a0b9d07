//! How sources are asked: for all, and the exceptions for one.

use std::path::PathBuf;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{Config, ExposeErrors, Secret, lists};

/// How a source is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSettings {
    /// Milliseconds for one fetch, retries included.
    pub timeout_ms: u64,
    /// Fetches in flight at once.
    pub concurrency: usize,
    /// Further tries of a query that found no answer.
    pub retries: u32,
    /// Bytes of an answer, decompressed.
    pub answer_bytes: usize,
    /// Failures in a row after which the circuit breaker opens and the source is not asked.
    pub breaker_failures: u32,
    /// Milliseconds that the circuit breaker stays open.
    pub breaker_ms: u64,
    /// Milliseconds between two health probes; zero never asks.
    pub probe_ms: u64,
    /// Who sees the messages of its errors.
    pub expose_errors: ExposeErrors,
    /// Keys of its errors' `extensions` that clients see, under `extensions.source`.
    #[serde(deserialize_with = "lists::one_or_more")]
    pub error_extensions: Vec<String>,
}

/// Exceptions for one source.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SourceOverrides {
    /// See [`SourceSettings::timeout_ms`].
    pub timeout_ms: Option<u64>,
    /// See [`SourceSettings::concurrency`].
    pub concurrency: Option<usize>,
    /// See [`SourceSettings::retries`].
    pub retries: Option<u32>,
    /// See [`SourceSettings::answer_bytes`].
    pub answer_bytes: Option<usize>,
    /// See [`SourceSettings::breaker_failures`].
    pub breaker_failures: Option<u32>,
    /// See [`SourceSettings::breaker_ms`].
    pub breaker_ms: Option<u64>,
    /// See [`SourceSettings::probe_ms`].
    pub probe_ms: Option<u64>,
    /// See [`SourceSettings::expose_errors`].
    pub expose_errors: Option<ExposeErrors>,
    /// See [`SourceSettings::error_extensions`].
    pub error_extensions: Option<Vec<String>>,
    /// Headers of every request; `${NAME}` stands for a variable of the environment.
    pub headers: IndexMap<String, Secret>,
    /// Headers of the caller that are handed on; none by default.
    #[serde(deserialize_with = "lists::one_or_more")]
    pub forward_headers: Vec<String>,
    /// Certificates of the authorities that the source's certificate may come from (PEM); those of
    /// the system unless given.
    pub ca_file: Option<PathBuf>,
    /// Certificate and key to show to the source (PEM).
    pub identity_file: Option<PathBuf>,
}

impl Config {
    /// How a source is asked, exceptions applied.
    pub fn source(&self, name: &str) -> SourceSettings {
        let mut settings = self.source_defaults.clone();
        if let Some(own) = self.sources.get(name) {
            settings.timeout_ms = own.timeout_ms.unwrap_or(settings.timeout_ms);
            settings.concurrency = own.concurrency.unwrap_or(settings.concurrency);
            settings.retries = own.retries.unwrap_or(settings.retries);
            settings.answer_bytes = own.answer_bytes.unwrap_or(settings.answer_bytes);
            settings.breaker_failures = own.breaker_failures.unwrap_or(settings.breaker_failures);
            settings.breaker_ms = own.breaker_ms.unwrap_or(settings.breaker_ms);
            settings.probe_ms = own.probe_ms.unwrap_or(settings.probe_ms);
            settings.expose_errors = own.expose_errors.unwrap_or(settings.expose_errors);
            if let Some(keys) = &own.error_extensions {
                settings.error_extensions.clone_from(keys);
            }
        }
        settings
    }

    /// Warns of settings for sources that a supergraph does not have: their name may be misspelt.
    pub fn warn_of_unknown_sources(&self, known: &[&str]) {
        // The defaults hold some for the registry.
        let set = self.sources.keys().filter(|name| *name != "registry");
        for name in set.filter(|name| !known.contains(&name.as_str())) {
            tracing::warn!(
                source = name,
                known = known.join(", "),
                "settings: `sources.{name}` is for a source that does not serve; it counts once one \
                 of that name does"
            );
        }
    }
}
