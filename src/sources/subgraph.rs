//! An async-graphql schema as a source: built once, its loaders made afresh for each request.

use std::collections::HashSet;

use async_graphql::{
    EmptyMutation, EmptySubscription, ErrorExtensionValues, ObjectType, Request, Response,
    SDLExportOptions, Schema, SchemaBuilder, ServerError,
};
use futures::future::BoxFuture;

use super::source::{Asked, Source};
use crate::vocabulary::{
    BlockLoader, Budget, DirectoryLoader, LenientRoot, PartyRule, RecordLevels, RowLoader,
    SOURCE_ERROR, SituationLoader, TextKeys, Viewer, batches, drive, without_type_names,
};

/// Deeper than any operation that the gateway accepts, whose limit holds for all sources.
const DEPTH: usize = 256;

/// What a subgraph is among the others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Identity {
    /// Its name.
    pub(crate) name: &'static str,
    /// Code of the mandate whose blocks it serves; none for the review.
    pub(crate) entity: &'static str,
    /// Which parties records name that exist for the viewer, of whatever mandate.
    pub(crate) named: PartyRule,
}

/// A subgraph of a mandate or of the review.
pub(crate) struct Subgraph<Q, M = EmptyMutation> {
    identity: Identity,
    schema: Schema<LenientRoot<Q>, M, EmptySubscription>,
}

impl<Q, M> std::fmt::Debug for Subgraph<Q, M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subgraph")
            .field("name", &self.identity.name)
            .finish_non_exhaustive()
    }
}

impl<Q: ObjectType + 'static> Subgraph<Q> {
    /// A subgraph with a query root; `register` adds types that no field leads to.
    pub(crate) fn new(
        identity: Identity,
        query: Q,
        register: fn(Builder<Q>) -> Builder<Q>,
    ) -> Self {
        Self::with_mutation(identity, query, EmptyMutation, register)
    }
}

impl<Q: ObjectType + 'static, M: ObjectType + 'static> Subgraph<Q, M> {
    /// The same with a root of changes.
    pub(crate) fn with_mutation(
        identity: Identity,
        query: Q,
        mutation: M,
        register: fn(Builder<Q, M>) -> Builder<Q, M>,
    ) -> Self {
        let builder = Schema::build(LenientRoot(query), mutation, EmptySubscription)
            .enable_federation()
            .disable_introspection()
            .limit_recursive_depth(DEPTH);
        Self {
            identity,
            schema: register(builder).finish(),
        }
    }
}

/// A schema in the making.
pub(crate) type Builder<Q, M = EmptyMutation> = SchemaBuilder<LenientRoot<Q>, M, EmptySubscription>;

impl<Q: ObjectType + 'static, M: ObjectType + 'static> Source for Subgraph<Q, M> {
    fn name(&self) -> &'static str {
        self.identity.name
    }

    fn sdl(&self) -> String {
        let options = SDLExportOptions::new()
            .federation()
            .use_space_ident()
            .prefer_single_line_descriptions()
            .include_specified_by();
        self.schema.sdl_with_options(options)
    }

    fn execute<'a>(&'a self, request: Request, asked: Asked<'a>) -> BoxFuture<'a, Response> {
        Box::pin(async move {
            let database = asked.database;
            let viewer = Viewer::new(asked.principal, asked.now, self.identity.named)
                .as_known_at(asked.known_at);
            let levels = RecordLevels::new(self.identity.name.to_uppercase());
            let (batches, queue) = batches();
            let situations = SituationLoader {
                database: database.clone(),
                viewer: viewer.clone(),
            };
            let blocks = BlockLoader {
                database: database.clone(),
                viewer: viewer.clone(),
                entity: self.identity.entity,
            };
            let request = request
                .data(viewer.clone())
                .data(Budget::default())
                .data(levels.clone())
                .data(batches.loader(situations))
                .data(batches.loader(blocks))
                .data(batches.loader(DirectoryLoader {
                    database: database.clone(),
                    viewer: viewer.clone(),
                }))
                .data(batches.loader(TextKeys(database.clone())))
                .data(batches.loader(RowLoader {
                    database: database.clone(),
                    viewer: viewer.clone(),
                    levels: levels.clone(),
                }));
            let mut response = drive(self.schema.execute(request), queue).await;
            without_type_names(&mut response.errors);
            told_once(&mut response);
            levels.add_to(&mut response);
            response
        })
    }
}

/// The most errors of one answer: what fails, fails for many rows in the same words.
const ERRORS: usize = 100;

/// What fails for a whole batch fails for each of its rows, in the same words and, among entities,
/// at the same place: it is listed once.
fn told_once(response: &mut Response) {
    let mut seen = HashSet::new();
    response
        .errors
        .retain(|error| seen.insert(format!("{:?} {}", error.path, error.message)));
    let left_out = response.errors.len().saturating_sub(ERRORS);
    if left_out > 0 {
        response.errors.truncate(ERRORS);
        response.errors.push(left_out_errors(left_out));
    }
}

/// The error for those that are not listed one by one.
fn left_out_errors(count: usize) -> ServerError {
    let message = format!("{count} more errors of this answer are not listed one by one.");
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", SOURCE_ERROR);
    ServerError {
        extensions: Some(extensions),
        ..ServerError::new(message, None)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{PathSegment, Response, ServerError};

    use super::{ERRORS, told_once};

    fn at(index: usize, message: &str) -> ServerError {
        ServerError {
            path: vec![PathSegment::Field("rows".into()), PathSegment::Index(index)],
            ..ServerError::new(message, None)
        }
    }

    #[test]
    fn errors_past_the_bound_are_counted_in_one() {
        let twice = (0..2 * ERRORS).chain(0..2 * ERRORS);
        let mut response = Response::from_errors(twice.map(|row| at(row, "It failed.")).collect());
        told_once(&mut response);
        assert_eq!(response.errors.len(), ERRORS + 1);
        assert_eq!(
            response.errors[ERRORS].message,
            format!("{ERRORS} more errors of this answer are not listed one by one.")
        );
    }
}
