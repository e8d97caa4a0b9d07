//! OHCHR: presences, Special Procedures, recommendations, casualty records, signals.

mod loader;
mod schema;
mod service;
mod store;
mod terms;

use std::sync::Arc;

use super::{Source, subgraph::Subgraph};

/// The subgraph of OHCHR.
pub fn source() -> Arc<dyn Source> {
    let loader = |database, viewer| loader::OhchrLoader { database, viewer };
    Arc::new(Subgraph::new(
        ("ohchr", "OHCHR"),
        schema::Query,
        schema::register,
        loader,
    ))
}
