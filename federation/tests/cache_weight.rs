//! What caches think they hold against what an allocator counts.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and shows its table"
)]

use std::{fmt::Write as _, sync::Arc};

use bytes::Bytes;
use federation::{
    compose::compose,
    error::SubgraphError,
    execute::{Answer, Kept, Transport},
    gateway::{Gateway, Options},
    grants::Grants,
    query_plan::Fetch,
    request::Request,
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};
use futures::executor::block_on;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Planning asks no subgraph.
#[derive(Debug)]
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
        panic!("nothing is fetched to make a plan")
    }
}

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", \
                    import: [\"@key\", \"@requiresScopes\"])\n";

fn gateway() -> Gateway<Nowhere> {
    let mut here = format!("{LINK} type Query {{ thing: Thing things: [Thing] }}");
    let mut there = String::from(LINK);
    here.push_str(
        " interface Any { id: ID! } type Thing implements Any @key(fields: \"id\") { id: ID! ",
    );
    there.push_str(" type Thing @key(fields: \"id\") { id: ID! next: Thing ");
    for at in 0..60 {
        let _ = write!(here, "a{at}(of: Int): Int ");
        let _ = write!(
            there,
            "b{at}: String @requiresScopes(scopes: [[\"scope:{at}\"]]) "
        );
    }
    here.push('}');
    there.push('}');
    let inputs = [("here", here), ("there", there)].map(|(name, sdl)| SubgraphInput {
        name: name.into(),
        url: String::new(),
        sdl,
    });
    let (composed, diagnostics) = compose(&inputs);
    let composed = composed.unwrap_or_else(|| panic!("{diagnostics:?}"));
    let supergraph = Supergraph::parse(&composed.supergraph_sdl).unwrap();
    let options = Options {
        document_cache_bytes: 1 << 30,
        plan_cache_bytes: 1 << 30,
        ..Options::default()
    };
    Gateway::new(supergraph, Arc::new(Nowhere), options).unwrap()
}

/// Documents of one kind, each another.
fn document(kind: &str, number: u64) -> String {
    let many = |letter: char| {
        let fields: Vec<String> = (0..60).map(|at| format!("{letter}{at}")).collect();
        fields.join(" ")
    };
    match kind {
        "small" => format!("{{ thing {{ x{number}: a1 }} }}"),
        "wide" => format!("{{ thing {{ x{number}: a1 {} }} }}", many('a')),
        "jumping" => {
            let below = "next { a1 a2 next { a3 next { a4 } } }";
            format!("{{ things {{ x{number}: a1 {below} }} }}")
        }
        "withheld" => format!("{{ thing {{ x{number}: a1 {} }} }}", many('b')),
        "padded" => format!("{{ thing {{ x{number}: a1 }} }} # {}", " ".repeat(4_000)),
        "wrong" => format!("{{ thing {{ no_such_field_{number} }} }}"),
        _ => panic!("{kind}"),
    }
}

fn kept_bytes(gateway: &Gateway<Nowhere>) -> u64 {
    gateway.kept(Kept::Document).bytes + gateway.kept(Kept::Plan).bytes
}

#[test]
fn caches_weigh_what_they_hold() {
    const EACH: u64 = 100;
    let mut wrong = Vec::new();
    for kind in ["small", "wide", "jumping", "withheld", "padded", "wrong"] {
        let gateway = gateway();
        let plan = |number: u64| {
            let request = Request {
                query: document(kind, number),
                ..Request::default()
            };
            let _ = block_on(gateway.plan(&request, &Grants::default()));
        };
        // What is made once, however many documents there are.
        (0..20).for_each(plan);
        let (weighed, held) = (kept_bytes(&gateway), MEMORY.current_usage());
        (20..20 + EACH).for_each(plan);
        let weighed = kept_bytes(&gateway) - weighed;
        let held = u64::try_from(MEMORY.current_usage().saturating_sub(held)).unwrap();
        println!(
            "{kind:10} weighed {:8} held {:8} each",
            weighed / EACH,
            held / EACH
        );
        if weighed * 5 < held * 4 || weighed > held * 5 {
            wrong.push(kind);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
