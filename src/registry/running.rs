//! The parts of the running registry that requests and operators use.

use std::sync::Arc;

use tokio::sync::watch;

use super::{recording::Recorder, service::Registry};
use crate::gateway::WarmUp;

/// The registry of this process, and what runs with it.
#[derive(Debug)]
pub struct RunningRegistry {
    /// The registry.
    pub registry: Arc<Registry>,
    /// Counts operations by signature, unless that is switched off.
    pub recorder: Option<Arc<Recorder>>,
    /// Counts operations for the plans that a new supergraph starts with.
    pub warm_up: Arc<WarmUp>,
    /// Number of the supergraph that serves.
    pub number: watch::Receiver<i32>,
    /// The key that sources check tokens with, as a JSON Web Key Set.
    pub jwks: serde_json::Value,
}
