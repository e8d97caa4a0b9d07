//! Settings of the hook that is asked which policies a caller satisfies.

use std::path::PathBuf;

use indexmap::IndexMap;
use reqwest::Url;
use serde::{Deserialize, Serialize};

use super::{Secret, safe_url::is_safe_url};

/// Where the hook is, and how it is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicySettings {
    /// Where it is asked, such as `http://127.0.0.1:8181/v1/data/upfront/allowed`; no policy holds
    /// without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Milliseconds that it may take for an answer.
    pub timeout_ms: u64,
    /// Headers of what is sent to it; `${NAME}` stands for a variable of the environment.
    pub headers: IndexMap<String, Secret>,
    /// Authorities that its certificate may come from, instead of the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
}

impl Default for PolicySettings {
    fn default() -> Self {
        Self {
            url: None,
            timeout_ms: 1_000,
            headers: IndexMap::new(),
            ca_file: None,
        }
    }
}

impl PolicySettings {
    /// What is wrong with them, as a sentence.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.timeout_ms == 0 {
            return Err("`auth.policies.timeout_ms` must be at least 1".to_owned());
        }
        let Some(url) = &self.url else {
            if self.headers.is_empty() && self.ca_file.is_none() {
                return Ok(());
            }
            return Err(
                "`auth.policies` has no `url`: name where the hook is asked, or leave the others out"
                    .to_owned(),
            );
        };
        let parsed = Url::parse(url);
        if let Ok(parsed) = &parsed
            && (!parsed.username().is_empty() || parsed.password().is_some())
        {
            return Err(
                "`auth.policies.url` holds credentials: put them into `auth.policies.headers`"
                    .to_owned(),
            );
        }
        if parsed.is_err() || !is_safe_url(url) {
            return Err(format!(
                "`auth.policies.url`: `{url}` has to begin with https://, or with http:// and a \
                 loopback address"
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str) -> Result<(), String> {
        let settings = PolicySettings {
            url: Some(url.to_owned()),
            ..PolicySettings::default()
        };
        settings.check()
    }

    #[test]
    fn the_hook_is_on_this_machine_or_behind_tls() {
        for url in [
            "http://127.0.0.1:8181/v1/data/upfront/allowed",
            "http://[::1]:8181/",
            "http://localhost/",
            "https://opa.example.org/v1/data/upfront/allowed",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
        for url in [
            "http://opa.example.org/",
            "http://127.0.0.1.example.org/",
            "ftp://127.0.0.1/",
            "https://",
            "127.0.0.1:8181",
        ] {
            assert!(check(url).unwrap_err().contains("https://"), "{url}");
        }
        let error = check("https://u:secret@opa.example.org/").unwrap_err();
        assert!(
            error.contains("credentials") && !error.contains("secret"),
            "{error}"
        );
    }

    #[test]
    fn what_can_never_be_used_is_refused() {
        let without_time = PolicySettings {
            timeout_ms: 0,
            ..PolicySettings::default()
        };
        assert!(without_time.check().unwrap_err().contains("timeout_ms"));
        let without_url = PolicySettings {
            ca_file: Some("ca.pem".into()),
            ..PolicySettings::default()
        };
        assert!(without_url.check().unwrap_err().contains("no `url`"));
        assert_eq!(PolicySettings::default().check(), Ok(()));
    }
}
