//! What requests and operators see of the registry that runs.

use std::sync::Arc;

use tokio::sync::watch;

use super::{
    recording::{Client, Recorder},
    service::Registry,
};
use crate::gateway::{Caller, Graph, Hot, Request};

/// What a gateway with a registry has beside.
#[derive(Debug)]
pub struct Link {
    /// The registry.
    pub registry: Arc<Registry>,
    /// Counts operations by signature, unless that is switched off.
    pub recorder: Option<Arc<Recorder>>,
    /// What is asked for most.
    pub hot: Arc<Hot>,
    /// Number of the supergraph that serves.
    pub number: watch::Receiver<i32>,
    /// The key that sources check tokens with, as a JSON Web Key Set.
    pub jwks: serde_json::Value,
}

impl Link {
    /// Notes a request that was answered.
    pub fn note(&self, graph: &Graph, request: &Request, caller: &Caller) {
        self.hot.count(graph, request, caller);
        if let Some(recorder) = &self.recorder {
            let schema = (graph.id(), graph.api_schema());
            let client = Client::of(&caller.principal, &caller.headers);
            let operation = request.operation_name.as_deref();
            recorder.count(schema, &request.query, operation, client);
        }
    }
}
