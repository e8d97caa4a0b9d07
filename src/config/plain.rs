//! Settings of the plain gateway.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How a plain gateway keeps up with its subgraphs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlainSettings {
    /// Milliseconds between two times of asking each `subgraph_url` for its SDL; zero never asks
    /// again.
    pub poll_ms: u64,
}

impl Default for PlainSettings {
    fn default() -> Self {
        Self { poll_ms: 5_000 }
    }
}

impl PlainSettings {
    /// [`PlainSettings::poll_ms`] as a duration, where it asks again.
    pub fn poll(&self) -> Option<Duration> {
        (self.poll_ms > 0).then(|| Duration::from_millis(self.poll_ms))
    }
}
