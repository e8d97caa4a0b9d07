//! The registry in the graph: an embedded source like the others.

mod check;
mod loader;
mod mutation;
mod source;
mod supergraph;
mod terms;

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use async_graphql::{
    Context, EmptySubscription, Error, ErrorExtensions, Object, Request, Response,
    SDLExportOptions, Schema,
};
use futures::future::BoxFuture;
use sea_orm::DbErr;

use self::{
    loader::{Lists, RegistryLoader},
    mutation::Mutation,
    source::{EmbeddedSource, FieldConsent, Source},
    supergraph::SupergraphVersion,
};
use super::service::{Registry, RegistryError};
use crate::{
    auth::Principal,
    sources,
    vocabulary::{LenientRoot, SOURCE_UNAVAILABLE, bad_input, batches, drive, unreachable},
};

/// Deeper than any operation that the gateway lets pass.
const DEPTH: usize = 256;
/// Entries of a list.
const MOST_ENTRIES: i32 = 100;

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
            drive(self.schema.execute(request.data(asker)), queue).await
        })
    }
}

/// Who asks which registry.
struct Asker {
    registry: Option<Arc<Registry>>,
    /// What hangs on its sources and supergraphs, read for all of them at once.
    lists: Option<Lists>,
    principal: Principal,
    /// Whether its records are known to be out of reach.
    is_cut_off: bool,
}

impl Asker {
    /// The registry, to ask for what it has recorded.
    fn registry(&self) -> async_graphql::Result<&Arc<Registry>> {
        if self.is_cut_off {
            return Err(unreachable());
        }
        self.registry_itself()
    }

    /// The registry, to ask for what it knows without its records.
    fn registry_itself(&self) -> async_graphql::Result<&Arc<Registry>> {
        self.registry.as_ref().ok_or_else(no_registry)
    }

    /// The lists of the registry's sources and supergraphs.
    fn lists(&self) -> async_graphql::Result<&Lists> {
        self.registry()?;
        self.lists.as_ref().ok_or_else(no_registry)
    }

    fn is(&self, entity: &str) -> bool {
        self.principal.entity.as_deref() == Some(entity)
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
        find_source(context.data::<Asker>()?.registry()?, &name).await
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

async fn find_source(registry: &Registry, name: &str) -> async_graphql::Result<Option<Source>> {
    let store = registry.store();
    let Some(row) = store.find_source(name).await.map_err(failure)? else {
        return Ok(None);
    };
    let served = store.served_version(row.id).await.map_err(failure)?;
    Ok(Some(Source { row, served }))
}

fn no_registry() -> Error {
    Error::new("No registry runs here.")
        .extend_with(|_, extensions| extensions.set("code", "NO_REGISTRY"))
}

fn page_of(first: i32) -> async_graphql::Result<u64> {
    if !(0..=MOST_ENTRIES).contains(&first) {
        return Err(bad_input(format!(
            "`first` must lie between 0 and {MOST_ENTRIES}."
        )));
    }
    Ok(u64::try_from(first).unwrap_or_default())
}

fn failure(error: DbErr) -> Error {
    failed(error.into())
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
fn failed(error: RegistryError) -> Error {
    let code = error.code();
    if code == SOURCE_UNAVAILABLE {
        return unreachable();
    }
    if let RegistryError::Internal(cause) = &error {
        tracing::error!(%cause, "the registry could not read or write its records");
    }
    Error::new(error.to_string()).extend_with(|_, extensions| extensions.set("code", code))
}
