//! One supergraph with the ways to its sources: immutable, swapped whole.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicU64, Ordering},
};

use apollo_compiler::{Schema, validation::Valid};
use bytes::Bytes;
use federation::{
    cost::CostOptions,
    error::ResponseError,
    execute::Kept,
    gateway::{Gateway, Options, ParsedOperation, Size},
    grants::Grants,
    operation,
    query_plan::Plan,
    request::Request,
    response::{Response, Withheld},
    supergraph::{Supergraph, SupergraphError},
};
use futures::future::BoxFuture;
use indexmap::IndexSet;

use super::{Caller, HttpSource, SourceState, Sources, beyond, misfits};
use crate::{
    config::Limits,
    telemetry::{Cache, Preparation},
};

/// A supergraph that answers.
#[derive(Debug)]
pub struct Graph {
    id: u64,
    engine: Gateway<Sources>,
    api_sdl: String,
    levels: OnceLock<Bytes>,
}

/// Numbers graphs, so that cached data of one are never used for another.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Why there is no supergraph to answer with.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    /// It does not compose; the text has all diagnostics.
    #[error("the sources do not compose:\n{0}")]
    Composition(String),
    /// It is none that the engine reads.
    #[error("the supergraph cannot be read: {0}")]
    Supergraph(#[from] SupergraphError),
    /// A source cannot be asked.
    #[error("source `{0}`: {1}")]
    Source(String, String),
}

impl Graph {
    /// A supergraph with its sources.
    pub fn new(
        supergraph: Supergraph,
        sources: Sources,
        limits: &Limits,
    ) -> Result<Self, GraphError> {
        let api_sdl = supergraph.api_schema.to_string();
        let options = Options {
            limits: operation::Limits {
                document_bytes: limits.document_bytes,
                tokens: limits.tokens,
                depth: limits.depth,
                aliases: limits.aliases,
                root_fields: limits.root_fields,
                selections: limits.selections,
            },
            planning_work: limits.planning_work,
            cost: CostOptions {
                max: (limits.cost.max > 0).then_some(limits.cost.max),
                default_list_size: limits.cost.default_list_size,
                enforce: limits.cost.enforce,
                ..CostOptions::default()
            },
            ..Options::default()
        };
        Ok(Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            engine: Gateway::new(supergraph, Arc::new(sources), options)?,
            api_sdl,
            levels: OnceLock::new(),
        })
    }

    /// A supergraph to plan on: nothing can be fetched.
    pub fn without_sources(sdl: &str, limits: &Limits) -> Result<Self, GraphError> {
        Self::new(Supergraph::parse(sdl)?, Sources::default(), limits)
    }

    /// Answers one request.
    pub fn respond<'a>(
        &'a self,
        request: &'a Request,
        caller: &'a Caller,
    ) -> BoxFuture<'a, Response> {
        Box::pin(async move { self.answer(request, caller).await.0 })
    }

    /// The same, and the operation that ran, unless the request was refused before.
    pub fn answer<'a>(
        &'a self,
        request: &'a Request,
        caller: &'a Caller,
    ) -> BoxFuture<'a, (Response, Option<ParsedOperation>)> {
        Box::pin(async move {
            let grants = Grants {
                policies: caller.policies.clone(),
                ..Grants::from(caller.principal.as_ref())
            };
            let (mut response, operation) = self.engine.answer(request, &grants, caller).await;
            misfits::log(&response.errors);
            let sources = self.engine.transport();
            sources.redact(&mut response.errors, &caller.principal);
            (response, operation)
        })
    }

    /// The plan a request would run by, and what would be withheld from a caller who holds these
    /// scopes; `None` holds everything.
    pub async fn plan(
        &self,
        request: &Request,
        scopes: Option<IndexSet<String>>,
    ) -> Result<(Arc<Plan>, Vec<Withheld>), Vec<ResponseError>> {
        let grants = Grants {
            authenticated: true,
            unrestricted: scopes.is_none(),
            scopes: scopes.unwrap_or_default(),
            policies: IndexSet::new(),
        };
        self.engine.plan(request, &grants).await
    }

    /// The operation that a request would run; nothing where the request would be refused for its
    /// document.
    pub async fn parse(&self, request: &Request) -> Option<ParsedOperation> {
        self.engine.parse(request).await.ok()
    }

    /// Makes and caches the plan of a request without running it; returns whether there is one.
    pub async fn warm(&self, request: &Request, grants: &Grants) -> bool {
        self.engine.warm(request, grants).await
    }

    /// Whether it hides anything from some callers, by `@authenticated`, `@requiresScopes` or
    /// `@policy`.
    pub fn restricts_access(&self) -> bool {
        self.engine.restricts_access()
    }

    /// Whether some of that is by `@policy`.
    pub fn has_policies(&self) -> bool {
        self.engine.has_policies()
    }

    /// A number that no other graph of this process has.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The names of its sources.
    pub fn source_names(&self) -> Vec<&str> {
        let subgraphs = self.engine.supergraph().subgraphs.iter();
        subgraphs.map(|subgraph| subgraph.name.as_str()).collect()
    }

    /// What clients see, as a schema.
    pub fn api_schema(&self) -> &Valid<Schema> {
        &self.engine.supergraph().api_schema
    }

    /// What clients see of the schema.
    pub fn api_sdl(&self) -> &str {
        &self.api_sdl
    }

    /// The levels of its fields as a document, made when it is first asked for.
    pub fn levels(&self, make: impl FnOnce(&Supergraph) -> Bytes) -> Bytes {
        let levels = self.levels.get_or_init(|| make(self.engine.supergraph()));
        levels.clone()
    }

    /// The fields of a type that sources over HTTP serve alone, each as it can be asked for: with what is below it up
    /// to some levels, without what takes arguments.
    pub fn fields_over_http(&self, type_name: &str, levels: usize) -> Vec<String> {
        let is_over_http = |source: &str| self.find_http(source).is_some();
        beyond::fields_of(self.engine.supergraph(), type_name, is_over_http, levels)
    }

    /// Whether a source is asked over HTTP.
    pub fn is_over_http(&self, source: &str) -> bool {
        self.find_http(source).is_some()
    }

    /// Code of the entity that answers for a source.
    pub fn entity_of(&self, source: &str) -> Option<&str> {
        self.engine.transport().entity_of(source)
    }

    /// The way to a source over HTTP, if it has one.
    pub(super) fn find_http(&self, name: &str) -> Option<&Arc<HttpSource>> {
        self.engine.transport().find_http(name)
    }

    /// The ways to all sources over HTTP.
    pub(super) fn http_sources(&self) -> impl Iterator<Item = &Arc<HttpSource>> {
        self.engine.transport().http()
    }

    /// How each source over HTTP stands.
    pub fn source_states(&self) -> impl Iterator<Item = SourceState<'_>> {
        self.http_sources().map(|source| source.state())
    }

    /// How much the caches of documents and plans hold.
    pub fn kept(&self, cache: Cache) -> Size {
        self.engine.kept(match cache {
            Cache::Document => Kept::Document,
            Cache::Plan => Kept::Plan,
        })
    }

    /// The counters of preparing operations, on this supergraph and those before.
    pub fn preparation(&self) -> &Preparation {
        self.engine.transport().preparation()
    }
}
