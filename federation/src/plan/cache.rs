//! Documents and plans already made, bounded in bytes.
//!
//! Entries are found by equality of everything they depend on, never by a hash alone. A document
//! has a number of its own for as long as it is kept, and plans are kept under that number.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use apollo_compiler::collections::IndexSet;
use apollo_compiler::{Name, executable::Operation};
use bytes::Bytes;
use moka::future::Cache;

use super::model::Plan;
use crate::{
    authorize::{Relevant, Satisfied},
    error::ResponseError,
    index::LabelSet,
    operation::Document,
    response::Withheld,
};

/// How many bytes of what a document becomes one byte of its text stands for.
const DOCUMENT_FACTOR: usize = 24;

/// A document with what can be said of its operations before a request chooses one.
#[derive(Debug)]
pub struct CachedDocument {
    /// The document.
    pub document: Document,
    number: u64,
    operations: Vec<OperationFacts>,
}

/// What can be said of an operation without values or grants.
#[derive(Clone, Debug, Default)]
pub struct OperationFacts {
    /// Its name.
    pub name: Option<Name>,
    /// The variables that `@skip` and `@include` read.
    pub booleans: IndexSet<Name>,
    /// The requirements that can matter to it.
    pub relevant: Relevant,
}

impl CachedDocument {
    /// The facts of one of its operations.
    pub fn facts(&self, operation: &Operation) -> Option<&OperationFacts> {
        self.operations
            .iter()
            .find(|facts| facts.name == operation.name)
    }
}

/// Everything a plan depends on, the supergraph apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlanKey {
    document: u64,
    operation: Option<Name>,
    booleans: Vec<bool>,
    labels: LabelSet,
    satisfied: Satisfied,
}

impl PlanKey {
    /// The key of an operation under certain values and grants.
    pub fn new(
        document: &CachedDocument,
        operation: &Operation,
        booleans: Vec<bool>,
        labels: LabelSet,
        satisfied: Satisfied,
    ) -> Self {
        Self {
            document: document.number,
            operation: operation.name.clone(),
            booleans,
            labels,
            satisfied,
        }
    }
}

/// An operation made ready: what is withheld, and the plan for the rest.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What the caller may not see.
    pub withheld: Vec<Withheld>,
    /// The plan, or why there is none.
    pub plan: Result<Arc<Plan>, String>,
    /// What `__schema` and `__type` answer.
    pub introspection: PreparedIntrospection,
}

/// What is known beforehand of the answers to `__schema` and `__type`.
#[derive(Clone, Debug)]
pub enum PreparedIntrospection {
    /// All of them, by response name as JSON text; none if nothing was asked.
    Answers(indexmap::IndexMap<String, Bytes>),
    /// They depend on variables.
    Variable,
}

/// The result of preparing, kept whichever it is.
pub type PrepareResult = Result<Arc<Prepared>, Arc<ResponseError>>;

/// The result of parsing, kept whichever it is: a client with a mistake repeats it.
pub type ParseResult = Result<Arc<CachedDocument>, Arc<[ResponseError]>>;

/// What was already made.
#[derive(Debug)]
pub struct Caches {
    documents: Cache<String, ParseResult>,
    plans: Cache<PlanKey, PrepareResult>,
    next: AtomicU64,
}

impl Caches {
    /// Empty caches of at most so many bytes each.
    pub fn new(document_bytes: u64, plan_bytes: u64) -> Self {
        let documents = Cache::builder()
            .max_capacity(document_bytes)
            .weigher(|text: &String, _| weight(512 + text.len() * DOCUMENT_FACTOR))
            .build();
        let plans = Cache::builder()
            .max_capacity(plan_bytes)
            .weigher(|_: &PlanKey, prepared: &PrepareResult| {
                weight(1024 + prepared.as_ref().map_or(0, |prepared| size(prepared)))
            })
            .build();
        Self {
            documents,
            plans,
            next: AtomicU64::new(0),
        }
    }

    /// The document of a text, parsed if need be; those who ask meanwhile wait for the same.
    pub async fn document(
        &self,
        text: &str,
        parse: impl FnOnce() -> Result<(Document, Vec<OperationFacts>), Vec<ResponseError>>,
    ) -> ParseResult {
        let make = async {
            let (document, operations) = parse()?;
            Ok(Arc::new(CachedDocument {
                document,
                number: self.next.fetch_add(1, Ordering::Relaxed),
                operations,
            }))
        };
        self.documents.get_with_by_ref(text, make).await
    }

    /// What a key was prepared to, prepared if need be; those who ask meanwhile wait for the same.
    pub async fn prepared(
        &self,
        key: PlanKey,
        prepare: impl FnOnce() -> Result<Prepared, Arc<ResponseError>>,
    ) -> PrepareResult {
        let make = async { prepare().map(Arc::new) };
        self.plans.get_with(key, make).await
    }
}

fn weight(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// About how many bytes a prepared operation takes.
fn size(prepared: &Prepared) -> usize {
    let introspection = match &prepared.introspection {
        PreparedIntrospection::Answers(answers) => answers.values().map(Bytes::len).sum(),
        PreparedIntrospection::Variable => 0,
    };
    introspection + prepared.plan.as_ref().map_or(0, |plan| plan_size(plan))
}

fn plan_size(plan: &Plan) -> usize {
    let fetches = plan.fetches.iter().map(|fetch| {
        // Transports keep a parsed document or a serialised body with each fetch.
        512 + fetch.document.len() * (DOCUMENT_FACTOR + 2)
    });
    let ingests = plan
        .ingests
        .iter()
        .map(|ingest| 64 + ingest.entries.len() * 64);
    let shapes = plan.shapes.iter().map(|shape| 32 + shape.slots.len() * 32);
    let projections = plan.projections.iter().map(|projection| {
        let fields = projection
            .variants
            .iter()
            .map(|variant| variant.fields.len());
        64 + fields.sum::<usize>() * 192 + projection.variants.len() * 64
    });
    fetches.sum::<usize>()
        + ingests.sum::<usize>()
        + shapes.sum::<usize>()
        + projections.sum::<usize>()
}
