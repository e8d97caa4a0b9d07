//! Bounds on requests and connections.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{CostSettings, RateSettings};

/// Bounds on requests and connections.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Bytes of a request's body; those who may publish sources have 4 MiB at least.
    pub body_bytes: usize,
    /// Milliseconds from a request's head to the whole answer.
    pub request_ms: u64,
    /// Milliseconds that a connection waits for the whole head of its next request.
    pub header_ms: u64,
    /// Milliseconds that a body may take to arrive.
    pub body_ms: u64,
    /// Milliseconds within which a client has to take a part of its answer.
    pub write_ms: u64,
    /// Connections at once; fewer where the process may not have as many descriptors open.
    pub connections: usize,
    /// Connections at once from one address, or one network of IPv6; a proxy in front is one.
    pub connections_per_address: usize,
    /// Requests worked on at once; more are turned away.
    pub concurrent_requests: usize,
    /// Seconds that requests in flight get when the service stops.
    pub shutdown_seconds: u64,
    /// Bytes of a document.
    pub document_bytes: usize,
    /// Tokens of a document.
    pub tokens: usize,
    /// Levels of fields, fragments inlined.
    pub depth: usize,
    /// Aliases, fragments inlined.
    pub aliases: u64,
    /// Fields of the root, fragments inlined.
    pub root_fields: u64,
    /// Fields and fragments, fragments inlined.
    pub selections: u64,
    /// Steps that planning an operation may take.
    pub planning_work: u64,
    /// What an operation may cost.
    #[serde(default)]
    pub cost: CostSettings,
    /// How often callers may ask.
    #[serde(default)]
    pub rates: RateSettings,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            request_ms: 30_000,
            header_ms: 30_000,
            body_ms: 10_000,
            write_ms: 30_000,
            connections: 8_192,
            connections_per_address: 1_024,
            concurrent_requests: 1_024,
            shutdown_seconds: 30,
            document_bytes: 512 << 10,
            tokens: 20_000,
            depth: 50,
            aliases: 500,
            root_fields: 200,
            selections: 20_000,
            planning_work: 1_000_000,
            cost: CostSettings::default(),
            rates: RateSettings::default(),
        }
    }
}

impl Limits {
    /// [`Limits::request_ms`] as a duration.
    pub fn request_time(&self) -> Duration {
        Duration::from_millis(self.request_ms)
    }
}
