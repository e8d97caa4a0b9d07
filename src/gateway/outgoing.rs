//! Registered sources over the network: under the rules of outgoing calls, told who calls, with
//! what the operator set for each.

use std::{path::Path, sync::Arc};

use indexmap::IndexMap;
use reqwest::{
    Certificate, Client, Identity, RequestBuilder, Url,
    header::{self, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue},
};

use super::{Courtesies, Graph, HttpSource, Names, client_builder};
use crate::{
    auth::{CallerSigner, Principal},
    config::{Config, SourceOverrides},
    egress::Egress,
};

/// Headers that are never handed on: they would let the source act as the caller, or belong to the
/// connection.
const NOT_FORWARDED: [HeaderName; 9] = [
    header::AUTHORIZATION,
    header::COOKIE,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::ACCEPT_ENCODING,
    header::HOST,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// The way out.
#[derive(Debug)]
pub struct Outgoing {
    egress: Arc<Egress>,
    signer: Option<Arc<CallerSigner>>,
    shared: Client,
    own: IndexMap<String, Own>,
}

/// What the operator set for one source.
#[derive(Debug)]
struct Own {
    client: Client,
    headers: HeaderMap,
    forward: Vec<HeaderName>,
}

/// A source that registered.
#[derive(Clone, Debug)]
pub struct Remote {
    /// Its name.
    pub name: String,
    /// Where it answers.
    pub url: String,
    /// Its own names, where it is a plain server.
    pub names: Option<Arc<Names>>,
}

/// Why there is no way out.
#[derive(Debug, thiserror::Error)]
pub enum OutgoingError {
    /// The client that most sources share.
    #[error("no HTTP client: {0}")]
    Client(#[from] reqwest::Error),
    /// What is set for one source.
    #[error("settings: `sources.{0}.{1}")]
    Source(String, String),
}

impl Outgoing {
    /// A way out under rules; sources are told of callers where there is a signer.
    pub fn new(
        egress: Arc<Egress>,
        signer: Option<Arc<CallerSigner>>,
        config: &Config,
    ) -> Result<Self, OutgoingError> {
        let shared = egress.guard(client_builder()).build()?;
        let mut own = IndexMap::new();
        for (name, set) in &config.sources {
            let read = Own::read(set, &egress, &shared)
                .map_err(|what| OutgoingError::Source(name.clone(), what))?;
            own.insert(name.clone(), read);
        }
        Ok(Self {
            egress,
            signer,
            shared,
            own,
        })
    }

    /// The rules.
    pub fn egress(&self) -> &Egress {
        &self.egress
    }

    /// A question to a source about itself, in nobody's name.
    ///
    /// Only at its registered place is it told the headers that the operator set for it: elsewhere
    /// they would be somebody else's to read.
    pub fn post(&self, name: &str, url: &Url, is_registered: bool) -> RequestBuilder {
        let own = self.own.get(name);
        let mut headers = HeaderMap::new();
        if let Some(own) = own.filter(|_| is_registered) {
            headers.clone_from(&own.headers);
        }
        if let Some(signer) = &self.signer
            && !headers.contains_key(AUTHORIZATION)
            && let Some(value) = bearer(signer, url, &Principal::default())
        {
            headers.insert(AUTHORIZATION, value);
        }
        let client = own.map_or(&self.shared, |own| &own.client);
        client.post(url.clone()).headers(headers)
    }

    /// The way to a source: the one there was, where nothing about it changed.
    pub(super) fn source(
        &self,
        remote: &Remote,
        config: &Config,
        before: Option<&Graph>,
    ) -> Result<Arc<HttpSource>, String> {
        // Checked when it was published, but the rules may have changed since.
        let url = self
            .egress
            .parse(&remote.url)
            .map_err(|refusal| refusal.to_string())?;
        let own = self.own.get(&remote.name);
        let client = own.map_or(&self.shared, |own| &own.client).clone();
        let courtesies = Courtesies {
            headers: own.map(|own| own.headers.clone()).unwrap_or_default(),
            forward: own.map(|own| own.forward.clone()).unwrap_or_default(),
            signer: self.signer.clone(),
            names: remote.names.clone(),
        };
        let settings = config.source(&remote.name);
        let source = HttpSource::new(&remote.name, url.as_str(), client, (&settings, courtesies))?;
        let kept = before.and_then(|graph| graph.find_http(&remote.name));
        Ok(match kept {
            Some(kept) if kept.is_like(&source) => Arc::clone(kept),
            _ => source,
        })
    }
}

/// The header that tells a source who calls.
pub(super) fn bearer(
    signer: &CallerSigner,
    url: &Url,
    principal: &Principal,
) -> Option<HeaderValue> {
    let token = signer.token(url.as_str(), principal)?;
    let mut value = HeaderValue::try_from(format!("Bearer {token}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl Own {
    /// Reads what is set for a source; the error is the rest of a sentence that begins with its key.
    fn read(set: &SourceOverrides, egress: &Arc<Egress>, shared: &Client) -> Result<Self, String> {
        let mut client = shared.clone();
        if set.ca_file.is_some() || set.identity_file.is_some() {
            let mut builder = egress.guard(client_builder());
            if let Some(path) = &set.ca_file {
                let bundle = read_pem("ca_file", path, Certificate::from_pem_bundle)?;
                if bundle.is_empty() {
                    return Err(format!(
                        "ca_file`: `{}` holds no certificate in PEM form",
                        path.display()
                    ));
                }
                builder = builder.tls_certs_only(bundle);
            }
            if let Some(path) = &set.identity_file {
                builder = builder.identity(read_pem("identity_file", path, Identity::from_pem)?);
            }
            let refuse = |error: reqwest::Error| format!("identity_file` cannot be used: {error}");
            client = builder.build().map_err(refuse)?;
        }
        Ok(Self {
            client,
            headers: headers(set)?,
            forward: forwarded(set)?,
        })
    }
}

fn read_pem<T>(
    key: &str,
    path: &Path,
    parse: impl FnOnce(&[u8]) -> reqwest::Result<T>,
) -> Result<T, String> {
    let refuse = |error: &dyn std::fmt::Display| format!("{key}`: `{}`: {error}", path.display());
    let bytes = std::fs::read(path).map_err(|error| refuse(&error))?;
    parse(&bytes).map_err(|error| refuse(&error))
}

fn headers(set: &SourceOverrides) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in &set.headers {
        let header = name
            .parse::<HeaderName>()
            .map_err(|_| format!("headers`: `{name}` is no name of a header"))?;
        let mut value = HeaderValue::try_from(value.0.as_str())
            .map_err(|_| format!("headers.{name}`: the value cannot be sent in a header"))?;
        value.set_sensitive(true);
        headers.insert(header, value);
    }
    Ok(headers)
}

fn forwarded(set: &SourceOverrides) -> Result<Vec<HeaderName>, String> {
    let names = set.forward_headers.iter().map(|name| {
        let header = name
            .parse::<HeaderName>()
            .map_err(|_| format!("forward_headers`: `{name}` is no name of a header"))?;
        if NOT_FORWARDED.contains(&header) {
            return Err(format!(
                "forward_headers`: `{header}` is not handed on; who calls, a source is told by \
                 the gateway's own token"
            ));
        }
        Ok(header)
    });
    names.collect()
}
