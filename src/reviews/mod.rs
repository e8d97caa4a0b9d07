//! The review: situations, the directories beside them, and the cycle from inputs to actions.

mod acts;
mod frozen;
mod ids;
mod loader;
mod schema;
mod service;
mod state;
mod store;
mod terms;

use std::sync::Arc;

use async_graphql::{Request, Response};
use futures::future::BoxFuture;

use self::schema::Place;
use crate::sources::{
    self, Source,
    subgraph::{Identity, Subgraph},
};

pub use acts::{
    PartScope, Planning, ReadPart, ReadProfile, ReadProfiles, ReviewCell, ReviewParts, SourceRead,
    are_untouched, canonical, keep_deadlines,
};

/// The subgraph of the review; `cell` has what acts on it need beside the records.
pub(crate) fn source(identity: Identity, cell: ReviewCell) -> Arc<dyn Source> {
    let subgraph =
        Subgraph::with_mutation(identity, schema::Query, schema::Mutation, |builder| builder);
    Arc::new(ReviewSource { subgraph, cell })
}

#[derive(Debug)]
struct ReviewSource {
    subgraph: Subgraph<schema::Query, schema::Mutation>,
    cell: ReviewCell,
}

impl Source for ReviewSource {
    fn name(&self) -> &'static str {
        self.subgraph.name()
    }

    fn sdl(&self) -> String {
        self.subgraph.sdl()
    }

    fn execute<'a>(
        &'a self,
        request: Request,
        asked: sources::Asked<'a>,
    ) -> BoxFuture<'a, Response> {
        let place = Place {
            database: asked.database.clone(),
            principal: asked.principal.clone(),
            now: asked.now,
            cell: self.cell.clone(),
        };
        self.subgraph.execute(request.data(Arc::new(place)), asked)
    }
}
