//! The current supergraph: a request sees one from start to end.

use std::sync::Arc;

use arc_swap::ArcSwap;

use super::Graph;

/// Holds the supergraph that new requests get.
#[derive(Debug)]
pub struct Live {
    current: ArcSwap<Graph>,
}

impl Live {
    /// Starts with one.
    pub fn new(graph: Graph) -> Self {
        Self {
            current: ArcSwap::from_pointee(graph),
        }
    }

    /// The current one; whoever holds it keeps it whatever happens.
    pub fn current(&self) -> Arc<Graph> {
        self.current.load_full()
    }

    /// From now on new requests get another; those in flight end on theirs.
    pub fn swap(&self, graph: Graph) {
        self.current.store(Arc::new(graph));
    }
}
