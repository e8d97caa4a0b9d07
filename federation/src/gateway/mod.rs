//! A supergraph that answers requests. [`Gateway::answer`] takes a request through all steps in order:
//! parse, count the cost where there is a bound, prepare, execute, write.
//!
//! In: a [`Request`], the caller's [`Grants`], and what the [`Transport`] knows of the caller. Out: a
//! [`Response`]. Documents and plans come from `cache`, or are made by `prepare` on a thread that the
//! host chooses (`Transport::run_blocking`); both are awaited here, fetches in `execute` alone.
//! Invariant: a gateway never changes, so a request sees one supergraph from its start to its end.

mod cache;
mod estimate;
mod flights;
mod options;
mod parsed;
mod prepare;

pub use cache::Size;
pub use options::Options;
pub use parsed::ParsedOperation;

use std::sync::{Arc, OnceLock};

use apollo_compiler::{
    Name, Node, collections::IndexSet, executable::Operation, response::JsonMap,
};
use bytes::Bytes;
use tracing::{Instrument, debug_span};

use self::{
    cache::{CachedDocument, Caches, OperationKey, PlanKey, Prepared, PreparedIntrospection},
    prepare::{Core, Job, broken_off},
};
use crate::{
    authorize::Requirements,
    cost::Estimate,
    error::{ResponseError, code},
    execute::{Execution, Introspection, IntrospectionAnswers, Kept, Lookup, Task, Transport},
    grants::Grants,
    index::{Index, LabelSet},
    operation::{Booleans, Document, coerce_variables},
    query_plan::Plan,
    request::Request,
    response::{Response, Withheld},
    supergraph::{Supergraph, SupergraphError},
};

/// A supergraph that answers requests. It never changes: another supergraph is another gateway.
#[derive(Debug)]
pub struct Gateway<T> {
    core: Arc<Core>,
    transport: Arc<T>,
    caches: Caches,
}

/// A request that is ready to be executed.
struct Ready {
    document: Arc<CachedDocument>,
    operation: Node<Operation>,
    variables: JsonMap,
    prepared: Arc<Prepared>,
    cost: Option<Estimate>,
}

impl<T: Transport> Gateway<T> {
    /// Reads the facts of a supergraph.
    pub fn new(
        supergraph: Supergraph,
        transport: Arc<T>,
        options: Options,
    ) -> Result<Self, SupergraphError> {
        let index = Index::new(&supergraph)?;
        // Computed now, not while the first request waits.
        index.subgraph_schemas();
        let core = Core {
            requirements: Requirements::new(&index),
            introspection: Introspection::new(&supergraph.api_schema),
            supergraph,
            index,
            options,
            weights: OnceLock::new(),
        };
        if options.cost.max.is_some() {
            core.weights();
        }
        Ok(Self {
            core: Arc::new(core),
            caches: Caches::new(&options),
            transport,
        })
    }

    /// The supergraph.
    pub fn supergraph(&self) -> &Supergraph {
        &self.core.supergraph
    }

    /// Whether it hides anything from some callers, by `@authenticated`, `@requiresScopes` or
    /// `@policy`.
    pub fn restricts_access(&self) -> bool {
        !self.core.requirements.is_empty()
    }

    /// Whether some of that is by `@policy`, so that somebody has to say which policies hold.
    pub fn has_policies(&self) -> bool {
        self.core.requirements.have_policies()
    }

    /// The facts of the supergraph.
    pub fn index(&self) -> &Index {
        &self.core.index
    }

    /// The transport to the subgraphs.
    pub fn transport(&self) -> &Arc<T> {
        &self.transport
    }

    /// Answers a request. Dropping the future stops every fetch.
    pub async fn respond(
        &self,
        request: &Request,
        grants: &Grants,
        caller: &T::Caller,
    ) -> Response {
        self.answer(request, grants, caller).await.0
    }

    /// The same, and the operation that ran, unless the request was refused before.
    pub async fn answer(
        &self,
        request: &Request,
        grants: &Grants,
        caller: &T::Caller,
    ) -> (Response, Option<ParsedOperation>) {
        let ready = match self.make_ready(request, grants).await {
            Ok(ready) => ready,
            Err(response) => return (*response, None),
        };
        let mut response = self.run(&ready, caller).await;
        response.cost.clone_from(&ready.cost);
        let operation = self.parsed(ready.document, ready.operation);
        (response, Some(operation))
    }

    /// Runs an operation that is ready.
    async fn run(&self, ready: &Ready, caller: &T::Caller) -> Response {
        let withheld = ready.prepared.withheld.clone();
        let plan = match &ready.prepared.plan {
            Ok(plan) => Arc::clone(plan),
            Err(why) => {
                return Response {
                    data: Some(Bytes::from_static(b"null")),
                    errors: vec![ResponseError::request(code::PLANNING_FAILED, why.as_str())],
                    withheld,
                    restricted: Arc::clone(&ready.prepared.restricted),
                    ..Response::default()
                };
            }
        };
        let of_request;
        let introspection = match &ready.prepared.introspection {
            PreparedIntrospection::Answers(answers) => answers,
            PreparedIntrospection::Variable => match self.introspect(ready).await {
                Ok(answers) => {
                    of_request = answers;
                    &of_request
                }
                Err(error) => return *refused(vec![*error]),
            },
        };
        let mut execution = Execution::new(plan);
        let mut receipts = execution
            .run(&*self.transport, caller, &ready.variables)
            .instrument(debug_span!("execute"))
            .await;
        let write = execution.write(introspection);
        let data = write.instrument(debug_span!("write")).await;
        execution.judge(&*self.transport, &mut receipts, caller);
        let work = execution.work();
        let (errors, fetches) = execution.finish();
        Response {
            data: Some(data),
            errors,
            withheld,
            restricted: Arc::clone(&ready.prepared.restricted),
            fetches,
            work,
            cost: None,
        }
    }

    /// The plan a request would run by, and what would be withheld. Of the variables only those count
    /// that `@skip` and `@include` read; they are coerced as for a request, and one that is missing
    /// though it must not be counts as false.
    pub async fn plan(
        &self,
        request: &Request,
        grants: &Grants,
    ) -> Result<(Arc<Plan>, Vec<Withheld>), Vec<ResponseError>> {
        let (document, operation) = self.operation(request).await?;
        let booleans = document.facts(&operation).map(|facts| &facts.booleans);
        let variables = match booleans {
            Some(booleans) => self.coerce_some(&document, &operation, booleans, request)?,
            None => JsonMap::new(),
        };
        let prepared = self.prepare((&document, &operation), &variables, request, grants);
        let prepared = prepared.await.map_err(|error| vec![(*error).clone()])?;
        match &prepared.plan {
            Ok(plan) => Ok((Arc::clone(plan), prepared.withheld.clone())),
            Err(why) => Err(vec![ResponseError::request(
                code::PLANNING_FAILED,
                why.as_str(),
            )]),
        }
    }

    /// The operation that a request would run.
    pub async fn parse(&self, request: &Request) -> Result<ParsedOperation, Vec<ResponseError>> {
        let (document, operation) = self.operation(request).await?;
        Ok(self.parsed(document, operation))
    }

    /// Makes and caches the plan of a request without running it; returns whether there is one.
    pub async fn warm(&self, request: &Request, grants: &Grants) -> bool {
        self.plan(request, grants).await.is_ok()
    }

    /// How many documents or plans are kept, and about how many bytes they take.
    pub fn kept(&self, kept: Kept) -> Size {
        self.caches.size(kept)
    }

    /// Coerces some variables, as if the others were not declared.
    fn coerce_some(
        &self,
        document: &CachedDocument,
        operation: &Operation,
        names: &IndexSet<Name>,
        request: &Request,
    ) -> Result<JsonMap, Vec<ResponseError>> {
        let values = &request.variables;
        let mut operation = operation.clone();
        operation.variables.retain(|variable| {
            let is_missing = variable.ty.is_non_null()
                && variable.default_value.is_none()
                && !values.contains_key(variable.name.as_str());
            names.contains(&variable.name) && !is_missing
        });
        let api_schema = &self.core.supergraph.api_schema;
        coerce_variables(api_schema, &document.document, &operation, values)
    }

    async fn make_ready(&self, request: &Request, grants: &Grants) -> Result<Ready, Box<Response>> {
        let (document, operation, variables) = self.read(request).await.map_err(refused)?;
        let asked = (&document, &operation);
        let cost = self.bound_cost(asked, &variables, request).await?;
        let preparing = debug_span!("prepare");
        let prepared = self
            .prepare(asked, &variables, request, grants)
            .instrument(preparing)
            .await
            .map_err(|error| {
                Box::new(Response {
                    cost: cost.clone(),
                    ..*refused(vec![(*error).clone()])
                })
            })?;
        Ok(Ready {
            document,
            operation,
            variables,
            prepared,
            cost,
        })
    }

    /// The operation of a request that may run, and the values of its variables.
    async fn read(
        &self,
        request: &Request,
    ) -> Result<(Arc<CachedDocument>, Node<Operation>, JsonMap), Vec<ResponseError>> {
        let parsing = debug_span!("parse");
        let (document, operation) = self.operation(request).instrument(parsing).await?;
        Document::check_kind(&operation, request.may_mutate).map_err(|error| vec![*error])?;
        let api_schema = &self.core.supergraph.api_schema;
        let values = &request.variables;
        let variables = coerce_variables(api_schema, &document.document, &operation, values)?;
        Ok((document, operation, variables))
    }

    /// The operation that a request would run, with its document.
    async fn operation(
        &self,
        request: &Request,
    ) -> Result<(Arc<CachedDocument>, Node<Operation>), Vec<ResponseError>> {
        let document = self.document(&request.query).await?;
        let name = request.operation_name.as_deref();
        let operation = document.document.operation(name);
        let operation = operation.map_err(|error| vec![*error])?.clone();
        Ok((document, operation))
    }

    fn parsed(&self, document: Arc<CachedDocument>, operation: Node<Operation>) -> ParsedOperation {
        ParsedOperation {
            core: Arc::clone(&self.core),
            document,
            operation,
        }
    }

    /// Parses and validates a text, unless that was done before.
    async fn document(&self, text: &str) -> Result<Arc<CachedDocument>, Vec<ResponseError>> {
        let parsed = if let Some(known) = self.caches.find_document(text) {
            self.transport.looked_up(Kept::Document, Lookup::Hit);
            known
        } else {
            let text: Arc<str> = text.into();
            let mut is_first = false;
            let work = || {
                is_first = true;
                self.transport.looked_up(Kept::Document, Lookup::Miss);
                let (core, text) = (Arc::clone(&self.core), Arc::clone(&text));
                self.run_blocking(Task::Parse, move || core.parse(&text))
            };
            let parsed = self.caches.document(&text, broken_off(), work).await;
            if !is_first {
                self.transport.looked_up(Kept::Document, Lookup::Shared);
            }
            parsed
        };
        parsed.map_err(|errors| errors.to_vec())
    }

    /// Specialises, normalises, authorises and plans, unless that was done before.
    async fn prepare(
        &self,
        (document, operation): (&Arc<CachedDocument>, &Node<Operation>),
        variables: &JsonMap,
        request: &Request,
        grants: &Grants,
    ) -> Result<Arc<Prepared>, Arc<ResponseError>> {
        let facts = document.facts(operation).cloned().unwrap_or_default();
        let booleans = Booleans::new(&facts.booleans, variables);
        let satisfied = self.core.requirements.satisfied(&facts.relevant, grants);
        let labels = self.labels(request);
        let key = PlanKey {
            operation: OperationKey::new(document, operation, &booleans),
            labels: labels.clone(),
            satisfied: satisfied.clone(),
        };
        if let Some(known) = self.caches.find_prepared(&key) {
            self.transport.looked_up(Kept::Plan, Lookup::Hit);
            return known;
        }
        let job = Job {
            document: Arc::clone(document),
            operation: operation.clone(),
            facts,
            booleans,
            satisfied,
            labels,
        };
        let mut is_first = false;
        let work = |interrupt| {
            is_first = true;
            self.transport.looked_up(Kept::Plan, Lookup::Miss);
            let core = Arc::clone(&self.core);
            let working = self.run_blocking(Task::Plan, move || core.prepare(&job, interrupt));
            async { (working.await).unwrap_or_else(|| (Err(Arc::new(broken_off())), false)) }
        };
        let prepared = self.caches.prepared(key, work).await;
        if !is_first {
            self.transport.looked_up(Kept::Plan, Lookup::Shared);
        }
        prepared
    }

    async fn introspect(&self, ready: &Ready) -> Result<IntrospectionAnswers, Box<ResponseError>> {
        let core = Arc::clone(&self.core);
        let document = Arc::clone(&ready.document);
        let (operation, variables) = (ready.operation.clone(), ready.variables.clone());
        let answers = self.run_blocking(Task::Introspect, move || {
            core.introspect(&document.document, &operation, &variables)
        });
        (answers.await).unwrap_or_else(|| Err(Box::new(broken_off())))
    }

    /// Runs work by `Transport::run_blocking`, in a future that does not depend on the request.
    fn run_blocking<R: Send + 'static, W: FnOnce() -> R + Send + 'static>(
        &self,
        task: Task,
        work: W,
    ) -> impl Future<Output = Option<R>> + Send + use<T, R, W> {
        let transport = Arc::clone(&self.transport);
        async move { transport.run_blocking(task, work).await }
    }

    /// The labels of progressive override that are on for a request.
    fn labels(&self, request: &Request) -> LabelSet {
        let labels = self.core.index.labels();
        labels
            .filter(|(_, label)| is_on(label, request))
            .map(|(id, _)| id)
            .collect()
    }
}

/// Whether a label of progressive override is on for a request.
fn is_on(label: &str, request: &Request) -> bool {
    let percent = label
        .strip_prefix("percent(")
        .and_then(|rest| rest.strip_suffix(')')?.trim().parse::<f64>().ok());
    match percent {
        // 100 percent is always on, also for a host whose numbers include 100.
        Some(percent) => percent >= 100.0 || request.percentile < percent,
        None => request.labels.contains(label),
    }
}

/// Errors of the request as a whole: no data at all.
fn refused(errors: Vec<ResponseError>) -> Box<Response> {
    Box::new(Response {
        errors,
        ..Response::default()
    })
}

#[cfg(test)]
mod tests {
    use super::{Request, is_on};

    #[test]
    fn a_percentage_is_that_of_all_requests() {
        let drawn = |percentile: f64| Request {
            percentile,
            ..Request::default()
        };
        assert!(is_on("percent(100)", &drawn(100.0)));
        assert!(!is_on("percent(0)", &drawn(0.0)));
        assert!(is_on("percent(20)", &drawn(19.9)));
        assert!(!is_on("percent(20)", &drawn(20.0)));
    }
}
