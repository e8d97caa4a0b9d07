//! What an answer costs: as many fetches and statements for fifty situations as for one.

use serde_json::{Value, json};
use upfront::database::Database;

use crate::{
    joint::example::{example, on_example, review, serve},
    support::app::TestApp,
};

/// The profile of so many situations, with the fields of the example query.
fn profiles(first: u32) -> Value {
    let mut body = example("situation-profile");
    let query = body["query"].as_str().unwrap();
    let start = query.find("situation(id: $id) {").unwrap();
    let operation_end = query[..query.find("\nfragment").unwrap()]
        .rfind('}')
        .unwrap();
    let one = &query[start..operation_end];
    let many = one.replacen(
        "situation(id: $id) {",
        "situations(first: $first) { nodes {",
        1,
    );
    let query = format!(
        "{}{many} }} }}{}",
        &query[..start],
        &query[operation_end + 1..]
    );
    body["query"] = query.replacen("$id: ID!", "$first: Int!", 1).into();
    body["variables"]["first"] = first.into();
    body
}

/// Fetches and statements of one answer.
async fn cost(app: &TestApp, database: &Database, first: u32) -> (u64, u64) {
    let before = database.statements_run();
    let answer = review(app, &profiles(first)).await;
    let statements = database.statements_run() - before;
    assert!(answer.get("errors").is_none(), "{:#}", answer["errors"]);
    let nodes = answer["data"]["situations"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), first as usize);
    let whole =
        |node: &Value| node["svc"]["crsv"].is_array() && node["ohchr"]["casualties"].is_array();
    assert!(nodes.iter().all(whole));
    let sources = answer["extensions"]["upfront"]["sources"]
        .as_array()
        .unwrap();
    let fetches = sources
        .iter()
        .map(|source| source["fetches"].as_u64().unwrap());
    (fetches.sum(), statements)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_situations_cost_as_much_as_one() {
    on_example(|database| async move {
        let app = serve(&database, &[]).await;
        let one = cost(&app, &database, 1).await;
        let fifty = cost(&app, &database, 50).await;
        assert_eq!(one.0, 5, "one root fetch, then the four mandates");
        assert_eq!(one, fifty);
        println!("{} fetches and {} statements", one.0, one.1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_mandates_are_asked_side_by_side() {
    let graph = upfront::gateway::compose_joint(&upfront::embedded::sources()).unwrap();
    let limits = upfront::config::Config::default().limits;
    let graph = upfront::gateway::Graph::without_sources(&graph, &limits).unwrap();
    let request = upfront::gateway::Request {
        query: example("situation-profile")["query"]
            .as_str()
            .unwrap()
            .to_owned(),
        ..Default::default()
    };
    let (plan, withheld) = graph.plan(&request, None).await.unwrap();
    assert_eq!(json!(withheld), json!([]));
    assert_eq!(
        (plan.cost.rounds, plan.cost.fetches, plan.cost.requests),
        (2, 5, 5)
    );
}
