//! Registered sources over the network: under the rules of outgoing calls, with a token that says
//! who calls, and with what the operator set for each.

use std::sync::Arc;

use indexmap::IndexMap;
use reqwest::{
    Client, RequestBuilder, Url,
    header::{AUTHORIZATION, HeaderMap},
};

use super::{Consent, HttpOptions, HttpSource, Names, bearer::bearer, client_builder, own::Own};
use crate::{
    auth::{CallerSigner, Principal},
    config::Config,
    egress::Egress,
};

/// Makes transports to registered sources.
#[derive(Debug)]
pub struct Outgoing {
    egress: Arc<Egress>,
    signer: Option<Arc<CallerSigner>>,
    shared: Client,
    own: IndexMap<String, Own>,
}

/// A registered source as it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedSource {
    /// Its name.
    pub name: String,
    /// Code of the entity that answers for it.
    pub entity: String,
    /// Number of its version.
    pub version: i32,
    /// Where it answers.
    pub url: String,
    /// The consents that others gave it.
    pub consents: Vec<Consent>,
    /// Its own names, where it is a plain server.
    pub names: Option<Arc<Names>>,
}

/// Why no transport can be made.
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
    /// With rules of outgoing calls; with a signer, requests have a token that names the caller.
    pub fn new(
        egress: Arc<Egress>,
        signer: Option<Arc<CallerSigner>>,
        config: &Config,
    ) -> Result<Self, OutgoingError> {
        let shared = egress.guard(client_builder()).build()?;
        let mut own = IndexMap::new();
        for (name, set) in &config.sources {
            let read = Own::read(set, |builder| egress.guard(builder), &shared, false)
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

    /// A request to a source about itself, without a caller.
    ///
    /// Only at its registered URL is it sent the headers that the operator set for it: at another
    /// URL someone else could read them.
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

    /// The transport to a source: the one from before, if nothing about it changed.
    pub(super) fn source(
        &self,
        served: &ServedSource,
        config: &Config,
        before: Option<&Arc<HttpSource>>,
    ) -> Result<Arc<HttpSource>, String> {
        // Checked when it was published, but the rules may have changed since.
        let url = self
            .egress
            .parse(&served.url)
            .map_err(|refusal| refusal.to_string())?;
        let own = self.own.get(&served.name);
        let client = own.map_or(&self.shared, |own| &own.client).clone();
        let options = HttpOptions {
            headers: own.map(|own| own.headers.clone()).unwrap_or_default(),
            forward: own.map(|own| own.forward.clone()).unwrap_or_default(),
            signer: self.signer.clone(),
            names: served.names.clone(),
        };
        let settings = config.source(&served.name);
        let source = HttpSource::new(&served.name, url.as_str(), client, &settings, options)?;
        Ok(match before {
            Some(kept) if kept.is_like(&source) => Arc::clone(kept),
            _ => source,
        })
    }
}
