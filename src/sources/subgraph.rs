//! An async-graphql schema as a source: built once, its loaders made afresh for each request.

use async_graphql::{
    EmptyMutation, EmptySubscription, ObjectType, Request, Response, SDLExportOptions, Schema,
    SchemaBuilder,
};
use futures::future::BoxFuture;

use super::Source;
use crate::{
    auth::Principal,
    database::Database,
    vocabulary::{
        BlockLoader, DirectoryLoader, LenientRoot, SituationLoader, Viewer, batches, drive,
    },
};

/// Deeper than any operation that the gateway lets pass: there the limit is one for all sources.
const DEPTH: usize = 256;

/// A subgraph of a mandate or of the review.
pub(crate) struct Subgraph<Q, L> {
    name: &'static str,
    /// Code of the mandate whose blocks it serves; none for the review.
    entity: &'static str,
    schema: Schema<LenientRoot<Q>, EmptyMutation, EmptySubscription>,
    loader: fn(Database, Viewer) -> L,
}

impl<Q, L> std::fmt::Debug for Subgraph<Q, L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subgraph")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl<Q: ObjectType + 'static, L: Send + Sync + 'static> Subgraph<Q, L> {
    /// A subgraph with a query root; `register` adds types that no field leads to.
    pub(crate) fn new(
        (name, entity): (&'static str, &'static str),
        query: Q,
        register: fn(Builder<Q>) -> Builder<Q>,
        loader: fn(Database, Viewer) -> L,
    ) -> Self {
        let builder = Schema::build(LenientRoot(query), EmptyMutation, EmptySubscription)
            .enable_federation()
            .disable_introspection()
            .limit_recursive_depth(DEPTH);
        Self {
            name,
            entity,
            schema: register(builder).finish(),
            loader,
        }
    }
}

/// A schema in the making.
pub(crate) type Builder<Q> = SchemaBuilder<LenientRoot<Q>, EmptyMutation, EmptySubscription>;

impl<Q: ObjectType + 'static, L: Send + Sync + 'static> Source for Subgraph<Q, L> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn sdl(&self) -> String {
        let options = SDLExportOptions::new()
            .federation()
            .use_space_ident()
            .prefer_single_line_descriptions();
        self.schema.sdl_with_options(options)
    }

    fn execute<'a>(
        &'a self,
        request: Request,
        database: &'a Database,
        principal: &'a Principal,
    ) -> BoxFuture<'a, Response> {
        Box::pin(async move {
            let viewer = Viewer::new(principal);
            let (batches, queue) = batches();
            let situations = SituationLoader {
                database: database.clone(),
                viewer,
            };
            let blocks = BlockLoader {
                database: database.clone(),
                viewer,
                entity: self.entity,
            };
            let request = request
                .data(viewer)
                .data(batches.loader(situations))
                .data(batches.loader(blocks))
                .data(batches.loader(DirectoryLoader {
                    database: database.clone(),
                }))
                .data(batches.loader((self.loader)(database.clone(), viewer)));
            let mut response = drive(self.schema.execute(request), queue).await;
            told_once(&mut response);
            response
        })
    }
}

/// What fails for a whole batch fails for each of its rows, in the same words.
fn told_once(response: &mut Response) {
    let mut told = Vec::new();
    response.errors.retain(|error| {
        let this = (error.message.clone(), error.path.clone());
        let is_new = !told.contains(&this);
        if is_new {
            told.push(this);
        }
        is_new
    });
}
