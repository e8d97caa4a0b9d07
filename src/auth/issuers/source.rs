//! Where the keys of an issuer come from: a file, a URL, or the URL that its metadata name. In: the
//! settings of an issuer. Out: the bytes of its key set, and for how long they are current. Invariant:
//! each answer is bounded in time and in bytes, no redirect is followed, and what metadata name is held
//! to the same rules as what the settings name.

use std::{path::PathBuf, time::Duration};

use reqwest::{
    Client,
    header::{ACCEPT, CACHE_CONTROL, HeaderMap},
};
use serde::Deserialize;

use crate::{
    auth::http::{cause_of, client, read},
    config::{IssuerSettings, is_safe_url},
};

/// Bytes of metadata or of a key set.
const MOST_BYTES: usize = 512 << 10;
/// Seconds for which an answer may say that it is current.
const LONGEST_FRESH: u64 = 24 * 3600;
/// Seconds for which an answer is current, whatever it says.
const SHORTEST_FRESH: u64 = 60;

/// Where the keys of one issuer come from.
#[derive(Debug)]
pub(super) enum KeySource {
    File(PathBuf),
    Network {
        client: Client,
        place: Place,
        timeout: Duration,
    },
}

#[derive(Debug)]
pub(super) enum Place {
    /// The key set itself.
    Keys(String),
    /// The metadata of an issuer, which name it.
    Metadata { url: String, issuer: String },
}

/// A key set as it was read.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) bytes: Vec<u8>,
    /// Seconds, where the answer says so.
    pub(super) fresh: Option<u64>,
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

impl KeySource {
    pub(super) fn new(settings: &IssuerSettings) -> Result<Self, String> {
        if let Some(file) = &settings.jwks_file {
            return Ok(Self::File(file.clone()));
        }
        let timeout = Duration::from_millis(settings.timeout_ms);
        let place = match (&settings.jwks_url, &settings.discovery_url) {
            (Some(url), _) => Place::Keys(url.clone()),
            (None, url) => Place::Metadata {
                url: url.clone().unwrap_or_else(|| well_known(&settings.issuer)),
                issuer: settings.issuer.clone(),
            },
        };
        Ok(Self::Network {
            client: client(timeout, settings.ca_file.as_deref())?,
            place,
            timeout,
        })
    }

    /// Reads the key set anew.
    pub(super) async fn fetch(&self) -> Result<Fetched, String> {
        match self {
            Self::File(file) => {
                let bytes = tokio::fs::read(file).await;
                let bytes = bytes.map_err(|error| format!("`{}`: {error}", file.display()))?;
                Ok(Fetched { bytes, fresh: None })
            }
            Self::Network {
                client,
                place,
                timeout,
            } => {
                let fetching = fetch_from(client, place);
                let fetched = tokio::time::timeout(*timeout, fetching).await;
                fetched
                    .unwrap_or_else(|_| Err(format!("no answer within {} ms", timeout.as_millis())))
            }
        }
    }

    /// Whether it is a file, which is looked at more often than an issuer is asked.
    pub(super) fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }
}

async fn fetch_from(client: &Client, place: &Place) -> Result<Fetched, String> {
    let url = match place {
        Place::Keys(url) => url.clone(),
        Place::Metadata { url, issuer } => {
            let (bytes, _) = get(client, url).await?;
            let metadata: Metadata = serde_json::from_slice(&bytes)
                .map_err(|error| format!("`{url}`: the metadata cannot be read: {error}"))?;
            // OpenID Connect Discovery 1.0, section 4.3.
            if metadata.issuer != *issuer {
                return Err(format!(
                    "`{url}`: the metadata are of the issuer `{}`, not of `{issuer}`",
                    shortened(&metadata.issuer)
                ));
            }
            if !is_safe_url(&metadata.jwks_uri) {
                return Err(format!("`{url}`: `jwks_uri` has to begin with https://"));
            }
            metadata.jwks_uri
        }
    };
    let (bytes, headers) = get(client, &url).await?;
    Ok(Fetched {
        bytes,
        fresh: max_age(&headers),
    })
}

async fn get(client: &Client, url: &str) -> Result<(Vec<u8>, HeaderMap), String> {
    let failed = |error: reqwest::Error| format!("`{url}`: {}", cause_of(error));
    let request = client.get(url).header(ACCEPT, "application/json");
    let response = request.send().await.map_err(failed)?;
    let status = response.status();
    if !status.is_success() {
        return Err(format!("`{url}`: status {status}"));
    }
    let headers = response.headers().clone();
    let bytes = read(response, MOST_BYTES)
        .await
        .map_err(|why| format!("`{url}`: {why}"))?;
    Ok((bytes, headers))
}

fn max_age(headers: &HeaderMap) -> Option<u64> {
    let value = headers.get(CACHE_CONTROL)?.to_str().ok()?;
    let mut parts = value.split(',').map(str::trim);
    let seconds = parts.find_map(|part| part.strip_prefix("max-age="))?;
    let seconds: u64 = seconds.parse().ok()?;
    Some(seconds.clamp(SHORTEST_FRESH, LONGEST_FRESH))
}

/// `OpenID` Connect Discovery 1.0, section 4.
fn well_known(issuer: &str) -> String {
    let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
    format!("{issuer}/.well-known/openid-configuration")
}

fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}
