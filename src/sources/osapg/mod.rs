//! OSAPG: assessments against the Framework of Analysis for Atrocity Crimes. There is no score.

mod loader;
mod schema;
mod service;
mod store;
mod terms;

use std::sync::Arc;

use super::{Source, subgraph::Subgraph};

/// The subgraph of OSAPG.
pub fn source() -> Arc<dyn Source> {
    let loader = |database, viewer| loader::OsapgLoader { database, viewer };
    Arc::new(Subgraph::new(
        ("osapg", "OSAPG"),
        schema::Query,
        schema::register,
        loader,
    ))
}
