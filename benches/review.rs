//! What the review costs: the joint graph over the example records, asked in process.
//!
//! `cargo bench -p upfront --bench review`

#![expect(clippy::expect_used, reason = "a benchmark fails by panicking")]

#[path = "../federation/benches/support/profile.rs"]
mod profile;

use std::{env::temp_dir, fs, future::ready, path::Path, process, sync::Arc};

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group};
use federation::{
    error::{SubgraphError, SubgraphErrorKind},
    execute::{Answer, Transport},
    gateway::{Gateway, Options},
    grants::Grants,
    query_plan::Fetch,
    supergraph::Supergraph,
};
use indexmap::IndexSet;
use tokio::runtime::Runtime;
use upfront::{
    auth::Principal,
    config::Config,
    database::Database,
    embedded,
    gateway::{Caller, Graph, Request, joint_graph},
    import::{self, Files, Mode},
};

const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

/// Asks nobody: for plans alone.
struct Nowhere;

impl Transport for Nowhere {
    type Caller = ();
    type Receipt = ();

    fn fetch<'a>(
        &'a self,
        _: &'a Fetch,
        _: Bytes,
        (): &'a (),
    ) -> impl Future<Output = Result<(Answer, ()), SubgraphError>> + Send + 'a {
        ready(Err(SubgraphError {
            kind: SubgraphErrorKind::Unavailable,
            message: "plans only".to_owned(),
            retryable: false,
        }))
    }
}

/// An example query with its variables.
fn example(name: &str) -> Request {
    let folder = Path::new(REPOSITORY).join("examples/queries");
    let read = |file: String| fs::read_to_string(folder.join(file)).expect("an example");
    let variables = read(format!("{name}.variables.json"));
    Request {
        query: read(format!("{name}.graphql")),
        variables: serde_json::from_str(&variables).expect("variables"),
        ..Request::default()
    }
}

fn reviewer() -> Caller {
    Caller::new(Arc::new(Principal {
        entity: Some("OHCHR".to_owned()),
        scopes: IndexSet::from(["clearance:confidential".to_owned()]),
        ..Principal::default()
    }))
}

/// From a parsed document to a plan, and back from the cache.
fn prepare(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let path = Path::new(REPOSITORY).join("schema/supergraph.graphql");
    let sdl = fs::read_to_string(path).expect("the supergraph");
    let profile = example("situation-profile");
    let grants = Grants {
        authenticated: true,
        unrestricted: true,
        ..Grants::default()
    };
    for (name, plan_cache_bytes) in [("cold", 0), ("warm", 64 << 20)] {
        let options = Options {
            plan_cache_bytes,
            ..Options::default()
        };
        let supergraph = Supergraph::parse(&sdl).expect("a supergraph");
        let gateway = Gateway::new(supergraph, Arc::new(Nowhere), options).expect("a gateway");
        criterion.bench_function(&format!("prepare/situation-profile/{name}"), |bencher| {
            bencher
                .to_async(&runtime)
                .iter(|| gateway.plan(&profile, &grants));
        });
    }
}

/// The example records in a database of their own, behind the joint graph.
async fn graph(folder: &Path) -> Graph {
    let database = Database::open(&folder.join("upfront.db"))
        .await
        .expect("a database");
    database.migrate().await.expect("tables");
    import::use_example_ids(&database)
        .await
        .expect("the example's ids");
    import::run(&database, &Files::example(), Mode::Store)
        .await
        .expect("the example records");
    joint_graph(embedded::sources(), &database, &Config::default(), &[]).expect("the joint graph")
}

/// A request from its text to the bytes of its answer, all sources included.
fn respond(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let folder = temp_dir().join(format!("upfront_bench_{}", process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let graph = runtime.block_on(graph(&folder));
    for name in ["situation-profile", "monthly-review"] {
        let request = example(name);
        let once = runtime.block_on(graph.respond(&request, &reviewer()));
        assert!(once.errors.is_empty(), "{:?}", once.errors);
        let size = once.data.as_ref().map_or(0, Bytes::len);
        let mut group = criterion.benchmark_group("respond");
        group.throughput(Throughput::Bytes(size as u64));
        group.bench_function(name, |bencher| {
            bencher.to_async(&runtime).iter(async || {
                let caller = reviewer();
                graph.respond(&request, &caller).await
            });
        });
        group.finish();
    }
    drop(graph);
    let _ = fs::remove_dir_all(&folder);
}

criterion_group!(benches, prepare, respond);

fn main() {
    profile::print_name();
    benches();
    Criterion::default().configure_from_args().final_summary();
}
