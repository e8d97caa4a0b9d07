//! What is counted, in Prometheus' text format. No value of a request or an answer is among it.
//!
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>

use std::{
    fmt::{Display, Write},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{extract::State, http::header, response::IntoResponse};
use indexmap::IndexMap;

use crate::{
    app::App,
    gateway::{FetchStatus, Graph, SourceFetch},
};

/// Upper bounds of the histogram, in milliseconds.
const BOUNDS: [u64; 10] = [1, 5, 10, 25, 50, 100, 250, 1_000, 5_000, 30_000];

/// Counts since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    counts: Mutex<Counts>,
    connections: AtomicU64,
    refused: AtomicU64,
}

#[derive(Debug, Default)]
struct Counts {
    by_status: IndexMap<u16, u64>,
    /// Requests up to each bound and above the one before; the last takes the rest.
    within: [u64; BOUNDS.len() + 1],
    time: Duration,
    fetches: IndexMap<(Arc<str>, FetchStatus), (u64, Duration)>,
}

impl Metrics {
    /// Counts a request.
    pub(super) fn request(&self, status: u16, time: Duration) {
        let mut counts = self.lock();
        *counts.by_status.entry(status).or_default() += 1;
        let bound = BOUNDS
            .iter()
            .position(|&bound| time <= Duration::from_millis(bound));
        counts.within[bound.unwrap_or(BOUNDS.len())] += 1;
        counts.time += time;
    }

    /// Counts the fetches of a request.
    pub(super) fn fetches(&self, fetches: &[SourceFetch]) {
        let mut counts = self.lock();
        for fetch in fetches {
            let key = (Arc::clone(&fetch.source), fetch.status);
            let entry = counts.fetches.entry(key).or_default();
            entry.0 += 1;
            entry.1 += fetch.duration;
        }
    }

    /// Counts a connection that was taken.
    pub(super) fn connection_opened(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a connection that ended.
    pub(super) fn connection_closed(&self) {
        self.connections.fetch_sub(1, Ordering::Relaxed);
    }

    /// Counts a connection that was turned away.
    pub(super) fn connection_refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    fn write(&self, busy: usize, graph: &Graph) -> String {
        let mut text = Exposition::default();
        self.write_requests(&mut text);
        text.family("requests_in_flight", "gauge", "Requests being worked on.");
        text.sample("requests_in_flight", &[], &busy);
        text.family("connections", "gauge", "Connections open.");
        text.sample(
            "connections",
            &[],
            &self.connections.load(Ordering::Relaxed),
        );
        let name = "connections_refused_total";
        text.family(
            name,
            "counter",
            "Connections turned away because all others were in use.",
        );
        text.sample(name, &[], &self.refused.load(Ordering::Relaxed));
        self.write_fetches(&mut text);
        let help = "Whether a source answered its last health probe.";
        text.family("source_up", "gauge", help);
        for (source, is_up) in graph.probed() {
            text.sample("source_up", &[("source", source)], &u8::from(is_up));
        }
        text.0
    }

    fn write_requests(&self, text: &mut Exposition) {
        let counts = self.lock();
        text.family("requests_total", "counter", "Requests, by HTTP status.");
        for (status, count) in &counts.by_status {
            text.sample("requests_total", &[("status", &status.to_string())], count);
        }
        let help = "How long requests took.";
        text.family("request_seconds", "histogram", help);
        let mut sum = 0;
        let bounds = BOUNDS.iter().map(|&bound| {
            let bound = Duration::from_millis(bound).as_secs_f64();
            bound.to_string()
        });
        let bounds = bounds.chain(["+Inf".to_owned()]);
        for (bound, count) in bounds.zip(counts.within) {
            sum += count;
            text.sample("request_seconds_bucket", &[("le", &bound)], &sum);
        }
        text.sample("request_seconds_sum", &[], &counts.time.as_secs_f64());
        text.sample("request_seconds_count", &[], &sum);
    }

    fn write_fetches(&self, text: &mut Exposition) {
        let counts = self.lock();
        let help = "Fetches from a source, by how they ended.";
        text.family("fetches_total", "counter", help);
        for ((source, status), (count, _)) in &counts.fetches {
            let labels = [("source", &**source), ("status", &status.to_string())];
            text.sample("fetches_total", &labels, count);
        }
        let help = "Time that fetches from a source took, waiting and retries included.";
        text.family("fetch_seconds_total", "counter", help);
        for ((source, status), (_, time)) in &counts.fetches {
            let labels = [("source", &**source), ("status", &status.to_string())];
            text.sample("fetch_seconds_total", &labels, &time.as_secs_f64());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Text in the making: families one after the other, each with its samples behind it.
#[derive(Debug, Default)]
struct Exposition(String);

impl Exposition {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing into a string cannot fail.
        let _ = writeln!(
            self.0,
            "# HELP upfront_{name} {help}\n# TYPE upfront_{name} {kind}"
        );
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: &dyn Display) {
        let _ = write!(self.0, "upfront_{name}");
        for (place, (label, value)) in labels.iter().enumerate() {
            let before = if place == 0 { '{' } else { ',' };
            let _ = write!(self.0, "{before}{label}=\"{}\"", escape(value));
        }
        let after = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.0, "{after} {value}");
    }
}

fn escape(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

/// `/metrics`.
pub(super) async fn page(State(app): State<Arc<App>>) -> impl IntoResponse {
    let free = app.slots.available_permits();
    let busy = app.config.limits.concurrent_requests.saturating_sub(free);
    let headers = [(
        header::CONTENT_TYPE,
        "text/plain; version=0.0.4; charset=utf-8",
    )];
    (headers, app.metrics.write(busy, &app.gateway.current()))
}
