//! Caches of parsed documents and of plans, bounded in bytes.
//!
//! Entries are found by equality of all that they depend on, never by a hash alone. The key of a
//! plan has the text of its document, so the plan is found again after the document was dropped and
//! parsed anew.

use std::{
    hash::{BuildHasher, Hash, Hasher, RandomState},
    sync::Arc,
};

use apollo_compiler::collections::IndexSet;
use apollo_compiler::{Name, executable::Operation};
use bytes::Bytes;
use moka::sync::Cache;

use super::{flights::Flights, options::Options};
use crate::{
    authorize::{Relevant, Satisfied},
    budget::Interrupt,
    cost::Program,
    error::ResponseError,
    execute::Kept,
    index::LabelSet,
    operation::{Booleans, Document},
    query_plan::{Fetch, FetchInput, Plan, RepresentationValue, RepresentationVariant, Step},
    response::{RestrictedField, Withheld},
};

/// About how many bytes a token of a document takes when parsed.
const TOKEN: usize = 128;

/// About how many bytes a transport keeps for each byte of a fetch's document.
const DOCUMENT_FACTOR: usize = 24;

/// Bytes of an entry beside its value.
const ENTRY: usize = 1536;

/// The text of a document. It is hashed once, and compared in full.
#[derive(Clone, Debug, Eq)]
pub(super) struct Text {
    hash: u64,
    text: Arc<str>,
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.text, &other.text) || self.hash == other.hash && self.text == other.text
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

/// A document with facts of its operations that hold for every request.
#[derive(Debug)]
pub(super) struct CachedDocument {
    /// The document.
    pub(super) document: Document,
    text: Text,
    operations: Vec<OperationFacts>,
}

/// The facts of an operation that depend on no values and no grants.
#[derive(Clone, Debug, Default)]
pub(super) struct OperationFacts {
    /// Its name.
    pub(super) name: Option<Name>,
    /// The variables that `@skip` and `@include` read.
    pub(super) booleans: IndexSet<Name>,
    /// The requirements that can matter to it.
    pub(super) relevant: Relevant,
}

impl CachedDocument {
    /// The text it was parsed from.
    pub(super) fn text(&self) -> &Arc<str> {
        &self.text.text
    }

    /// The facts of one of its operations.
    pub(super) fn facts(&self, operation: &Operation) -> Option<&OperationFacts> {
        self.operations
            .iter()
            .find(|facts| facts.name == operation.name)
    }
}

/// Everything that the normalised form of an operation depends on, beside the supergraph.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct OperationKey {
    document: Text,
    operation: Option<Name>,
    booleans: Vec<bool>,
}

/// Everything a plan depends on, the supergraph apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct PlanKey {
    /// The operation, whoever asks for it.
    pub(super) operation: OperationKey,
    /// The labels that are on.
    pub(super) labels: LabelSet,
    /// What the caller may see.
    pub(super) satisfied: Satisfied,
}

impl OperationKey {
    /// The key of an operation under certain values.
    pub(super) fn new(
        document: &CachedDocument,
        operation: &Operation,
        booleans: &Booleans,
    ) -> Self {
        Self {
            document: document.text.clone(),
            operation: operation.name.clone(),
            booleans: booleans.vector().collect(),
        }
    }
}

/// An operation made ready: what is withheld, and the plan for the rest.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    /// What the caller may not see.
    pub(super) withheld: Vec<Withheld>,
    /// The restricted fields that it reads.
    pub(super) restricted: Arc<[RestrictedField]>,
    /// The plan, or why there is none.
    pub(super) plan: Result<Arc<Plan>, String>,
    /// What `__schema` and `__type` answer.
    pub(super) introspection: PreparedIntrospection,
}

/// The answers to `__schema` and `__type`, if they depend on no variables.
#[derive(Clone, Debug)]
pub(super) enum PreparedIntrospection {
    /// All of them, by response name as JSON text; none if nothing was asked.
    Answers(indexmap::IndexMap<String, Bytes>),
    /// They depend on variables.
    Variable,
}

/// The result of preparing; errors are kept too.
pub(super) type PrepareResult = Result<Arc<Prepared>, Arc<ResponseError>>;

/// What counts the cost of an operation, errors are kept too.
pub(super) type ProgramResult = Result<Arc<Program>, Arc<ResponseError>>;

/// The result of parsing; errors are kept too, since clients repeat their mistakes.
pub(super) type ParseResult = Result<Arc<CachedDocument>, Arc<[ResponseError]>>;

/// How much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// How many.
    pub entries: u64,
    /// About how many bytes they take.
    pub bytes: u64,
}

/// The caches of a gateway.
#[derive(Debug)]
pub(super) struct Caches {
    documents: Flights<Arc<str>, ParseResult>,
    plans: Flights<PlanKey, PrepareResult>,
    programs: Flights<OperationKey, ProgramResult>,
    hasher: RandomState,
}

/// A document and the facts of its operations, or what is wrong with it.
pub(super) type Parsed = Result<(Document, Vec<OperationFacts>), Vec<ResponseError>>;

impl Caches {
    /// Empty caches of at most so many bytes each.
    pub(super) fn new(options: &Options) -> Self {
        let documents = Cache::builder()
            .max_capacity(options.document_cache_bytes)
            .weigher(|text: &Arc<str>, parsed: &ParseResult| {
                weight(ENTRY + document_size(text, parsed))
            })
            .build();
        let plans = Cache::builder()
            .max_capacity(options.plan_cache_bytes)
            .weigher(|key: &PlanKey, prepared: &PrepareResult| {
                weight(ENTRY + key.operation.size() + prepared_size(prepared))
            })
            .build();
        let programs = Cache::builder()
            .max_capacity(options.cost.cache_bytes)
            .weigher(|key: &OperationKey, program: &ProgramResult| {
                weight(ENTRY + key.size() + program_size(program))
            })
            .build();
        Self {
            documents: Flights::new(documents),
            plans: Flights::new(plans),
            programs: Flights::new(programs),
            hasher: RandomState::new(),
        }
    }

    /// How much is kept.
    pub(super) fn size(&self, kept: Kept) -> Size {
        let (entries, bytes) = match kept {
            Kept::Document => self.documents.size(),
            Kept::Plan => self.plans.size(),
        };
        Size { entries, bytes }
    }

    /// The document of a text that was parsed before.
    pub(super) fn find_document(&self, text: &str) -> Option<ParseResult> {
        self.documents.find(text)
    }

    /// The document of a text, parsed by `work`; requests in the meantime wait for the same.
    /// Without a result it is refused with the error, which is not kept.
    pub(super) async fn document<F>(
        &self,
        text: &Arc<str>,
        broken: ResponseError,
        work: impl FnOnce() -> F,
    ) -> ParseResult
    where
        F: Future<Output = Option<Parsed>> + Send + 'static,
    {
        let hashed = Text {
            hash: self.hasher.hash_one(&**text),
            text: Arc::clone(text),
        };
        let make = |_| {
            let work = work();
            async move {
                let Some(parsed) = work.await else {
                    return (Err([broken].into()), false);
                };
                let document = parsed.map(|(document, operations)| {
                    Arc::new(CachedDocument {
                        document,
                        text: hashed,
                        operations,
                    })
                });
                (document.map_err(Into::into), true)
            }
        };
        self.documents.make(Arc::clone(text), make).await
    }

    /// The prepared operation of a key, if it is cached.
    pub(super) fn find_prepared(&self, key: &PlanKey) -> Option<PrepareResult> {
        self.plans.find(key)
    }

    /// The prepared operation of a key, made by `work`, which says whether to keep it; requests in
    /// the meantime wait for the same, and once none waits the interrupt is set.
    pub(super) async fn prepared<F>(
        &self,
        key: PlanKey,
        work: impl FnOnce(Interrupt) -> F,
    ) -> PrepareResult
    where
        F: Future<Output = (PrepareResult, bool)> + Send + 'static,
    {
        self.plans.make(key, work).await
    }

    /// What counts the cost of an operation, made by `work` where it is not kept; those who ask meanwhile
    /// wait for the same.
    pub(super) async fn program<F>(
        &self,
        key: OperationKey,
        work: impl FnOnce(Interrupt) -> F,
    ) -> ProgramResult
    where
        F: Future<Output = (ProgramResult, bool)> + Send + 'static,
    {
        match self.programs.find(&key) {
            Some(known) => known,
            None => self.programs.make(key, work).await,
        }
    }
}

fn weight(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

impl OperationKey {
    /// About how many bytes it takes. The text may be shared with the document; it is counted here
    /// too, since the document may be dropped first.
    fn size(&self) -> usize {
        self.document.text.len() + self.booleans.len() + 128
    }
}

fn errors_size<'e>(errors: impl Iterator<Item = &'e ResponseError>) -> usize {
    let sizes = errors.map(|error| 256 + error.message.len() + error.locations.len() * 16);
    sizes.sum()
}

/// About how many bytes a document takes with its text.
fn document_size(text: &str, parsed: &ParseResult) -> usize {
    text.len()
        + match parsed {
            Ok(parsed) => text.len() * 2 + parsed.document.tokens() * TOKEN,
            Err(errors) => errors_size(errors.iter()),
        }
}

fn program_size(program: &ProgramResult) -> usize {
    match program {
        Ok(program) => program.size(),
        Err(error) => errors_size(std::iter::once(&**error)),
    }
}

/// About how many bytes a prepared operation takes.
fn prepared_size(prepared: &PrepareResult) -> usize {
    let prepared = match prepared {
        Ok(prepared) => prepared,
        Err(error) => return errors_size(std::iter::once(&**error)),
    };
    let introspection: usize = match &prepared.introspection {
        PreparedIntrospection::Answers(answers) => answers
            .iter()
            .map(|(name, answer)| 128 + name.len() + answer.len())
            .sum(),
        PreparedIntrospection::Variable => 0,
    };
    let withheld = prepared.withheld.iter().map(withheld_size);
    let plan = match &prepared.plan {
        Ok(plan) => plan_size(plan),
        Err(why) => why.len(),
    };
    let restricted = prepared.restricted.iter().map(RestrictedField::size);
    introspection + withheld.sum::<usize>() + restricted.sum::<usize>() + plan
}

fn withheld_size(withheld: &Withheld) -> usize {
    let texts = |texts: &[String]| -> usize { texts.iter().map(|text| 40 + text.len()).sum() };
    let ways = withheld.scopes.iter().chain(&withheld.policies);
    96 + texts(&withheld.path) + ways.map(|way| 24 + texts(way)).sum::<usize>()
}

fn path_size(path: &[Step]) -> usize {
    24 + size_of_val(path)
}

fn variants_size(variants: &[RepresentationVariant]) -> usize {
    let fields = variants.iter().flat_map(|variant| &variant.fields);
    let below = fields.map(|field| match &field.value {
        RepresentationValue::Leaf(_) => 80,
        RepresentationValue::Object(variants) => 80 + variants_size(variants),
    });
    size_of_val(variants) + below.sum::<usize>()
}

fn fetch_size(fetch: &Fetch) -> usize {
    let targets = match &fetch.input {
        FetchInput::Root(_) => 0,
        FetchInput::RootBelow(targets) => {
            let paths = targets.iter().map(|target| 32 + path_size(&target.path));
            paths.sum()
        }
        FetchInput::Entities(lists) => {
            let targets = lists.iter().flat_map(|list| &list.targets);
            let sizes = targets.map(|target| {
                let context = target.context.iter();
                let context = context.map(|one| {
                    let values = one.input.values.iter().flat_map(|values| values.iter());
                    let values = values.map(|value| 64 + value.len());
                    128 + values.sum::<usize>()
                        + one
                            .paths
                            .iter()
                            .map(|path| 8 + path_size(&path.steps))
                            .sum::<usize>()
                });
                128 + path_size(&target.path)
                    + variants_size(&target.representation)
                    + context.sum::<usize>()
            });
            lists.len() * 128 + sizes.sum::<usize>()
        }
    };
    // Transports keep a parsed document or a serialised body with each fetch.
    512 + targets + fetch.variables.len() * 40 + fetch.document.len() * (DOCUMENT_FACTOR + 2)
}

fn plan_size(plan: &Plan) -> usize {
    let fetches = plan.fetches.iter().map(fetch_size);
    // Programs with more than a few entries have a table of their keys.
    let ingests = plan
        .ingests
        .iter()
        .map(|ingest| 128 + ingest.entries.len() * 160);
    let shapes = plan.shapes.iter().map(|shape| 48 + shape.slots.len() * 40);
    let projections = plan.projections.iter().map(|projection| {
        let fields = projection
            .variants
            .iter()
            .map(|variant| variant.fields.len());
        64 + fields.sum::<usize>() * 224 + projection.variants.len() * 64
    });
    fetches.sum::<usize>()
        + ingests.sum::<usize>()
        + shapes.sum::<usize>()
        + projections.sum::<usize>()
}
