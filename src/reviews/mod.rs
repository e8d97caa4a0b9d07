//! The review: situations, the directories beside them, and the cycle from inputs to actions.

mod ids;
mod loader;
mod schema;
mod service;
mod store;
mod terms;

use std::sync::Arc;

use crate::sources::{
    Source,
    subgraph::{Identity, Subgraph},
};

/// The subgraph of the review.
pub(crate) fn source(identity: Identity) -> Arc<dyn Source> {
    Arc::new(Subgraph::new(identity, schema::Query, |builder| builder))
}
