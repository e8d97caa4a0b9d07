//! Any bytes as what subgraphs answer: the client gets JSON of the shape it asked for, and work and
//! memory grow with the length of the answers and no faster.
//!
//! The first line picks an operation by its number, each line after it is the answer of a fetch in
//! the order they are sent; fetches past the last line fail.
#![no_main]

mod shape;

use std::sync::{LazyLock, Mutex};

use apollo_compiler::{ExecutableDocument, validation::Valid};
use bytes::Bytes;
use federation::{
    error::{SubgraphError, SubgraphErrorKind},
    execute::{Answer, Transport},
    gateway::Gateway,
    grants::Grants,
    query_plan::Fetch,
    request::Request,
};
use futures::executor::block_on;
use libfuzzer_sys::fuzz_target;
use peak_alloc::PeakAlloc;
use serde::de::IgnoredAny;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Steps for each byte of an answer: the shortest object of the operations' widest shape.
const STEPS: u64 = 64;

/// Bytes of memory for each byte of an answer.
const MEMORY: usize = 2048;

const OPERATIONS: [&str; 4] = [
    include_str!("../graph/product.query.graphql"),
    include_str!("../graph/found.query.graphql"),
    include_str!("../graph/shelf.query.graphql"),
    include_str!("../graph/change.query.graphql"),
];

/// Hands out what it was given, one line a fetch.
#[derive(Default)]
struct Lines(Mutex<Vec<Bytes>>);

impl Transport for Lines {
    type Caller = ();
    type Receipt = ();

    async fn fetch<'a>(
        &'a self,
        _: &'a Fetch,
        variables: Bytes,
        (): &'a (),
    ) -> Result<(Answer, ()), SubgraphError> {
        serde_json::from_slice::<IgnoredAny>(&variables).expect("variables are JSON");
        let next = self.0.lock().expect("one thread").pop();
        next.map(|line| (Answer::Json(line), ())).ok_or_else(|| SubgraphError {
            kind: SubgraphErrorKind::Unavailable,
            message: "no line is left".to_owned(),
            retryable: false,
        })
    }
}

struct World {
    gateway: Gateway<Lines>,
    documents: Vec<Valid<ExecutableDocument>>,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let gateway = upfront_fuzz::gateway(Lines::default(), 1 << 24);
    let schema = &gateway.supergraph().api_schema;
    let parse = |text| ExecutableDocument::parse_and_validate(schema, text, "query.graphql");
    let documents = OPERATIONS.map(|text| parse(text).expect("the operations are valid")).into();
    World { gateway, documents }
});

fuzz_target!(|bytes: &[u8]| {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let number = lines.next().and_then(|line| line.first()).copied().unwrap_or(b'0');
    let number = usize::from(number.wrapping_sub(b'0')) % OPERATIONS.len();
    let mut lines: Vec<Bytes> = lines.map(Bytes::copy_from_slice).collect();
    lines.reverse();
    *WORLD.gateway.transport().0.lock().expect("one thread") = lines;
    let request = Request {
        query: OPERATIONS[number].to_owned(),
        may_mutate: true,
        ..Request::default()
    };
    let grants = Grants {
        unrestricted: true,
        ..Grants::default()
    };
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let response = block_on(WORLD.gateway.respond(&request, &grants, &()));
    let peak = ALLOCATOR.peak_usage().saturating_sub(before);
    let most = MEMORY * bytes.len() + (16 << 20);
    assert!(peak <= most, "{peak} bytes of memory for {} of answers", bytes.len());
    // One entity goes to every object with its key: both may be half of the answers.
    let length = bytes.len() as u64;
    let most = STEPS * length + length * length / 8 + 100_000;
    assert!(response.work <= most, "{} steps for {} bytes", response.work, bytes.len());
    assert!(response.errors.len() <= 1_100, "{} errors", response.errors.len());
    let data = response.data.as_ref().expect("a plan that runs answers");
    serde_json::from_slice::<IgnoredAny>(data).expect("the answer is JSON");
    // A `Value` holds no number that a double cannot hold; a custom scalar may.
    let Ok(data) = serde_json::from_slice::<serde_json::Value>(data) else {
        return;
    };
    if data.is_null() {
        assert!(!response.errors.is_empty(), "no data, and no error that says why");
    }
    let schema = &WORLD.gateway.supergraph().api_schema;
    shape::check(schema, &WORLD.documents[number], &data);
});
