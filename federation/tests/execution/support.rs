//! Plans built by hand, and subgraphs that answer from a list.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use apollo_compiler::response::JsonMap;
use bytes::Bytes;
use federation::{
    budget::{Budget, Interrupt},
    error::{SubgraphError, SubgraphErrorKind},
    execute::{
        ALLOWANCE, Answer, Execution, IntrospectionAnswers, Sent, Sink, Transport, Verdict, Walk,
    },
    index::{SubgraphId, TypeId, TypeNames, TypeSet},
    query_plan::{
        EntityList, EntityTarget, Fetch, FetchId, FetchInput, Ingest, IngestEntry, IngestId,
        IngestInto, KeyLookup, LeafKind, OperationKind, OutputType, Plan, Prepared, Presence,
        Projection, ProjectionField, ProjectionId, ProjectionVariant, RepresentationField,
        RepresentationTypename, RepresentationValue, RepresentationVariant, RuntimeType, Shape,
        ShapeId, SlotId, Step, ValueSource,
    },
};
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Value, json};

/// So many random cases, the same each time. `PROPTEST_CASES` asks for more, `PROPTEST_RNG_SEED` for
/// others.
pub(crate) fn cases(least: u32) -> Config {
    let asked = Config::default();
    let rng_seed = match asked.rng_seed {
        RngSeed::Random => RngSeed::Fixed(20_261_127),
        given @ RngSeed::Fixed(_) => given,
    };
    Config {
        cases: asked.cases.max(least),
        rng_seed,
        ..asked
    }
}

/// The types of the hand-built plans.
pub(crate) const QUERY: TypeId = TypeId(0);
pub(crate) const PRODUCT: TypeId = TypeId(1);
pub(crate) const BOOK: TypeId = TypeId(2);
pub(crate) const HIDDEN: TypeId = TypeId(3);

pub(crate) fn types() -> Arc<TypeNames> {
    let mut names = TypeNames::default();
    for name in ["Query", "Product", "Book", "Hidden"] {
        names.intern(name);
    }
    Arc::new(names)
}

pub(crate) fn set(types: &[TypeId]) -> TypeSet {
    types.iter().copied().collect()
}

/// A shape: a name a slot, `-` in front of hidden ones.
pub(crate) fn shape(slots: &[&str]) -> Shape {
    let name = |slot: &&str| (!slot.starts_with('-')).then(|| (*slot).into());
    Shape {
        identity: Vec::new(),
        slots: slots.iter().map(name).collect(),
    }
}

pub(crate) fn leaf(slot: u32) -> IngestInto {
    IngestInto::Leaf(SlotId(slot))
}

pub(crate) fn object(slot: u32, lists: u8, ingest: u32) -> IngestInto {
    IngestInto::Object {
        slot: SlotId(slot),
        lists,
        ingest: IngestId(ingest),
    }
}

pub(crate) fn ingest(
    shape: u32,
    runtime_type: RuntimeType,
    entries: &[(&str, IngestInto)],
) -> Ingest {
    let entry = |(key, into): &(&str, IngestInto)| IngestEntry {
        key: (*key).into(),
        into: *into,
        presence: Presence::Always,
    };
    Ingest {
        shape: ShapeId(shape),
        runtime_type,
        entries: entries.iter().map(entry).collect(),
        lookup: KeyLookup::default(),
    }
}

pub(crate) fn scalar(kind: LeafKind, non_null: bool) -> OutputType {
    OutputType::Leaf {
        non_null,
        kind,
        values: None,
    }
}

pub(crate) fn list(item: OutputType, non_null: bool) -> OutputType {
    OutputType::List {
        non_null,
        item: Box::new(item),
    }
}

pub(crate) fn nested(projection: u32, non_null: bool) -> OutputType {
    OutputType::Object {
        non_null,
        type_name: "T".into(),
        projection: ProjectionId(projection),
    }
}

pub(crate) fn field(name: &str, slot: u32, output: OutputType) -> ProjectionField {
    ProjectionField {
        response_name: name.into(),
        key: format!("\"{name}\":").into_bytes().into(),
        source: ValueSource::Slot(SlotId(slot)),
        output,
    }
}

pub(crate) fn projection(types: Option<TypeSet>, fields: Vec<ProjectionField>) -> Projection {
    Projection {
        variants: vec![ProjectionVariant { types, fields }],
    }
}

pub(crate) fn fetch(name: &str, input: FetchInput, depends_on: &[u32]) -> Fetch {
    Fetch {
        subgraph: SubgraphId(0),
        subgraph_name: name.into(),
        kind: OperationKind::Query,
        document: "".into(),
        variables: Vec::new(),
        input,
        depends_on: depends_on.iter().copied().map(FetchId).collect(),
        instead_of: None,
        dependants: Vec::new(),
        prepared: Prepared::default(),
    }
}

pub(crate) fn key(name: &str, slot: u32, kind: LeafKind) -> RepresentationField {
    RepresentationField {
        name: name.into(),
        slot: SlotId(slot),
        is_key: true,
        nullable: 0,
        value: RepresentationValue::Leaf(kind),
    }
}

pub(crate) fn target(path: &[u32], fields: Vec<RepresentationField>, ingest: u32) -> EntityTarget {
    let step = |slot: &u32| Step {
        slot: SlotId(*slot),
        only: None,
    };
    EntityTarget {
        path: path.iter().map(step).collect(),
        representation: vec![RepresentationVariant {
            types: None,
            typename: RepresentationTypename::Runtime,
            fields,
        }],
        ingest: IngestId(ingest),
        context: Vec::new(),
    }
}

pub(crate) fn entities(targets: Vec<EntityTarget>) -> FetchInput {
    FetchInput::Entities(vec![EntityList {
        alias: "_entities".into(),
        variable: "representations".into(),
        targets,
    }])
}

/// Fills in who waits for whom.
pub(crate) fn plan(mut plan: Plan) -> Arc<Plan> {
    plan.types = types();
    let edges: Vec<(FetchId, FetchId)> = (0..)
        .map(FetchId)
        .zip(&plan.fetches)
        .flat_map(|(id, fetch)| fetch.depends_on.iter().map(move |on| (*on, id)))
        .collect();
    for (on, id) in edges {
        plan.fetches[on.0 as usize].dependants.push(id);
    }
    Arc::new(plan)
}

/// `products { id name! }` from `a`, then `price! stock` of each product from `b`.
pub(crate) fn products() -> Plan {
    let root = ingest(
        0,
        RuntimeType::Known(QUERY),
        &[("products", object(0, 1, 1))],
    );
    let product = ingest(
        1,
        RuntimeType::Known(PRODUCT),
        &[("id", leaf(0)), ("name", leaf(1))],
    );
    let priced = ingest(
        1,
        RuntimeType::Known(PRODUCT),
        &[("price", leaf(2)), ("stock", leaf(3))],
    );
    let target = target(&[0], vec![key("id", 0, LeafKind::Id)], 2);
    Plan {
        shapes: vec![
            shape(&["products"]),
            shape(&["-id", "name", "price", "stock"]),
        ],
        ingests: vec![root, product, priced],
        fetches: vec![
            fetch("a", FetchInput::Root(IngestId(0)), &[]),
            fetch("b", entities(vec![target]), &[0]),
        ],
        projections: vec![
            projection(
                None,
                vec![field("products", 0, list(nested(1, false), false))],
            ),
            projection(
                None,
                vec![
                    field("name", 1, scalar(LeafKind::String, true)),
                    field("price", 2, scalar(LeafKind::Int, false)),
                    field("stock", 3, scalar(LeafKind::Int, false)),
                ],
            ),
        ],
        ..Plan::default()
    }
}

/// Answers from a list for each subgraph, and remembers what it was asked.
#[derive(Default)]
pub(crate) struct Canned {
    answers: Mutex<Vec<(String, VecDeque<Reply>)>>,
    pub(crate) asked: Mutex<Vec<Value>>,
    /// What it was told of its answers.
    pub(crate) judged: Mutex<Vec<(String, Verdict)>>,
    /// Parts with one of these texts may not be sent.
    pub(crate) refused: Vec<String>,
}

/// One answer.
pub(crate) enum Reply {
    Text(Vec<u8>),
    Tree(Value),
}

impl Canned {
    pub(crate) fn new(answers: Vec<(&str, Reply)>) -> Self {
        let canned = Self::default();
        {
            let mut lists = canned.answers.lock().unwrap();
            for (name, reply) in answers {
                match lists.iter_mut().find(|(known, _)| known == name) {
                    Some((_, replies)) => replies.push_back(reply),
                    None => lists.push((name.into(), [reply].into())),
                }
            }
        }
        canned
    }
}

impl Transport for Canned {
    type Caller = ();
    type Receipt = String;

    async fn fetch<'a>(
        &'a self,
        fetch: &'a Fetch,
        variables: Bytes,
        (): &'a (),
    ) -> Result<(Answer, String), SubgraphError> {
        let variables: Value = serde_json::from_slice(&variables).expect("variables are JSON");
        let name = &*fetch.subgraph_name;
        self.asked.lock().unwrap().push(json!([name, variables]));
        let mut answers = self.answers.lock().unwrap();
        let replies = answers.iter_mut().find(|(known, _)| known == name);
        match replies.and_then(|(_, replies)| replies.pop_front()) {
            Some(Reply::Text(text)) => Ok((Answer::Json(text.into()), name.to_owned())),
            Some(Reply::Tree(value)) => Ok((Answer::Tree(Box::new(Told(value))), name.to_owned())),
            None => Err(SubgraphError {
                kind: SubgraphErrorKind::Unavailable,
                message: format!("{name} is down"),
                retryable: true,
            }),
        }
    }

    fn may_send(&self, _: &str, sent: Sent<'_>, (): &()) -> bool {
        let (Sent::Representation(text) | Sent::Contexts(text)) = sent;
        let text = String::from_utf8_lossy(text);
        !self.refused.iter().any(|refused| text.contains(refused))
    }

    fn judge(&self, name: &mut String, verdict: Verdict, (): &()) {
        self.judged.lock().unwrap().push((name.clone(), verdict));
    }
}

/// A response that tells itself.
#[derive(Debug)]
struct Told(Value);

impl Walk for Told {
    fn data(&mut self, sink: &mut dyn Sink, _: u64) -> bool {
        tell(&self.0["data"], sink);
        false
    }

    fn errors(&self) -> Vec<Value> {
        self.0["errors"].as_array().cloned().unwrap_or_default()
    }
}

fn tell(value: &Value, sink: &mut dyn Sink) {
    match value {
        Value::Null => sink.null(),
        Value::Object(fields) if !sink.expects_leaf() => {
            sink.begin_object();
            for (name, value) in fields {
                if sink.key(name) {
                    tell(value, sink);
                }
            }
            sink.end_object();
        }
        Value::Array(items) if !sink.expects_leaf() => {
            sink.begin_list();
            for item in items {
                tell(item, sink);
            }
            sink.end_list();
        }
        leaf => sink.leaf(&mut |out| serde_json::to_writer(out, leaf).unwrap()),
    }
}

/// Runs a plan; data, errors as `path: message`, and what was asked.
pub(crate) fn run(plan: &Arc<Plan>, canned: &Canned) -> (Value, Vec<String>) {
    let budget = Budget::new(ALLOWANCE, Interrupt::default());
    let (data, errors) = run_with(plan, canned, &Arc::new(budget));
    let data = serde_json::from_slice(&data).expect("data is JSON");
    (data, errors)
}

/// Runs a plan with a budget.
pub(crate) fn run_with(
    plan: &Arc<Plan>,
    canned: &Canned,
    budget: &Arc<Budget>,
) -> (Bytes, Vec<String>) {
    let mut execution = Execution::with_budget(Arc::clone(plan), Arc::clone(budget));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let mut receipts = runtime.block_on(execution.run(canned, &(), &JsonMap::new()));
    let data = runtime.block_on(execution.write(&IntrospectionAnswers::new()));
    execution.judge(canned, &mut receipts, &());
    let (errors, _) = execution.finish();
    let line = |error: federation::error::ResponseError| {
        let path = serde_json::to_string(&error.path).unwrap();
        format!("{path}: {}", error.message)
    };
    (data, errors.into_iter().map(line).collect())
}

/// Runs a plan against texts.
pub(crate) fn answer(plan: Plan, answers: &[(&str, &str)]) -> (Value, Vec<String>) {
    let replies = answers
        .iter()
        .map(|(name, text)| (*name, Reply::Text(text.as_bytes().into())));
    run(&self::plan(plan), &Canned::new(replies.collect()))
}
