//! Warming up: before a new supergraph is served, the most frequent operations are planned on it.
//!
//! Documents are kept in memory only, since they may hold personal data.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use apollo_compiler::response::JsonValue;
use federation::{gateway::ParsedOperation, grants::Grants, request::Request};
use moka::sync::Cache;

use super::{Caller, Graph};

/// Bytes of documents kept.
const MOST_BYTES: u64 = 4 << 20;
/// Operations that are planned before a swap.
const MOST_WARMED: usize = 100;
/// A new supergraph does not wait longer than that.
const PATIENCE: Duration = Duration::from_secs(2);

/// Counts operations, to plan the most frequent ones.
#[derive(Debug)]
pub struct WarmUp {
    seen: Cache<PlanInputs, Arc<AtomicU64>>,
}

/// What the plan of a request depends on, beside the supergraph.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlanInputs {
    document: Arc<str>,
    operation: Option<String>,
    booleans: Vec<(String, bool)>,
    labels: Vec<String>,
    is_authenticated: bool,
    scopes: Vec<String>,
    policies: Vec<String>,
}

impl PlanInputs {
    /// Those of a request. Of its variables only those are kept that its plan depends on.
    pub fn new(operation: &ParsedOperation, request: &Request, caller: &Caller) -> Self {
        let booleans = operation.decisive_variables().filter_map(|name| {
            let value = request.variables.get(name.as_str())?.as_bool()?;
            Some((name.to_string(), value))
        });
        Self {
            document: Arc::clone(operation.text()),
            operation: operation.name().map(str::to_owned),
            booleans: booleans.collect(),
            labels: request.labels.iter().cloned().collect(),
            is_authenticated: caller.principal.is_authenticated(),
            scopes: caller.principal.scopes.iter().cloned().collect(),
            policies: caller.policies.iter().cloned().collect(),
        }
    }

    /// About how many bytes it takes, counter and place in the cache included.
    fn size(&self) -> usize {
        let texts = |texts: &[String]| -> usize { texts.iter().map(|text| 40 + text.len()).sum() };
        let booleans = self.booleans.iter().map(|(name, _)| 48 + name.len());
        512 + self.document.len()
            + self.operation.as_ref().map_or(0, String::len)
            + booleans.sum::<usize>()
            + texts(&self.labels)
            + texts(&self.scopes)
            + texts(&self.policies)
    }
}

impl Default for WarmUp {
    fn default() -> Self {
        let weigh = |inputs: &PlanInputs, _: &Arc<AtomicU64>| {
            u32::try_from(inputs.size()).unwrap_or(u32::MAX)
        };
        Self {
            seen: Cache::builder()
                .weigher(weigh)
                .max_capacity(MOST_BYTES)
                .build(),
        }
    }
}

impl WarmUp {
    /// Counts a request that was answered.
    pub fn count(&self, inputs: PlanInputs) {
        let count = self.seen.get_with(inputs, Arc::default);
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// How many operations are kept, and about how many bytes they take.
    pub fn kept(&self) -> (u64, u64) {
        self.seen.run_pending_tasks();
        (self.seen.entry_count(), self.seen.weighted_size())
    }

    /// Makes a supergraph plan the most frequent operations; returns how many plans were made.
    pub async fn warm(&self, graph: &Graph) -> usize {
        let mut seen: Vec<_> = self
            .seen
            .iter()
            .map(|(inputs, count)| (count.load(Ordering::Relaxed), inputs))
            .collect();
        seen.sort_by_key(|entry| std::cmp::Reverse(entry.0));
        let started = Instant::now();
        let mut warmed = 0;
        for (_, inputs) in seen.into_iter().take(MOST_WARMED) {
            if started.elapsed() > PATIENCE {
                break;
            }
            let grants = Grants {
                authenticated: inputs.is_authenticated,
                scopes: inputs.scopes.iter().cloned().collect(),
                policies: inputs.policies.iter().cloned().collect(),
                ..Grants::default()
            };
            let variables = inputs.booleans.iter();
            let request = Request {
                query: inputs.document.to_string(),
                operation_name: inputs.operation.clone(),
                variables: variables
                    .map(|(name, is)| (name.as_str().into(), JsonValue::Bool(*is)))
                    .collect(),
                labels: inputs.labels.iter().cloned().collect(),
                may_mutate: true,
                ..Request::default()
            };
            // What others have planned meanwhile may come first.
            let left = PATIENCE.saturating_sub(started.elapsed());
            let warming = graph.warm(&request, &grants);
            warmed += usize::from(tokio::time::timeout(left, warming).await.unwrap_or(false));
        }
        warmed
    }
}
