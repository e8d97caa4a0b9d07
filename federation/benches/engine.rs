//! What the engine itself costs: preparing an operation, executing a plan that is kept, reading an
//! answer. Subgraphs answer at once, with text made beforehand.
//!
//! `cargo bench -p upfront-federation --bench engine`

#![expect(clippy::expect_used, reason = "a benchmark fails by panicking")]

#[path = "support/profile.rs"]
mod profile;

use std::{fmt::Write as _, sync::Arc};

use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput, criterion_group};
use federation::{
    compose::compose,
    error::SubgraphError,
    execute::{Answer, Execution, IntrospectionAnswers, Transport},
    gateway::{Gateway, Options},
    grants::Grants,
    query_plan::{Fetch, FetchId},
    request::Request,
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};
use futures::executor::block_on;
use indexmap::IndexMap;
use serde_json::Value;

const LINK: &str =
    r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])"#;
const MANDATES: [&str; 4] = ["north", "east", "south", "west"];

/// A root subgraph with situations, and four that each add a block of eight fields.
fn inputs() -> Vec<SubgraphInput> {
    let mut inputs = vec![SubgraphInput {
        name: "reviews".into(),
        url: String::new(),
        sdl: format!(
            "{LINK}
            type Query {{ situations(first: Int): [Situation!]! situation(id: ID!): Situation }}
            type Situation @key(fields: \"id\") {{
                id: ID! title: String! area: String! since: String! trend: Trend note: String
            }}
            enum Trend {{ UP DOWN }}"
        ),
    }];
    for name in MANDATES {
        let mut fields = String::new();
        for at in 0..6 {
            write!(fields, "f{at}: Int t{at}: String ").expect("a string");
        }
        inputs.push(SubgraphInput {
            name: name.into(),
            url: String::new(),
            sdl: format!(
                "{LINK}
                type Situation @key(fields: \"id\") {{ id: ID! {name}: {name}Block }}
                type {name}Block {{ asOf: String! counts: [{name}Count!]! {fields} }}
                type {name}Count {{ kind: String! value: Int period: String! }}"
            ),
        });
    }
    inputs
}

fn query(root: &str) -> String {
    let blocks = MANDATES
        .iter()
        .map(|name| format!("{name} {{ asOf counts {{ kind value period }} f0 t0 f1 t1 f2 t2 }}"));
    let blocks: Vec<String> = blocks.collect();
    format!(
        "{{ {root} {{ id title area since trend {} }} }}",
        blocks.join(" ")
    )
}

/// Answers with text made beforehand, the same for each subgraph.
#[derive(Debug)]
struct Canned(IndexMap<String, Bytes>);

impl Transport for Canned {
    type Caller = ();
    type Receipt = ();

    async fn fetch<'a>(
        &'a self,
        fetch: &'a Fetch,
        _: Bytes,
        (): &'a (),
    ) -> Result<(Answer, ()), SubgraphError> {
        Ok((Answer::Json(self.0[&*fetch.subgraph_name].clone()), ()))
    }
}

/// An object as a server writes it: in the order of the document.
fn object(fields: impl IntoIterator<Item = (String, String)>) -> String {
    let fields = fields
        .into_iter()
        .map(|(name, value)| format!("\"{name}\":{value}"));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

fn list(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(","))
}

fn text(text: &str) -> String {
    format!("\"{text}\"")
}

fn block(name: &str, at: usize) -> String {
    let counts = (0..4).map(|kind| {
        object([
            ("kind".into(), text(&format!("kind {kind}"))),
            ("value".into(), (kind * at).to_string()),
            ("period".into(), text("2026-11")),
        ])
    });
    let mut fields = vec![
        ("asOf".to_owned(), text("2026-11-24T00:00:00Z")),
        ("counts".to_owned(), list(counts)),
    ];
    for number in 0..3 {
        fields.push((format!("f{number}"), (number + at).to_string()));
        fields.push((
            format!("t{number}"),
            text(&format!("{name} says something of {at}")),
        ));
    }
    object(fields)
}

fn situation(at: usize) -> String {
    object([
        ("id".into(), text(&format!("SIT-{at}"))),
        ("title".into(), text(&format!("Situation {at} of Arvenia"))),
        ("area".into(), text("XAA")),
        ("since".into(), text("2025-01")),
        ("trend".into(), text("UP")),
    ])
}

fn answers(count: usize, is_list: bool) -> Canned {
    let root = if is_list {
        object([("situations".into(), list((0..count).map(situation)))])
    } else {
        object([("situation".into(), situation(0))])
    };
    let mut texts: IndexMap<String, Bytes> = IndexMap::new();
    texts.insert("reviews".into(), object([("data".into(), root)]).into());
    for name in MANDATES {
        let entities = (0..count).map(|at| object([(name.to_owned(), block(name, at))]));
        let data = object([("_entities".into(), list(entities))]);
        texts.insert(name.into(), object([("data".into(), data)]).into());
    }
    Canned(texts)
}

fn gateway(transport: Canned, plan_cache_bytes: u64) -> Gateway<Canned> {
    let (composed, diagnostics) = compose(&inputs());
    let sdl = composed
        .unwrap_or_else(|| unreachable!("{diagnostics:?}"))
        .supergraph_sdl;
    let supergraph = Supergraph::parse(&sdl).expect("a supergraph");
    let options = Options {
        plan_cache_bytes,
        ..Options::default()
    };
    Gateway::new(supergraph, Arc::new(transport), options).expect("a gateway")
}

fn request(text: String) -> Request {
    Request {
        query: text,
        ..Request::default()
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime")
}

fn prepare(criterion: &mut Criterion) {
    let runtime = runtime();
    let grants = Grants::default();
    let profile = request(query("situation(id: \"SIT-0\")"));
    let cold = gateway(answers(1, false), 0);
    criterion.bench_function("prepare/profile/cold", |bencher| {
        bencher
            .to_async(&runtime)
            .iter(|| cold.plan(&profile, &grants));
    });
    let warm = gateway(answers(1, false), 64 << 20);
    criterion.bench_function("prepare/profile/warm", |bencher| {
        bencher
            .to_async(&runtime)
            .iter(|| warm.plan(&profile, &grants));
    });
}

fn respond(criterion: &mut Criterion) {
    let runtime = runtime();
    let grants = Grants::default();
    for (name, count, is_list, root) in [
        ("respond/profile", 1, false, "situation(id: \"SIT-0\")"),
        ("respond/50-situations", 50, true, "situations(first: 50)"),
    ] {
        let gateway = gateway(answers(count, is_list), 64 << 20);
        let request = request(query(root));
        let once = runtime.block_on(gateway.respond(&request, &grants, &()));
        assert!(once.errors.is_empty(), "{:?}", once.errors);
        let size = once.data.as_ref().map_or(0, Bytes::len);
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(size as u64));
        group.bench_function("warm", |bencher| {
            bencher
                .to_async(&runtime)
                .iter(|| gateway.respond(&request, &grants, &()));
        });
        group.finish();
    }
}

/// One answer of a subgraph into slots and out again, against `serde_json` reading and writing it.
fn read(criterion: &mut Criterion) {
    let runtime = runtime();
    let canned = answers(200, true);
    let text = canned.0["reviews"].clone();
    let gateway = gateway(canned, 64 << 20);
    let request = request("{ situations(first: 200) { id title area since trend } }".into());
    let (plan, _) = runtime
        .block_on(gateway.plan(&request, &Grants::default()))
        .expect("a plan");
    let mut group = criterion.benchmark_group("read");
    group.throughput(Throughput::Bytes(text.len() as u64));
    // `serde_json` sorts keys: no field comes where it is expected.
    let sorted: Value = serde_json::from_slice(&text).expect("JSON");
    for (name, text) in [
        ("into-slots", text.clone()),
        ("into-slots/out-of-order", Bytes::from(sorted.to_string())),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || Execution::new(Arc::clone(&plan)),
                |mut execution| {
                    block_on(execution.seed(FetchId(0), Answer::Json(text.clone())));
                    execution
                },
                BatchSize::SmallInput,
            );
        });
    }
    let mut read = Execution::new(Arc::clone(&plan));
    block_on(read.seed(FetchId(0), Answer::Json(text.clone())));
    group.bench_function("out-of-slots", |bencher| {
        bencher.iter(|| block_on(read.write(&IntrospectionAnswers::new())));
    });
    group.bench_function("serde-json-value", |bencher| {
        bencher.iter(|| serde_json::from_slice::<Value>(&text).expect("JSON"));
    });
    group.finish();
}

criterion_group!(benches, prepare, respond, read);

fn main() {
    profile::print_name();
    benches();
    Criterion::default().configure_from_args().final_summary();
}
