//! Spans, exported as traces to a collector where the settings name one.
//!
//! A span that ends is put into a bounded queue, or dropped where that is full; a separate thread
//! of the exporter sends what is in it. So a collector that fails or hangs does not delay requests.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use opentelemetry::{KeyValue, trace::TracerProvider};
use opentelemetry_otlp::{Protocol, RetryPolicy, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider},
};
use tracing::{Level, Metadata, Subscriber, level_filters::LevelFilter};
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

use super::{
    collector::{self, Collector},
    watched::Watched,
};
use crate::config::TelemetrySettings;

/// The crates whose spans are exported.
const OWN: [&str; 2] = ["upfront", "federation"];
/// What the exporter itself may log: spans that were dropped, at the first and at the end. It would
/// log each failed export twice.
const LOGGED: [&str; 2] = [
    "BatchSpanProcessor.SpanDroppingStarted",
    "BatchSpanProcessor.SpansDropped",
];
/// How long what is left may take to be sent when the service stops.
const LAST: Duration = Duration::from_secs(5);

/// Whether spans are exported: one for the process, like the subscriber that they go through.
static IS_ON: AtomicBool = AtomicBool::new(false);

/// Whether spans are exported.
pub(super) fn is_on() -> bool {
    IS_ON.load(Ordering::Relaxed)
}

/// The export of spans.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

/// Why spans cannot be exported.
#[derive(Debug, thiserror::Error)]
pub enum TracesError {
    /// The settings.
    #[error("settings: {0}")]
    Settings(String),
    /// There is no HTTP client.
    #[error("telemetry: no HTTP client: {0}")]
    Client(#[from] reqwest::Error),
    /// What the exporter was configured with, by settings or by the variables `OTEL_…` that it
    /// reads itself.
    #[error("telemetry: {0}")]
    Exporter(#[from] opentelemetry_otlp::ExporterBuildError),
}

impl Traces {
    /// Makes ready to export, where the settings name a collector. It is not asked yet.
    pub fn start(settings: &TelemetrySettings) -> Result<Option<Self>, TracesError> {
        let Some(url) = settings.traces_url() else {
            return Ok(None);
        };
        let url = url.map_err(TracesError::Settings)?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new(settings)?)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(url.as_str())
            .with_timeout(settings.timeout())
            .with_headers(collector::headers(settings))
            .with_retry_policy(RetryPolicy::recommended())
            .build()?;
        let batches = BatchConfigBuilder::default()
            .with_max_queue_size(settings.queue)
            .with_max_export_batch_size(settings.queue.min(512))
            .with_scheduled_delay(Duration::from_millis(settings.export_ms))
            .build();
        let processor = BatchSpanProcessor::builder(Watched::new(exporter))
            .with_batch_config(batches)
            .build();
        let ratio = Sampler::TraceIdRatioBased(settings.sample_ratio);
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource = Resource::builder_empty()
            .with_service_name(settings.service_name.clone())
            .with_attribute(version)
            .build();
        let provider = SdkTracerProvider::builder()
            .with_sampler(Sampler::ParentBased(Box::new(ratio)))
            .with_resource(resource)
            .with_span_processor(processor)
            .build();
        IS_ON.store(true, Ordering::Relaxed);
        Ok(Some(Self(provider)))
    }

    /// What takes spans from `tracing`: those of this service, down to the steps of the engine, with
    /// the warnings within them.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        OpenTelemetryLayer::new(self.0.tracer("upfront"))
            .with_context_activation(false)
            .with_tracked_inactivity(false)
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_filter(filter_fn(is_exported).with_max_level_hint(LevelFilter::DEBUG))
    }

    /// Sends what is left, within bounds.
    pub async fn finish(self) {
        let ending = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(LAST));
        match ending.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the last spans may not have been exported"),
            Err(error) => tracing::error!(%error, "the export of spans broke off"),
        }
    }
}

/// Whether an event of the export itself is logged; all other events are.
pub fn is_logged(metadata: &Metadata<'_>) -> bool {
    !metadata.target().starts_with("opentelemetry") || LOGGED.contains(&metadata.name())
}

fn is_exported(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    let part = target.split("::").next().unwrap_or_default();
    // The engine has a span around each fetch as well.
    let is_twice = part == "federation" && metadata.name() == "fetch";
    let is_wanted = metadata.is_span() || *metadata.level() <= Level::WARN;
    OWN.contains(&part) && is_wanted && !is_twice
}
