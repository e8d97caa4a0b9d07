//! The client of a collector: OTLP over HTTP, with the HTTP client that is also used for sources.

use std::{collections::HashMap, time::Duration};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use reqwest::{Client, redirect};
use tokio::runtime::Handle;

use crate::config::TelemetrySettings;

/// Bytes of a collector's answer that are read: what was wrong with some spans.
const MAX_ANSWER: usize = 64 << 10;

/// Asks a collector from a thread without a runtime, which is where spans are exported from: what is
/// asked runs on the service's own.
#[derive(Debug)]
pub(super) struct Collector {
    client: Client,
    runtime: Handle,
    timeout: Duration,
}

impl Collector {
    pub(super) fn new(settings: &TelemetrySettings) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(settings.timeout())
            .user_agent(concat!("upfront/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            client,
            runtime: Handle::current(),
            timeout: settings.timeout(),
        })
    }
}

/// The operator's headers for each request.
pub(super) fn headers(settings: &TelemetrySettings) -> HashMap<String, String> {
    let headers = settings.headers.iter();
    headers
        .map(|(name, value)| (name.clone(), value.expose().to_owned()))
        .collect()
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (client, timeout) = (self.client.clone(), self.timeout);
        // The exporter itself puts no bound on the time that an answer takes.
        let bounded = async move { tokio::time::timeout(timeout, send(client, request)).await };
        self.runtime.spawn(bounded).await??
    }
}

async fn send(client: Client, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let mut answer = client.execute(request.try_into()?).await?;
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(format!("an answer of more than {MAX_ANSWER} bytes").into());
        }
        body.extend_from_slice(&chunk);
    }
    let mut response = Response::new(body.freeze());
    *response.status_mut() = answer.status();
    *response.headers_mut() = std::mem::take(answer.headers_mut());
    Ok(response)
}
