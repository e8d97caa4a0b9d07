//! What is counted, in Prometheus' text format. No value of a request or an answer is among it.
//!
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>

use std::{
    fmt::Write,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{extract::State, http::header, response::IntoResponse};
use indexmap::IndexMap;

use crate::{
    app::App,
    gateway::{Graph, Touch, TouchStatus},
};

/// Upper bounds of the histogram, in milliseconds.
const BOUNDS: [u64; 10] = [1, 5, 10, 25, 50, 100, 250, 1_000, 5_000, 30_000];

/// Counts since the start.
#[derive(Debug, Default)]
pub struct Metrics(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    by_status: IndexMap<u16, u64>,
    /// Requests up to each bound; the last takes all.
    within: [u64; BOUNDS.len() + 1],
    time: Duration,
    fetches: IndexMap<(Arc<str>, TouchStatus), (u64, Duration)>,
}

impl Metrics {
    /// Counts a request.
    pub(super) fn request(&self, status: u16, time: Duration) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.by_status.entry(status).or_default() += 1;
        let bound = BOUNDS
            .iter()
            .position(|&bound| time <= Duration::from_millis(bound));
        counts.within[bound.unwrap_or(BOUNDS.len())] += 1;
        counts.time += time;
    }

    /// Counts the fetches of a request.
    pub(super) fn fetches(&self, touches: &[Touch]) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for touch in touches {
            let key = (Arc::clone(&touch.source), touch.status);
            let entry = counts.fetches.entry(key).or_default();
            entry.0 += 1;
            entry.1 += touch.duration;
        }
    }

    fn write(&self, busy: usize, graph: &Graph) -> String {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        // Writing into a string cannot fail.
        let mut line = |name: &str, labels: &str, value: &dyn std::fmt::Display| {
            let _ = writeln!(text, "upfront_{name}{labels} {value}");
        };
        for (status, count) in &counts.by_status {
            line("requests_total", &format!("{{status=\"{status}\"}}"), count);
        }
        let mut sum = 0;
        for (bound, count) in BOUNDS.iter().zip(counts.within) {
            sum += count;
            let bound = Duration::from_millis(*bound).as_secs_f64();
            line(
                "request_seconds_bucket",
                &format!("{{le=\"{bound}\"}}"),
                &sum,
            );
        }
        sum += counts.within[BOUNDS.len()];
        line("request_seconds_bucket", "{le=\"+Inf\"}", &sum);
        line("request_seconds_sum", "", &counts.time.as_secs_f64());
        line("request_seconds_count", "", &sum);
        line("requests_in_flight", "", &busy);
        for ((source, status), (count, time)) in &counts.fetches {
            // A name in quotes as Rust writes it is one as Prometheus reads it.
            let labels = format!("{{source={source:?},status=\"{status}\"}}");
            line("fetches_total", &labels, count);
            line("fetch_seconds_total", &labels, &time.as_secs_f64());
        }
        for (source, is_up) in graph.probed() {
            line(
                "source_up",
                &format!("{{source={source:?}}}"),
                &u8::from(is_up),
            );
        }
        text
    }
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
