//! A supergraph that answers requests: the request, step by step, top to bottom.

use std::sync::Arc;

use apollo_compiler::{Node, executable::Operation, response::JsonMap};
use bytes::Bytes;
use tracing::{Instrument, debug_span};

use crate::{
    authorize::{Requirements, Satisfied, authorize},
    budget::{Allowance, Budget, Interrupt},
    error::{Origin, ResponseError, code},
    execute::{Execution, Introspection, IntrospectionAnswers, Transport},
    grants::Grants,
    index::{CollectError, Index, LabelSet},
    operation::{
        Booleans, Document, Limits, NormalizedOperation, boolean_variables, coerce_variables,
        normalize,
    },
    plan::{
        self, PlanError,
        cache::{CachedDocument, Caches, OperationFacts, PlanKey, Prepared, PreparedIntrospection},
        model::Plan,
    },
    request::Request,
    response::{Response, Withheld},
    supergraph::{Supergraph, SupergraphError},
};

/// What a gateway allows and keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// What a document may be.
    pub limits: Limits,
    /// Whether `__schema` and `__type` are answered.
    pub introspection: bool,
    /// Placements a plan may try; past that the best so far is taken.
    pub max_places: u64,
    /// Steps that planning an operation may take; past that it is refused.
    pub planning_work: u64,
    /// How many bytes of parsed documents are kept.
    pub document_cache_bytes: u64,
    /// How many bytes of plans are kept.
    pub plan_cache_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            introspection: true,
            max_places: plan::Options::default().max_places,
            planning_work: plan::MAX_WORK,
            document_cache_bytes: 64 << 20,
            plan_cache_bytes: 128 << 20,
        }
    }
}

/// A supergraph that answers requests. It never changes: another supergraph is another gateway.
#[derive(Debug)]
pub struct Gateway<T> {
    supergraph: Supergraph,
    index: Index,
    requirements: Requirements,
    introspection: Introspection,
    transport: Arc<T>,
    options: Options,
    caches: Caches,
}

/// A request that is ready to be executed.
struct Ready {
    document: Arc<CachedDocument>,
    operation: Node<Operation>,
    variables: JsonMap,
    prepared: Arc<Prepared>,
}

impl<T: Transport> Gateway<T> {
    /// Reads the facts of a supergraph.
    pub fn new(
        supergraph: Supergraph,
        transport: Arc<T>,
        options: Options,
    ) -> Result<Self, SupergraphError> {
        let index = Index::new(&supergraph)?;
        // Now, rather than while the first request waits.
        index.subgraph_schemas();
        Ok(Self {
            requirements: Requirements::new(&index),
            introspection: Introspection::new(&supergraph.api_schema),
            caches: Caches::new(options.document_cache_bytes, options.plan_cache_bytes),
            supergraph,
            index,
            transport,
            options,
        })
    }

    /// The supergraph.
    pub fn supergraph(&self) -> &Supergraph {
        &self.supergraph
    }

    /// The facts of the supergraph.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The way to the subgraphs.
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
        let ready = match self.make_ready(request, grants).await {
            Ok(ready) => ready,
            Err(errors) => return refused(errors),
        };
        let withheld = ready.prepared.withheld.clone();
        let plan = match &ready.prepared.plan {
            Ok(plan) => Arc::clone(plan),
            Err(why) => {
                return Response {
                    data: Some(Bytes::from_static(b"null")),
                    errors: vec![ResponseError::request(code::PLANNING_FAILED, why.as_str())],
                    withheld,
                    ..Response::default()
                };
            }
        };
        let of_request;
        let introspection = match &ready.prepared.introspection {
            PreparedIntrospection::Answers(answers) => answers,
            PreparedIntrospection::Variable => {
                let document = &ready.document.document;
                match self.introspect(document, &ready.operation, &ready.variables) {
                    Ok(answers) => {
                        of_request = answers;
                        &of_request
                    }
                    Err(error) => return refused(vec![*error]),
                }
            }
        };
        let mut execution = Execution::new(plan);
        execution
            .run(&*self.transport, caller, &ready.variables)
            .instrument(debug_span!("execute"))
            .await;
        let write = execution.write(introspection);
        let data = write.instrument(debug_span!("write")).await;
        let work = execution.work();
        let (errors, fetches) = execution.finish();
        Response {
            data: Some(data),
            errors,
            withheld,
            fetches,
            work,
        }
    }

    /// The plan a request would run by, and what would be withheld.
    pub async fn plan(
        &self,
        request: &Request,
        grants: &Grants,
    ) -> Result<(Arc<Plan>, Vec<Withheld>), Vec<ResponseError>> {
        let document = self.document(&request.query).await?;
        let operation = document
            .document
            .operation(request.operation_name.as_deref())
            .map_err(|error| vec![*error])?;
        let prepared = self.prepare((&document, operation), &request.variables, request, grants);
        let prepared = prepared.await.map_err(|error| vec![(*error).clone()])?;
        match &prepared.plan {
            Ok(plan) => Ok((Arc::clone(plan), prepared.withheld.clone())),
            Err(why) => Err(vec![ResponseError::request(
                code::PLANNING_FAILED,
                why.as_str(),
            )]),
        }
    }

    /// The name that the document gives to the operation a request would run.
    pub async fn operation_name(&self, request: &Request) -> Option<String> {
        let document = self.document(&request.query).await.ok()?;
        let operation = document
            .document
            .operation(request.operation_name.as_deref());
        operation.ok()?.name.as_ref().map(ToString::to_string)
    }

    /// Makes the plan of a request beforehand; whether there is one.
    pub async fn warm(&self, request: &Request, grants: &Grants) -> bool {
        self.plan(request, grants).await.is_ok()
    }

    async fn make_ready(
        &self,
        request: &Request,
        grants: &Grants,
    ) -> Result<Ready, Vec<ResponseError>> {
        let parsing = debug_span!("parse");
        let document = self.document(&request.query).instrument(parsing).await?;
        let operation = document
            .document
            .operation(request.operation_name.as_deref())
            .map_err(|error| vec![*error])?
            .clone();
        Document::check_kind(&operation, request.may_mutate).map_err(|error| vec![*error])?;
        let api_schema = &self.supergraph.api_schema;
        let values = &request.variables;
        let variables = coerce_variables(api_schema, &document.document, &operation, values)?;
        let preparing = debug_span!("prepare");
        let prepared = self
            .prepare((&document, &operation), &variables, request, grants)
            .instrument(preparing)
            .await
            .map_err(|error| vec![(*error).clone()])?;
        Ok(Ready {
            document,
            operation,
            variables,
            prepared,
        })
    }

    async fn document(&self, text: &str) -> Result<Arc<CachedDocument>, Vec<ResponseError>> {
        let parse = || {
            let schema = &self.supergraph.api_schema;
            let document = Document::parse(schema, text, &self.options.limits)?;
            let executable = document.executable();
            let facts = executable
                .operations
                .iter()
                .map(|operation| OperationFacts {
                    name: operation.name.clone(),
                    booleans: boolean_variables(executable, operation),
                    relevant: self
                        .requirements
                        .relevant(&self.index, executable, operation),
                });
            let facts = facts.collect();
            Ok((document, facts))
        };
        let parsed = self.caches.document(text, parse).await;
        parsed.map_err(|errors| errors.to_vec())
    }

    /// Specialises, normalises, authorises and plans, unless that was done before.
    async fn prepare(
        &self,
        (document, operation): (&CachedDocument, &Operation),
        variables: &JsonMap,
        request: &Request,
        grants: &Grants,
    ) -> Result<Arc<Prepared>, Arc<ResponseError>> {
        let facts = document.facts(operation).cloned().unwrap_or_default();
        let booleans = Booleans::new(&facts.booleans, variables);
        let satisfied = self.requirements.satisfied(&facts.relevant, grants);
        let labels = self.labels(request);
        let vector = booleans.vector().collect();
        let key = PlanKey::new(
            document,
            operation,
            vector,
            labels.clone(),
            satisfied.clone(),
        );
        let prepare = || {
            let executable = document.document.executable();
            let normalized = normalize(&self.index, executable, operation, &booleans)
                .map_err(|error| Arc::new(refuse_size(&error)))?;
            let introspection = self.prepare_introspection(&normalized, document, operation)?;
            let (authorized, mut withheld) =
                authorize(&self.index, &self.requirements, &satisfied, normalized);
            let options = plan::Options {
                labels,
                max_places: self.options.max_places,
            };
            let allowance = Allowance::of_work(self.options.planning_work);
            let budget = Budget::new(allowance, Interrupt::default());
            let plan = plan::plan_within(&self.index, &authorized, &options, &budget);
            if let Ok(Plan { behind, .. }) = &plan
                && !behind.is_empty()
            {
                let closed = |satisfied: &Satisfied| {
                    let whole = normalize(&self.index, executable, operation, &booleans);
                    let whole = whole.ok().map(|whole| {
                        authorize(&self.index, &self.requirements, satisfied, whole).0
                    });
                    whole.map_or_else(Vec::new, |whole| {
                        plan::closed(&self.index, &whole, &options, &budget)
                    })
                };
                let relevant = (&facts.relevant, &satisfied);
                let requirements = &self.requirements;
                let told = (behind.as_slice(), &mut withheld);
                requirements.tell_behind(&self.index, relevant, told, closed);
            }
            plan::check(&budget).map_err(|error| Arc::new(refuse_work(&error)))?;
            Ok(Prepared {
                withheld,
                plan: plan.map(Arc::new).map_err(|error| error.to_string()),
                introspection,
            })
        };
        self.caches.prepared(key, prepare).await
    }

    /// The labels of progressive override that are on for a request.
    fn labels(&self, request: &Request) -> LabelSet {
        let is_on = |label: &str| {
            let percent = label
                .strip_prefix("percent(")
                .and_then(|rest| rest.strip_suffix(')')?.trim().parse::<f64>().ok());
            match percent {
                Some(percent) => request.percentile < percent,
                None => request.labels.contains(label),
            }
        };
        let labels = self.index.labels();
        labels
            .filter(|(_, label)| is_on(label))
            .map(|(id, _)| id)
            .collect()
    }

    fn prepare_introspection(
        &self,
        normalized: &NormalizedOperation,
        document: &CachedDocument,
        operation: &Operation,
    ) -> Result<PreparedIntrospection, Arc<ResponseError>> {
        if !has_introspection(normalized) {
            return Ok(PreparedIntrospection::Answers(IntrospectionAnswers::new()));
        }
        if !self.options.introspection {
            let message = "Introspection is switched off here.";
            let error = ResponseError::request(code::INTROSPECTION_REFUSED, message);
            return Err(Arc::new(error));
        }
        if !operation.variables.is_empty() {
            return Ok(PreparedIntrospection::Variable);
        }
        let answers = self.introspect(&document.document, operation, &JsonMap::new());
        answers
            .map(PreparedIntrospection::Answers)
            .map_err(|error| Arc::new(*error))
    }

    fn introspect(
        &self,
        document: &Document,
        operation: &Operation,
        variables: &JsonMap,
    ) -> Result<IntrospectionAnswers, Box<ResponseError>> {
        let schema = &self.supergraph.api_schema;
        self.introspection
            .answer(schema, document, operation, variables)
    }
}

/// Errors of the request as a whole: no data at all.
fn refused(errors: Vec<ResponseError>) -> Response {
    Response {
        errors,
        ..Response::default()
    }
}

fn has_introspection(operation: &NormalizedOperation) -> bool {
    let mut selections = operation.selection_set.selections.iter();
    selections.any(|selection| matches!(selection.selected, crate::index::Selected::Introspection))
}

fn refuse_work(error: &PlanError) -> ResponseError {
    let code = match error {
        PlanError::TooComplex { .. } => code::PLAN_COMPLEXITY_EXCEEDED,
        PlanError::Interrupted => code::PLANNING_CANCELLED,
        PlanError::NotServed { .. } | PlanError::Faulty(_) => code::PLANNING_FAILED,
    };
    ResponseError::request(code, sentence(error))
}

/// Text of an error as a sentence.
fn sentence(error: &PlanError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase());
    first
        .into_iter()
        .flatten()
        .chain(letters)
        .chain(['.'])
        .collect()
}

fn refuse_size(error: &CollectError) -> ResponseError {
    match error {
        CollectError::TooDeep => ResponseError::request(code::MAX_DEPTH, error.to_string()),
        CollectError::TooLarge => ResponseError::request(code::MAX_SELECTIONS, error.to_string()),
        CollectError::Unknown(_) => ResponseError {
            origin: Origin::Internal,
            ..ResponseError::request(code::VALIDATION_FAILED, error.to_string())
        },
    }
}
