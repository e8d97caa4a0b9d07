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
    subgraph::{Place, Subgraph},
};

/// The subgraph of the review.
pub(crate) fn source(place: Place) -> Arc<dyn Source> {
    Arc::new(Subgraph::new(place, schema::Query, |builder| builder))
}
