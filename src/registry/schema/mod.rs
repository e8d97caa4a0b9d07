//! The registry in the graph: an embedded source like the others.

mod asker;
mod check;
mod error;
mod loader;
mod mutation;
mod paging;
mod source;
mod supergraph;
mod terms;

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use async_graphql::{
    Context, EmptySubscription, Object, Request, Response, SDLExportOptions, Schema,
};
use futures::future::BoxFuture;

use self::{
    asker::Asker,
    error::{failed, failure},
    loader::RegistryLoader,
    mutation::Mutation,
    paging::page_of,
    source::{EmbeddedSource, FieldConsent, Source},
    supergraph::SupergraphVersion,
};
use super::service::Registry;
use crate::{
    sources,
    vocabulary::{LenientRoot, batches, drive, without_type_names},
};

/// Deeper than any operation that the gateway lets pass.
const DEPTH: usize = 256;

/// Connects the registry's place in the graph with the registry that runs: the graph is composed
/// before there is one.
#[derive(Clone, Debug, Default)]
pub struct RegistryCell(Arc<OnceLock<Arc<Registry>>>);

impl RegistryCell {
    /// Connects; the first registry stays.
    pub fn connect(&self, registry: Arc<Registry>) {
        let _ = self.0.set(registry);
    }
}

/// The registry's subgraph.
pub fn source(cell: RegistryCell) -> Arc<dyn sources::Source> {
    let schema = Schema::build(LenientRoot(Query), Mutation, EmptySubscription)
        .enable_federation()
        .disable_introspection()
        .limit_recursive_depth(DEPTH)
        .finish();
    Arc::new(RegistrySource { cell, schema })
}

struct RegistrySource {
    cell: RegistryCell,
    schema: Schema<LenientRoot<Query>, Mutation, EmptySubscription>,
}

impl std::fmt::Debug for RegistrySource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("RegistrySource")
    }
}

impl sources::Source for RegistrySource {
    fn name(&self) -> &'static str {
        "registry"
    }

    fn sdl(&self) -> String {
        let options = SDLExportOptions::new()
            .federation()
            .use_space_ident()
            .prefer_single_line_descriptions()
            .include_specified_by();
        self.schema.sdl_with_options(options)
    }

    fn execute<'a>(
        &'a self,
        request: Request,
        sources::Asked {
            database,
            principal,
            ..
        }: sources::Asked<'a>,
    ) -> BoxFuture<'a, Response> {
        Box::pin(async move {
            let registry = self.cell.0.get().cloned();
            let (batches, queue) = batches();
            let lists = registry
                .as_ref()
                .map(|registry| batches.loader(RegistryLoader(registry.store().clone())));
            let asker = Asker {
                registry,
                lists,
                principal: principal.clone(),
                is_cut_off: database.is_lost(),
            };
            let mut response = drive(self.schema.execute(request.data(asker)), queue).await;
            without_type_names(&mut response.errors);
            response
        })
    }
}

/// The root.
pub(crate) struct Query;

#[Object]
impl Query {
    /// Every source that ever registered, oldest first.
    #[graphql(
        tag = "unclassified",
        requires_scopes = "registry:publish",
        requires_scopes = "registry:read"
    )]
    async fn sources(&self, context: &Context<'_>) -> async_graphql::Result<Option<Vec<Source>>> {
        let registry = context.data::<Asker>()?.registry()?;
        let rows = registry.store().sources().await.map_err(failure)?;
        let served = registry.store().served_versions().await.map_err(failure)?;
        let served = served
            .into_iter()
            .map(|version| (version.source_id, version));
        let mut served: HashMap<_, _> = served.collect();
        let sources = rows.into_iter().map(|row| Source {
            served: served.remove(&row.id),
            row,
        });
        Ok(Some(sources.collect()))
    }

    /// A source by its name.
    #[graphql(
        tag = "unclassified",
        requires_scopes = "registry:publish",
        requires_scopes = "registry:read"
    )]
    async fn source(
        &self,
        context: &Context<'_>,
        name: String,
    ) -> async_graphql::Result<Option<Source>> {
        Source::find(context.data::<Asker>()?.registry()?, &name).await
    }

    /// The sources that run in the service itself.
    #[graphql(
        tag = "unclassified",
        requires_scopes = "registry:publish",
        requires_scopes = "registry:read"
    )]
    async fn embedded_sources(
        &self,
        context: &Context<'_>,
    ) -> async_graphql::Result<Option<Vec<EmbeddedSource>>> {
        let registry = context.data::<Asker>()?.registry_itself()?;
        let sources = registry.embedded().iter().map(EmbeddedSource::from);
        Ok(Some(sources.collect()))
    }

    /// Consents to read classified fields that the caller's entity gave, and those that it was given,
    /// oldest first; without those that were withdrawn.
    #[graphql(
        tag = "unclassified",
        requires_scopes = "registry:publish",
        requires_scopes = "registry:read"
    )]
    async fn field_consents(
        &self,
        context: &Context<'_>,
    ) -> async_graphql::Result<Option<Vec<FieldConsent>>> {
        let asker = context.data::<Asker>()?;
        let consents = asker.registry()?.consents_of(&asker.principal).await;
        let consents = consents.map_err(failed)?.into_iter();
        Ok(Some(consents.map(FieldConsent::from).collect()))
    }

    /// Supergraphs that were served, newest first; the first is.
    #[graphql(
        tag = "unclassified",
        requires_scopes = "registry:publish",
        requires_scopes = "registry:read"
    )]
    async fn supergraphs(
        &self,
        context: &Context<'_>,
        #[graphql(default = 20)] first: i32,
        #[graphql(desc = "Only those with a smaller number.")] before: Option<i32>,
    ) -> async_graphql::Result<Option<Vec<SupergraphVersion>>> {
        let store = context.data::<Asker>()?.registry()?.store();
        let rows = store
            .supergraphs(before, page_of(first)?)
            .await
            .map_err(failure)?;
        Ok(Some(
            rows.into_iter().map(SupergraphVersion::from).collect(),
        ))
    }
}
