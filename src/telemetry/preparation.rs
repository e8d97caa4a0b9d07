//! Metrics of preparing operations: the time of each step, and look-ups in the caches of documents
//! and plans.

use std::time::Duration;

use prometheus_client::{
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};

use super::labels::{Cache, Lookup, OfLookup, OfStep, Step};

/// Upper bounds in seconds: most operations are planned within a millisecond.
const BOUNDS: [f64; 13] = [
    0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0,
];

/// Counts over all supergraphs of a process: each supergraph hands it to the next.
#[derive(Clone, Debug)]
pub struct Preparation {
    times: Family<OfStep, Histogram, fn() -> Histogram>,
    lookups: Family<OfLookup, Counter>,
}

impl Default for Preparation {
    fn default() -> Self {
        Self {
            times: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
            lookups: Family::default(),
        }
    }
}

impl Preparation {
    /// Counts a step that was taken; waiting for a thread is not part of its time.
    pub fn took(&self, step: Step, time: Duration) {
        let times = self.times.get_or_create(&OfStep { step });
        times.observe(time.as_secs_f64());
    }

    /// Counts a look-up.
    pub fn looked_up(&self, cache: Cache, outcome: Lookup) {
        self.lookups
            .get_or_create(&OfLookup { cache, outcome })
            .inc();
    }

    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register_with_unit(
            "preparation",
            "Time that a step before an operation is run took, waiting for a thread apart",
            Unit::Seconds,
            self.times.clone(),
        );
        registry.register(
            "cache_lookups",
            "Look-ups among the documents and plans that are kept",
            self.lookups.clone(),
        );
    }
}
