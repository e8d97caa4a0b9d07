//! Settings of the registry and of outgoing calls.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::lists::one_or_more;
use crate::egress::{Egress, HostPattern, Network};

/// What may be asked over the network, and how the registry keeps up.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrySettings {
    /// Hosts that registered sources may be at: `graph.example.org`, `*.example.org:8443`,
    /// `http://10.20.0.7:4001`; none by default.
    #[serde(deserialize_with = "one_or_more")]
    pub source_hosts: Vec<String>,
    /// Private networks that names of such hosts may lead to: `10.20.0.0/16`; none by default.
    #[serde(deserialize_with = "one_or_more")]
    pub source_networks: Vec<String>,
    /// Codes of entities that may register sources though the directory of organisations does not
    /// list them; none by default.
    #[serde(deserialize_with = "one_or_more")]
    pub entities: Vec<String>,
    /// Milliseconds between two looks for a new supergraph.
    pub poll_ms: u64,
    /// Days back that recorded operations count as in use.
    pub usage_days: u64,
    /// Whether operations are recorded, without their values.
    pub record_operations: bool,
    /// Seconds between two times of storing what was recorded.
    pub record_seconds: u64,
    /// Seconds between two looks whether sources still answer with what was registered; zero never
    /// looks.
    pub drift_seconds: u64,
}

impl Default for RegistrySettings {
    fn default() -> Self {
        Self {
            source_hosts: Vec::new(),
            source_networks: Vec::new(),
            entities: Vec::new(),
            poll_ms: 2_000,
            usage_days: 30,
            record_operations: true,
            record_seconds: 10,
            drift_seconds: 300,
        }
    }
}

impl RegistrySettings {
    /// The rules of outgoing calls, or a sentence on what is wrong with them.
    pub fn egress(&self) -> Result<Egress, String> {
        let hosts = self.source_hosts.iter().map(|host| {
            host.parse::<HostPattern>()
                .map_err(|error| format!("`registry.source_hosts`: {error}"))
        });
        let networks = self.source_networks.iter().map(|network| {
            network
                .parse::<Network>()
                .map_err(|error| format!("`registry.source_networks`: {error}"))
        });
        Ok(Egress::new(
            hosts.collect::<Result<_, _>>()?,
            networks.collect::<Result<_, _>>()?,
        ))
    }

    /// [`RegistrySettings::poll_ms`] as a duration, never zero.
    pub fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms.max(50))
    }
}
