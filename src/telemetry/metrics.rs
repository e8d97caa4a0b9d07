//! What is counted since the start. No value of a request or an answer is among it.

use std::{
    fmt,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use prometheus_client::{
    encoding::{prometheus_text, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use super::{
    labels::{OfCode, OfFetch, OfRequest, OfStatus},
    preparation::Preparation,
};

/// What the names of all metrics begin with.
const PREFIX: &str = "upfront";

/// Upper bounds in seconds, of requests and of fetches.
const BOUNDS: [f64; 10] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

type Histograms<L> = Family<L, Histogram, fn() -> Histogram>;

/// Counts since the start.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<OfStatus, Counter>,
    request_times: Histograms<OfRequest>,
    fetches: Family<OfFetch, Counter>,
    fetch_seconds: Family<OfFetch, Counter<f64, AtomicU64>>,
    fetch_times: Histograms<OfFetch>,
    refused_plans: Family<OfCode, Counter>,
    connections: Gauge,
    refused_connections: Counter,
}

/// How a request over HTTP ended.
#[derive(Clone, Copy, Debug)]
pub struct RequestEnd {
    /// The status of the answer.
    pub status: u16,
    /// The kind of the operation; `none` where there was none to be known.
    pub operation: &'static str,
    /// How long it took.
    pub time: Duration,
}

/// How a fetch ended.
#[derive(Clone, Debug)]
pub struct FetchEnd {
    /// Name of the source.
    pub source: Arc<str>,
    /// `ok`, `invalid`, `timeout` or `unavailable`.
    pub status: &'static str,
    /// How long it took, waiting and retries included.
    pub time: Duration,
}

/// How counts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// <https://prometheus.io/docs/instrumenting/exposition_formats/>
    Prometheus,
    /// <https://prometheus.io/docs/specs/om/open_metrics_spec/>
    OpenMetrics,
}

impl Format {
    /// As `Content-Type` has it.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Prometheus => prometheus_text::CONTENT_TYPE,
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }

    fn write(self, text: &mut String, registry: &Registry) -> fmt::Result {
        match self {
            Self::Prometheus => prometheus_text::encode(text, registry),
            Self::OpenMetrics => text::encode_registry(text, registry),
        }
    }
}

fn histograms<L: Clone + Eq + std::hash::Hash>() -> Histograms<L> {
    Family::new_with_constructor(|| Histogram::new(BOUNDS))
}

impl Metrics {
    /// Nothing is counted yet, save how operations are made ready.
    pub fn new(preparation: &Preparation) -> Self {
        let mut metrics = Self {
            registry: Self::empty(),
            requests: Family::default(),
            request_times: histograms(),
            fetches: Family::default(),
            fetch_seconds: Family::default(),
            fetch_times: histograms(),
            refused_plans: Family::default(),
            connections: Gauge::default(),
            refused_connections: Counter::default(),
        };
        metrics.register_requests();
        metrics.register_fetches();
        preparation.register(&mut metrics.registry);
        metrics
    }

    /// A registry whose names begin as all do.
    pub fn empty() -> Registry {
        Registry::with_prefix(PREFIX)
    }

    fn register_requests(&mut self) {
        let registry = &mut self.registry;
        registry.register(
            "requests",
            "Requests, by HTTP status",
            self.requests.clone(),
        );
        registry.register_with_unit(
            "request",
            "How long requests took, by class of HTTP status and kind of operation",
            Unit::Seconds,
            self.request_times.clone(),
        );
        registry.register(
            "plans_refused",
            "Operations that no plan was made for, by the code of the error",
            self.refused_plans.clone(),
        );
        registry.register("connections", "Connections open", self.connections.clone());
        registry.register(
            "connections_refused",
            "Connections turned away because all others were in use",
            self.refused_connections.clone(),
        );
    }

    fn register_fetches(&mut self) {
        let registry = &mut self.registry;
        registry.register(
            "fetches",
            "Fetches from a source, by how they ended",
            self.fetches.clone(),
        );
        registry.register_with_unit(
            "fetch",
            "Time that fetches from a source took in all, waiting and retries included",
            Unit::Seconds,
            self.fetch_seconds.clone(),
        );
        registry.register_with_unit(
            "fetch_duration",
            "How long fetches from a source took, waiting and retries included",
            Unit::Seconds,
            self.fetch_times.clone(),
        );
    }

    /// Counts a request.
    pub fn request(&self, end: RequestEnd) {
        let RequestEnd {
            status,
            operation,
            time,
        } = end;
        self.requests.get_or_create(&OfStatus { status }).inc();
        let status = match status {
            ..200 => "1xx",
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            500.. => "5xx",
        };
        let times = self
            .request_times
            .get_or_create(&OfRequest { status, operation });
        times.observe(time.as_secs_f64());
    }

    /// Counts a fetch.
    pub fn fetch(&self, end: FetchEnd) {
        let FetchEnd {
            source,
            status,
            time,
        } = end;
        let of = OfFetch { source, status };
        let seconds = time.as_secs_f64();
        self.fetches.get_or_create(&of).inc();
        self.fetch_seconds.get_or_create(&of).inc_by(seconds);
        self.fetch_times.get_or_create(&of).observe(seconds);
    }

    /// Counts an operation that no plan was made for.
    pub fn plan_refused(&self, code: &'static str) {
        self.refused_plans.get_or_create(&OfCode { code }).inc();
    }

    /// Counts a connection that was taken.
    pub fn connection_opened(&self) {
        self.connections.inc();
    }

    /// Counts a connection that ended.
    pub fn connection_closed(&self) {
        self.connections.dec();
    }

    /// Counts a connection that was turned away.
    pub fn connection_refused(&self) {
        self.refused_connections.inc();
    }

    /// All counts as text, with those of another registry behind them.
    pub fn write(&self, format: Format, state: &Registry) -> Result<String, fmt::Error> {
        let mut text = String::new();
        format.write(&mut text, &self.registry)?;
        format.write(&mut text, state)?;
        if format == Format::OpenMetrics {
            text::encode_eof(&mut text)?;
        }
        Ok(text)
    }
}
