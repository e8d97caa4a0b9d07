//! What a subgraph that runs in this process is to the rest of the service.

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;

use crate::{auth::Principal, database::Database};

/// The context of a request to a source: the database, the caller, and the time.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Where the records are.
    pub database: &'a Database,
    /// Who asks.
    pub principal: &'a Principal,
    /// The time of the request: a source has no other clock.
    pub now: DateTime<Utc>,
    /// The instant that is asked about; records are answered as they were known then. None asks about now.
    pub known_at: Option<DateTime<Utc>>,
}

/// A subgraph that runs in this process.
pub trait Source: Send + Sync + std::fmt::Debug {
    /// Name in the supergraph: `ohchr`, `reviews`.
    fn name(&self) -> &'static str;

    /// Its SDL with federation directives.
    fn sdl(&self) -> String;

    /// Runs one operation. DataLoaders are made afresh, so nothing is shared between callers.
    fn execute<'a>(
        &'a self,
        request: async_graphql::Request,
        asked: Asked<'a>,
    ) -> BoxFuture<'a, async_graphql::Response>;
}
