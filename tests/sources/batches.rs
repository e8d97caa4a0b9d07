//! What questions cost: the same number of statements for one situation as for all.

use crate::sources::asking::{Caller, World, on_example};
use serde_json::json;

const BLOCKS: [(&str, &str); 4] = [
    (
        "ohchr",
        "ohchr { entity coverage caveats asOf inputStatus headline reportingGap { kind }
          presences { id area { id } } communications(first: 3) { totalCount nodes { id } }
          recommendations(first: 3) { totalCount nodes { id } } signals(first: 2) { nodes { id } }
          casualties(periods: { from: \"2025-11\", to: \"2026-10\" }) { killed { value } }
          publishedCasualties(periods: { from: \"2024\", to: \"2025\" }) { killed { value } } }",
    ),
    (
        "osapg",
        "osapg { headline riskAssessment { period { code } findings {
          indicator { code factor { number } } presence } } }",
    ),
    (
        "srsg_caac",
        "caac { headline listings { id party { id } } violations(
          periods: { from: \"2025-Q1\", to: \"2026-Q3\" }, by: [VIOLATION, PARTY]) {
          party { id } verified { total { value } } } }",
    ),
    (
        "srsg_svc",
        "svc { headline setting listings { id party { id } commitments { kind } }
          crsv(periods: { from: \"2025-11\", to: \"2026-10\" }) { verified { total { value } } }
          crsvByAdmin1(periods: { from: \"2026-Q1\", to: \"2026-Q4\" }) { area { id } } }",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_situations_cost_as_many_statements_as_one() {
    on_example(|world| async move {
        let one = World::situation("arvenia-armed-conflict");
        let all = world.all_situations().await;
        let all: Vec<_> = all.iter().map(String::as_str).collect();
        assert_eq!(all.len(), 60);
        for (source, block) in BLOCKS {
            let (_, few) = world
                .statements(world.blocks(source, Caller::Strict, block, &[&one]))
                .await;
            let (blocks, many) = world
                .statements(world.blocks(source, Caller::Strict, block, &all))
                .await;
            assert!(blocks.iter().all(|block| !block.is_null()));
            assert_eq!(few, many, "{source}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_situations_costs_as_many_statements_as_one_of_them() {
    on_example(|world| async move {
        let query = "query ($first: Int) { situations(first: $first) { totalCount nodes {
            id title areas { id name parent { name } } status concernLevel trend
            inputs { entity status } openActions { id carriedOver isOverdue firstCycle { id } }
            reviewItems(first: 2) { totalCount nodes { id cycle { id period { code } }
              decisions { kind actions { id } } actions { id } carriedFrom { id } } } } } }";
        let cost = async |first: u32| {
            let asking = world.data("reviews", Caller::Strict, query, json!({ "first": first }));
            world.statements(asking).await.1
        };
        let few = cost(1).await;
        assert_eq!(few, cost(60).await);
        assert!(few <= 20, "{few} statements");
    })
    .await;
}
