//! Settings of what is exported to a collector of traces.

use std::time::Duration;

use indexmap::IndexMap;
use reqwest::{
    Url,
    header::{HeaderName, HeaderValue},
};
use serde::{Deserialize, Serialize};

use super::Secret;

/// What is exported, and where to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetrySettings {
    /// A collector that takes OTLP over HTTP, such as `http://127.0.0.1:4318`; nothing is exported
    /// without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Headers of what is sent to it; `${NAME}` stands for a variable of the environment.
    pub headers: IndexMap<String, Secret>,
    /// The service's name in traces.
    pub service_name: String,
    /// The share of the traces that begin here which are exported; a client that sends a
    /// `traceparent` decides for its own.
    pub sample_ratio: f64,
    /// Milliseconds that the collector may take for an answer.
    pub timeout_ms: u64,
    /// Milliseconds between two exports.
    pub export_ms: u64,
    /// Spans that wait for their export; further ones are dropped.
    pub queue: usize,
}

impl Default for TelemetrySettings {
    fn default() -> Self {
        Self {
            endpoint: None,
            headers: IndexMap::new(),
            service_name: "upfront".to_owned(),
            sample_ratio: 1.0,
            timeout_ms: 5_000,
            export_ms: 2_000,
            queue: 8_192,
        }
    }
}

impl TelemetrySettings {
    /// Where traces are sent: `/v1/traces` below the endpoint.
    pub fn traces_url(&self) -> Option<Result<Url, String>> {
        let endpoint = self.endpoint.as_ref()?;
        Some(read_endpoint(endpoint))
    }

    /// [`TelemetrySettings::timeout_ms`] as a duration.
    pub fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }

    /// What is wrong with them, as a sentence.
    pub(super) fn check(&self) -> Result<(), String> {
        self.traces_url().transpose()?;
        if !(0.0..=1.0).contains(&self.sample_ratio) {
            return Err(format!(
                "`telemetry.sample_ratio`: a share from 0 to 1 was expected, not `{}`",
                self.sample_ratio
            ));
        }
        if self.service_name.trim().is_empty() {
            return Err("`telemetry.service_name` must not be empty".to_owned());
        }
        let numbers = [
            ("timeout_ms", self.timeout_ms == 0),
            ("export_ms", self.export_ms == 0),
            ("queue", self.queue == 0),
        ];
        match numbers.iter().find(|(_, is_zero)| *is_zero) {
            Some((key, _)) => Err(format!("`telemetry.{key}` must be at least 1")),
            None => Ok(()),
        }
    }

    /// The same for headers, once their variables are filled in. Values are not repeated.
    pub(super) fn check_headers(&self) -> Result<(), String> {
        for (name, value) in &self.headers {
            if name.parse::<HeaderName>().is_err() {
                return Err(format!(
                    "`telemetry.headers`: `{name}` is no name of a header"
                ));
            }
            if value.expose().parse::<HeaderValue>().is_err() {
                return Err(format!(
                    "`telemetry.headers.{name}`: the value holds a character that no header may"
                ));
            }
        }
        Ok(())
    }
}

fn read_endpoint(endpoint: &str) -> Result<Url, String> {
    let refuse = |why: &str| {
        format!(
            "`telemetry.endpoint`: `{endpoint}` {why}; write where a collector takes OTLP over \
             HTTP, such as `http://127.0.0.1:4318`"
        )
    };
    let hide = |what: &str| format!("`telemetry.endpoint` holds {what}");
    let mut url = Url::parse(endpoint).map_err(|error| refuse(&format!("is no URL ({error})")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refuse("has a scheme other than http and https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(hide("credentials: put them into `telemetry.headers`"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(hide("a query or a fragment: leave it out"));
    }
    let base = url.path().trim_end_matches('/');
    if base.ends_with("/v1/traces") {
        return Err(refuse("ends in `/v1/traces`, which is added to it"));
    }
    url.set_path(&format!("{base}/v1/traces"));
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(endpoint: &str) -> String {
        read_endpoint(endpoint).unwrap_err()
    }

    #[test]
    fn traces_go_below_the_endpoint() {
        for (endpoint, url) in [
            ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
            (
                "https://otlp.example/a/",
                "https://otlp.example/a/v1/traces",
            ),
        ] {
            assert_eq!(read_endpoint(endpoint).unwrap().as_str(), url);
        }
    }

    #[test]
    fn what_no_collector_is_at_is_refused() {
        for (endpoint, why) in [
            ("127.0.0.1:4318", "is no URL"),
            ("localhost:4318", "a scheme other than http and https"),
            (
                "grpc://127.0.0.1:4317",
                "a scheme other than http and https",
            ),
            ("http://u:secret@127.0.0.1", "`telemetry.headers`"),
            ("http://127.0.0.1/?a=b", "a query or a fragment"),
            ("http://127.0.0.1/v1/traces", "is added to it"),
        ] {
            let error = refusal(endpoint);
            assert!(error.contains(why), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn shares_and_times_are_checked() {
        let with = |change: fn(&mut TelemetrySettings)| {
            let mut settings = TelemetrySettings::default();
            change(&mut settings);
            settings.check()
        };
        assert!(with(|_| {}).is_ok());
        for ratio in [-0.1, 1.1, f64::NAN] {
            let settings = TelemetrySettings {
                sample_ratio: ratio,
                ..TelemetrySettings::default()
            };
            assert!(settings.check().unwrap_err().contains("sample_ratio"));
        }
        assert!(with(|settings| settings.timeout_ms = 0).is_err());
        assert!(with(|settings| settings.queue = 0).is_err());
        assert!(with(|settings| settings.service_name.clear()).is_err());
    }
}
