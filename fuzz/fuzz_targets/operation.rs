//! Any text as an operation, by any caller: it is planned or refused, and its plan verifies. What is
//! small is planned within the bound on steps.
//!
//! The first byte says who asks and which Booleans are true, a bit each; `_` is everything.
#![no_main]

use std::sync::LazyLock;

use apollo_compiler::response::JsonValue;
use bytes::Bytes;
use federation::{
    error::{Origin, SubgraphError, code},
    execute::{Answer, Transport},
    gateway::Gateway,
    grants::Grants,
    query_plan::Fetch,
    request::Request,
};
use futures::executor::block_on;
use libfuzzer_sys::fuzz_target;

/// Bytes of a document that is too short to multiply.
const SMALL: usize = 300;

/// Planning asks no subgraph.
struct Nowhere;

impl Transport for Nowhere {
    type Caller = ();
    type Receipt = ();

    async fn fetch<'a>(
        &'a self,
        _: &'a Fetch,
        _: Bytes,
        (): &'a (),
    ) -> Result<(Answer, ()), SubgraphError> {
        unreachable!("nothing is fetched to make a plan")
    }
}

static GATEWAY: LazyLock<Gateway<Nowhere>> = LazyLock::new(|| upfront_fuzz::gateway(Nowhere, 0));

fuzz_target!(|text: &str| {
    let Some(first) = text.chars().next().filter(char::is_ascii) else {
        return;
    };
    let bits = first as u8;
    let has = |bit: u8| bits & (1 << bit) != 0;
    let pick = |names: &[(u8, &str)]| {
        let picked = names.iter().filter(|(bit, _)| has(*bit));
        picked.map(|(_, name)| (*name).to_owned()).collect()
    };
    let grants = Grants {
        authenticated: has(0),
        scopes: pick(&[(1, "read"), (2, "write"), (2, "stock:read"), (3, "stock"), (3, "audit")]),
        policies: pick(&[(3, "board")]),
        unrestricted: false,
    };
    let value = JsonValue::Bool(has(4));
    let variables = ["a", "b", "yes"].into_iter().map(|name| (name.into(), value.clone()));
    let request = Request {
        query: text[1..].to_owned(),
        variables: variables.collect(),
        may_mutate: true,
        labels: pick(&[(4, "new")]),
        ..Request::default()
    };
    let planned = block_on(GATEWAY.plan(&request, &grants));
    for error in planned.err().into_iter().flatten() {
        assert!(!error.message.contains("the plan is faulty"), "{}", error.message);
        assert!(error.origin != Origin::Internal, "{}", error.message);
        let is_too_complex = error.origin == Origin::Request(code::PLAN_COMPLEXITY_EXCEEDED);
        assert!(!is_too_complex || text.len() > SMALL, "{}", error.message);
    }
});

