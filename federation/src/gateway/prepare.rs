//! What is done for an operation before it is run: it is parsed and validated, its `@skip` and
//! `@include` are folded, it is normalised, introspection is answered, what the caller may not have is
//! withheld, and the rest is planned.
//!
//! In: the text of a document, or a [`Job`]: an operation with all else that its plan depends on. Out: a
//! parsed document, or a [`Prepared`] operation, or the error that refuses it; of a [`CostJob`] what counts
//! the cost of the operation. Invariant: no subgraph is
//! asked and nothing is awaited, so this runs on any thread, and equal jobs give equal results.

use std::sync::{Arc, OnceLock};

use apollo_compiler::{Node, executable::Operation, response::JsonMap};

use super::{
    cache::{
        CachedDocument, OperationFacts, Parsed, PrepareResult, Prepared, PreparedIntrospection,
        ProgramResult,
    },
    options::Options,
};
use crate::{
    authorize::{Requirements, Satisfied, restricted},
    budget::{Allowance, Budget, Interrupt},
    cost::{Weights, compile},
    error::{Origin, ResponseError, code},
    execute::{Introspection, IntrospectionAnswers},
    index::{CollectError, Index, LabelSet, Selected},
    operation::{Booleans, Document, NormalizedOperation, boolean_variables, normalize},
    plan::{self, PlanError},
    reachable::{Access, make_reachable},
    supergraph::Supergraph,
};

/// A supergraph, and the facts that were read of it.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) supergraph: Supergraph,
    pub(super) index: Index,
    pub(super) requirements: Requirements,
    pub(super) introspection: Introspection,
    pub(super) options: Options,
    /// Read when it is first asked what an operation costs.
    pub(super) weights: OnceLock<Weights>,
}

/// An operation whose cost is to be counted.
#[derive(Debug)]
pub(super) struct CostJob {
    pub(super) document: Arc<CachedDocument>,
    pub(super) operation: Node<Operation>,
    pub(super) booleans: Booleans,
}

/// An operation to be prepared, with what its plan depends on.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) document: Arc<CachedDocument>,
    pub(super) operation: Node<Operation>,
    pub(super) facts: OperationFacts,
    pub(super) booleans: Booleans,
    pub(super) satisfied: Satisfied,
    pub(super) labels: LabelSet,
}

impl Core {
    /// Parses and validates a text.
    pub(super) fn parse(&self, text: &str) -> Parsed {
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
    }

    /// What the elements of the supergraph weigh.
    pub(super) fn weights(&self) -> &Weights {
        let read = || Weights::new(&self.supergraph, &self.index);
        self.weights.get_or_init(read)
    }

    /// Specialises and normalises, and makes of it what counts its cost; whether the result is to be kept.
    pub(super) fn count_cost(&self, job: &CostJob, interrupt: Interrupt) -> (ProgramResult, bool) {
        let allowance = Allowance::of_work(self.options.planning_work);
        let budget = Budget::new(allowance, interrupt);
        let executable = job.document.document.executable();
        let normalized = normalize(&self.index, executable, &job.operation, &job.booleans);
        let program = normalized
            .map_err(|error| refuse_size(&error))
            .map(|operation| {
                budget.step(operation.selection_set.size());
                let weights = self.weights();
                compile(&self.index, weights, &job.operation, &operation, &budget)
            });
        let is_over = plan::check(&budget);
        let is_interrupted = is_over == Err(PlanError::Interrupted);
        let program = match is_over {
            Ok(()) => program,
            Err(error) => Err(refuse_plan(&error)),
        };
        (program.map(Arc::new).map_err(Arc::new), !is_interrupted)
    }

    /// Specialises, normalises, withholds and plans; returns the result and whether to keep it,
    /// which is not if the work was interrupted.
    pub(super) fn prepare(&self, job: &Job, interrupt: Interrupt) -> (PrepareResult, bool) {
        let allowance = Allowance::of_work(self.options.planning_work);
        let budget = Budget::new(allowance, interrupt);
        let prepared = self.prepare_within(job, &budget);
        let is_over = plan::check(&budget);
        let is_interrupted = is_over == Err(PlanError::Interrupted);
        (prepared.map(Arc::new).map_err(Arc::from), !is_interrupted)
    }

    fn prepare_within(&self, job: &Job, budget: &Budget) -> Result<Prepared, Box<ResponseError>> {
        let executable = job.document.document.executable();
        let normalized = normalize(&self.index, executable, &job.operation, &job.booleans)
            .map_err(|error| Box::new(refuse_size(&error)))?;
        budget.step(normalized.selection_set.size());
        let introspection = self.prepare_introspection(&normalized, job)?;
        let access = Access {
            requirements: &self.requirements,
            relevant: &job.facts.relevant,
            satisfied: &job.satisfied,
            labels: &job.labels,
        };
        let (reachable, withheld) = make_reachable(&self.index, access, normalized, budget);
        let selections = &reachable.operation().selection_set;
        let restricted = restricted(&self.index, &self.requirements, selections);
        let options = plan::Options {
            labels: job.labels.clone(),
            max_places: self.options.max_places,
        };
        let plan = plan::plan_within(&self.index, &reachable, &options, budget);
        plan::check(budget).map_err(|error| Box::new(refuse_plan(&error)))?;
        Ok(Prepared {
            withheld,
            restricted: restricted.into(),
            plan: plan.map(Arc::new).map_err(|error| error.to_string()),
            introspection,
        })
    }

    fn prepare_introspection(
        &self,
        normalized: &NormalizedOperation,
        job: &Job,
    ) -> Result<PreparedIntrospection, Box<ResponseError>> {
        if !has_introspection(normalized) {
            return Ok(PreparedIntrospection::Answers(IntrospectionAnswers::new()));
        }
        if !self.options.introspection {
            let message = "Introspection is switched off here.";
            let error = ResponseError::request(code::INTROSPECTION_REFUSED, message);
            return Err(Box::new(error));
        }
        if !job.operation.variables.is_empty() {
            return Ok(PreparedIntrospection::Variable);
        }
        let document = &job.document.document;
        let answers = self.introspect(document, &job.operation, &JsonMap::new());
        answers.map(PreparedIntrospection::Answers)
    }

    /// What `__schema` and `__type` answer.
    pub(super) fn introspect(
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

fn has_introspection(operation: &NormalizedOperation) -> bool {
    let mut selections = operation.selection_set.selections.iter();
    selections.any(|selection| matches!(selection.selected, Selected::Introspection))
}

/// The error of work that did not finish: the host stopped it, or it panicked.
pub(super) fn broken_off() -> ResponseError {
    let message = "The operation could not be prepared: the work on it was broken off.";
    ResponseError {
        origin: Origin::Internal,
        ..ResponseError::request(code::PLANNING_CANCELLED, message)
    }
}

fn refuse_plan(error: &PlanError) -> ResponseError {
    let code = match error {
        PlanError::TooComplex { .. } => code::PLAN_COMPLEXITY_EXCEEDED,
        PlanError::Interrupted => code::PLANNING_CANCELLED,
        PlanError::NotServed { .. } | PlanError::Faulty(_) => code::PLANNING_FAILED,
    };
    ResponseError::request(code, sentence(&error.to_string()))
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
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
