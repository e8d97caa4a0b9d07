//! Services that authentication asks: issuers for their keys, the hook for policies. In: a time-out and the
//! authorities to trust. Out: a client, and answers read whole. Invariant: nothing is followed elsewhere,
//! no proxy is asked, and an answer is bounded in time and in bytes.

use std::{path::Path, time::Duration};

use reqwest::{Certificate, Client, Response, redirect};

/// A client; `ca_file` has the certificates of the authorities that it trusts instead of the usual ones.
pub(super) fn client(timeout: Duration, ca_file: Option<&Path>) -> Result<Client, String> {
    let mut builder = Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .timeout(timeout)
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("upfront/", env!("CARGO_PKG_VERSION")));
    if let Some(file) = ca_file {
        let failed =
            |error: &dyn std::fmt::Display| format!("`ca_file`: `{}`: {error}", file.display());
        let pem = std::fs::read(file).map_err(|error| failed(&error))?;
        let authorities = Certificate::from_pem_bundle(&pem).map_err(|error| failed(&error))?;
        builder = builder.tls_certs_only(authorities);
    }
    builder.build().map_err(|error| error.to_string())
}

/// The body of an answer of at most so many bytes.
pub(super) async fn read(mut response: Response, most: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(cause_of)? {
        if bytes.len() + chunk.len() > most {
            return Err(format!("the answer has more than {most} bytes"));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The innermost reason, which says most, without the URL.
pub(super) fn cause_of(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
