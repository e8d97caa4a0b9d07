//! The review: situations, the directories beside them, and the cycle from inputs to actions.

mod loader;
mod schema;
mod service;
mod store;
mod terms;

use std::sync::Arc;

use crate::sources::{Source, subgraph::Subgraph};

/// The subgraph of the review.
pub fn source() -> Arc<dyn Source> {
    let loader = |database, viewer| loader::ReviewsLoader { database, viewer };
    Arc::new(Subgraph::new(
        ("reviews", ""),
        schema::Query,
        |builder| builder,
        loader,
    ))
}
