//! The settings of one source: headers, certificates, and which of the caller's headers are passed
//! on.

use std::path::Path;

use reqwest::{
    Certificate, Client, ClientBuilder, Identity,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};

use super::client_builder;
use crate::config::SourceOverrides;

/// Headers that are never passed on, since they belong to the connection or to the request.
const NOT_FORWARDED: [HeaderName; 9] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::HOST,
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Headers that would let a source act as the caller.
const CREDENTIALS: [HeaderName; 2] = [header::AUTHORIZATION, header::COOKIE];

/// What the operator set for one source.
#[derive(Debug)]
pub(super) struct Own {
    /// Asks it.
    pub(super) client: Client,
    /// Headers of every request.
    pub(super) headers: HeaderMap,
    /// Headers of the caller that are handed on.
    pub(super) forward: Vec<HeaderName>,
}

impl Own {
    /// Reads what is set for a source; the error is the rest of a sentence that begins with its key.
    ///
    /// `guard` adds what holds for every client; `shared` asks where nothing else is set. Credentials
    /// are handed on to the operator's own services alone, never to those of others.
    pub(super) fn read(
        set: &SourceOverrides,
        guard: impl FnOnce(ClientBuilder) -> ClientBuilder,
        shared: &Client,
        may_have_credentials: bool,
    ) -> Result<Self, String> {
        let mut client = shared.clone();
        if set.ca_file.is_some() || set.identity_file.is_some() {
            let mut builder = guard(client_builder());
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
            forward: forwarded(set, may_have_credentials)?,
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
        let mut value = HeaderValue::try_from(value.expose())
            .map_err(|_| format!("headers.{name}`: the value cannot be sent in a header"))?;
        value.set_sensitive(true);
        headers.insert(header, value);
    }
    Ok(headers)
}

fn forwarded(set: &SourceOverrides, may_have_credentials: bool) -> Result<Vec<HeaderName>, String> {
    let names = set.forward_headers.iter().map(|name| {
        let header = name
            .parse::<HeaderName>()
            .map_err(|_| format!("forward_headers`: `{name}` is no name of a header"))?;
        if NOT_FORWARDED.contains(&header) {
            return Err(format!(
                "forward_headers`: `{header}` is not handed on; it belongs to one connection"
            ));
        }
        if CREDENTIALS.contains(&header) && !may_have_credentials {
            return Err(format!(
                "forward_headers`: `{header}` is not handed on; the gateway's own token says to \
                 a source who calls"
            ));
        }
        Ok(header)
    });
    names.collect()
}
