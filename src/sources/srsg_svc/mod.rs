//! SRSG-SVC: conflict-related sexual violence, and the parties credibly suspected of it.

mod loader;
mod schema;
mod service;
mod store;
mod terms;

use std::sync::Arc;

use super::{Source, subgraph::Subgraph};

/// The subgraph of SRSG-SVC.
pub fn source() -> Arc<dyn Source> {
    let loader = |database, viewer| loader::SvcLoader { database, viewer };
    Arc::new(Subgraph::new(
        ("srsg_svc", "SRSG_SVC"),
        schema::Query,
        schema::register,
        loader,
    ))
}
