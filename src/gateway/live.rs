//! The current supergraph: a request sees one from start to end.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use arc_swap::{ArcSwap, ArcSwapOption};

use super::Graph;

/// Holds the supergraph that new requests get.
#[derive(Debug)]
pub struct Live {
    current: ArcSwap<Graph>,
    trouble: ArcSwapOption<String>,
    swaps: AtomicU64,
}

impl Live {
    /// Starts with one.
    pub fn new(graph: Graph) -> Self {
        Self {
            current: ArcSwap::from_pointee(graph),
            trouble: ArcSwapOption::empty(),
            swaps: AtomicU64::new(0),
        }
    }

    /// The current one; a request that holds it keeps it when it is replaced.
    pub fn current(&self) -> Arc<Graph> {
        self.current.load_full()
    }

    /// Replaces it: new requests get the new one, requests in progress end on the old one.
    pub fn swap(&self, graph: Graph) {
        self.current.store(Arc::new(graph));
        self.swaps.fetch_add(1, Ordering::Relaxed);
    }

    /// How often it was replaced.
    pub fn swaps(&self) -> u64 {
        self.swaps.load(Ordering::Relaxed)
    }

    /// Why the newest supergraph is not served, or what is wrong with the one that is; the text is
    /// public.
    pub fn trouble(&self) -> Option<Arc<String>> {
        self.trouble.load_full()
    }

    /// Records what is wrong; `None` where nothing is.
    pub(crate) fn set_trouble(&self, trouble: Option<String>) {
        self.trouble.store(trouble.map(Arc::new));
    }
}
