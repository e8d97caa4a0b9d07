//! The operations that are asked for most, so that a new supergraph starts with their plans made.
//!
//! Documents stay in memory: they may hold what only their senders should know.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use apollo_compiler::response::JsonValue;
use federation::{grants::Grants, request::Request};
use moka::sync::Cache;

use super::{Caller, Graph};

/// Bytes of documents kept.
const MOST_BYTES: u64 = 4 << 20;
/// Operations that are planned before a swap.
const MOST_WARMED: usize = 100;
/// A new supergraph does not wait longer than that.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is asked for most.
#[derive(Debug)]
pub struct Hot {
    seen: Cache<Asked, Arc<AtomicU64>>,
}

/// What a plan depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Asked {
    query: String,
    operation: Option<String>,
    booleans: Vec<(String, bool)>,
    labels: Vec<String>,
    is_authenticated: bool,
    scopes: Vec<String>,
}

impl Asked {
    /// About how many bytes it takes, counter and place in the cache included.
    fn size(&self) -> usize {
        let texts = |texts: &[String]| -> usize { texts.iter().map(|text| 40 + text.len()).sum() };
        let booleans = self.booleans.iter().map(|(name, _)| 48 + name.len());
        512 + self.query.len()
            + self.operation.as_ref().map_or(0, String::len)
            + booleans.sum::<usize>()
            + texts(&self.labels)
            + texts(&self.scopes)
    }
}

impl Default for Hot {
    fn default() -> Self {
        let weigh =
            |asked: &Asked, _: &Arc<AtomicU64>| u32::try_from(asked.size()).unwrap_or(u32::MAX);
        Self {
            seen: Cache::builder()
                .weigher(weigh)
                .max_capacity(MOST_BYTES)
                .build(),
        }
    }
}

impl Hot {
    /// Counts a request that was answered. Of its variables only those are kept that its plan
    /// depends on.
    pub fn count(&self, graph: &Graph, request: &Request, caller: &Caller) {
        let Some(decisive) = graph.decisive_variables(request) else {
            return;
        };
        let booleans = decisive.into_iter().filter_map(|name| {
            let value = request.variables.get(name.as_str())?.as_bool()?;
            Some((name, value))
        });
        let asked = Asked {
            query: request.query.clone(),
            operation: request.operation_name.clone(),
            booleans: booleans.collect(),
            labels: request.labels.iter().cloned().collect(),
            is_authenticated: caller.principal.entity.is_some(),
            scopes: caller.principal.scopes.iter().cloned().collect(),
        };
        let count = self.seen.get_with(asked, Arc::default);
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// How many operations are kept, and about how many bytes they take.
    pub fn kept(&self) -> (u64, u64) {
        self.seen.run_pending_tasks();
        (self.seen.entry_count(), self.seen.weighted_size())
    }

    /// Makes a supergraph plan what is asked for most; how many plans were made.
    pub async fn warm(&self, graph: &Graph) -> usize {
        let mut seen: Vec<_> = self
            .seen
            .iter()
            .map(|(asked, count)| (count.load(Ordering::Relaxed), asked))
            .collect();
        seen.sort_by_key(|entry| std::cmp::Reverse(entry.0));
        let started = Instant::now();
        let mut warmed = 0;
        for (_, asked) in seen.into_iter().take(MOST_WARMED) {
            if started.elapsed() > PATIENCE {
                break;
            }
            let grants = Grants {
                authenticated: asked.is_authenticated,
                scopes: asked.scopes.iter().cloned().collect(),
                ..Grants::default()
            };
            let variables = asked.booleans.iter();
            let request = Request {
                query: asked.query.clone(),
                operation_name: asked.operation.clone(),
                variables: variables
                    .map(|(name, is)| (name.as_str().into(), JsonValue::Bool(*is)))
                    .collect(),
                labels: asked.labels.iter().cloned().collect(),
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
