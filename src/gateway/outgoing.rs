//! Registered sources over the network: under the rules of outgoing calls, told who calls, with
//! what the operator set for each.

use std::{path::Path, sync::Arc};

use reqwest::{
    Certificate, Client, Identity,
    header::{HeaderMap, HeaderName, HeaderValue},
};

use super::{Courtesies, Graph, HttpSource, Names, client_builder};
use crate::{
    auth::CallerSigner,
    config::{Config, SourceOverrides},
    egress::Egress,
};

/// The way out.
#[derive(Debug)]
pub struct Outgoing {
    egress: Arc<Egress>,
    signer: Option<Arc<CallerSigner>>,
    client: Client,
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

impl Outgoing {
    /// A way out under rules; callers are told of where there is a signer.
    pub fn new(
        egress: Arc<Egress>,
        signer: Option<Arc<CallerSigner>>,
    ) -> Result<Self, reqwest::Error> {
        let client = egress.guard(client_builder()).build()?;
        Ok(Self {
            egress,
            signer,
            client,
        })
    }

    /// The rules.
    pub fn egress(&self) -> &Arc<Egress> {
        &self.egress
    }

    /// The client that most sources share.
    pub fn client(&self) -> &Client {
        &self.client
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
        let own = config.sources.get(&remote.name);
        let client = own.map_or(Ok(self.client.clone()), |own| self.client_for(own))?;
        let courtesies = Courtesies {
            headers: own.map_or(Ok(HeaderMap::new()), headers)?,
            forward: own.map_or(Ok(Vec::new()), forwarded)?,
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

    fn client_for(&self, own: &SourceOverrides) -> Result<Client, String> {
        if own.ca_file.is_none() && own.identity_file.is_none() {
            return Ok(self.client.clone());
        }
        let mut builder = self.egress.guard(client_builder());
        if let Some(path) = &own.ca_file {
            let bundle = Certificate::from_pem_bundle(&read(path)?)
                .map_err(|error| format!("`{}`: {error}", path.display()))?;
            builder = builder.tls_certs_only(bundle);
        }
        if let Some(path) = &own.identity_file {
            let identity = Identity::from_pem(&read(path)?)
                .map_err(|error| format!("`{}`: {error}", path.display()))?;
            builder = builder.identity(identity);
        }
        builder.build().map_err(|error| error.to_string())
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("`{}`: {error}", path.display()))
}

fn headers(own: &SourceOverrides) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in &own.headers {
        let header = name
            .parse::<HeaderName>()
            .map_err(|_| format!("`{name}` is no name of a header"))?;
        let mut value = HeaderValue::try_from(value.0.as_str())
            .map_err(|_| format!("the value of the header `{name}` cannot be sent"))?;
        value.set_sensitive(true);
        headers.insert(header, value);
    }
    Ok(headers)
}

fn forwarded(own: &SourceOverrides) -> Result<Vec<HeaderName>, String> {
    let names = own.forward_headers.iter().map(|name| {
        name.parse::<HeaderName>()
            .map_err(|_| format!("`{name}` is no name of a header"))
    });
    names.collect()
}
