//! SRSG-CAAC: the six grave violations against children, and the parties listed for five of them.

mod loader;
mod schema;
mod service;
mod store;
mod terms;

use std::sync::Arc;

use super::{Source, subgraph::Subgraph};

/// The subgraph of SRSG-CAAC.
pub fn source() -> Arc<dyn Source> {
    let loader = |database, viewer| loader::CaacLoader { database, viewer };
    Arc::new(Subgraph::new(
        ("srsg_caac", "SRSG_CAAC"),
        schema::Query,
        schema::register,
        loader,
    ))
}
