//! Operations that take long to plan, while others are served: all on one thread, so that planning on
//! it would keep everybody waiting.

use std::{fmt::Write as _, time::Duration};

use federation::{compose::compose, subgraph::SubgraphInput};
use tokio::{task::JoinHandle, time::timeout};
use upfront::{
    config::Config,
    gateway::{Caller, Graph, PlanInputs, Request, WarmUp, client_builder, plain_graph},
};

use crate::support::app::{Answer, TestApp, send};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);
const NODES: &str = r#"
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
    type Query { tree: Nod }
    interface Nod { id: ID! ch: [Nod] }
    type Nod0 implements Nod @key(fields: "id") { id: ID! ch: [Nod] }
    type Nod1 implements Nod @key(fields: "id") { id: ID! ch: [Nod] }
"#;
const OWN: &str = r#"
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
    type Nod0 @key(fields: "id") { id: ID! o0: Int }
    type Nod1 @key(fields: "id") { id: ID! o1: Int }
"#;

/// Each level asked of one type and of all: it multiplies with each.
fn hostile(depth: usize, name: &str) -> String {
    let mut query =
        format!("query {name} {{ tree {{ ...F{depth} }} }} fragment F0 on Nod {{ id }}");
    for level in 0..depth {
        let next = level + 1;
        let _ = write!(
            query,
            " fragment F{next} on Nod {{ ch {{ ...on Nod0 {{ o0 ...F{level} }} ...F{level} }} }}"
        );
    }
    query
}

async fn start(change: impl FnOnce(&mut Config)) -> TestApp {
    let mut config = Config::default();
    change(&mut config);
    let graph = graph(&config);
    TestApp::start(config, graph, None).await
}

fn graph(config: &Config) -> Graph {
    let inputs = [("nodes", NODES), ("own", OWN)].map(|(name, sdl)| SubgraphInput {
        name: name.to_owned(),
        url: "http://127.0.0.1:9/graphql".to_owned(),
        sdl: sdl.to_owned(),
    });
    let (composed, _) = compose(&inputs);
    let client = client_builder().build().unwrap();
    plain_graph(&composed.unwrap().supergraph_sdl, config, &client, None).unwrap()
}

/// A service that nothing but the deadline keeps from planning, and three operations that are planned
/// on and on.
async fn plan_on_and_on(request_ms: u64) -> (TestApp, Vec<JoinHandle<Answer>>) {
    let app = start(|config| {
        config.limits.request_ms = request_ms;
        config.source_defaults.retries = 0;
        config.limits.planning_work = u64::MAX;
    })
    .await;
    let hostile = (0..3)
        .map(|at| tokio::spawn(send(app.query(&hostile(10, &format!("Q{at}"))))))
        .collect();
    (app, hostile)
}

#[tokio::test]
async fn others_are_served_while_operations_are_planned() {
    let (app, hostile) = plan_on_and_on(600_000).await;
    for _ in 0..5 {
        let live = timeout(PATIENCE, send(app.get("/health/live"))).await;
        assert_eq!(live.expect("planning keeps it waiting").status, 200);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(hostile.iter().all(|asked| !asked.is_finished()));
    for asked in hostile {
        asked.abort();
    }
}

#[tokio::test]
async fn deadlines_hold_while_operations_are_planned() {
    let (app, hostile) = plan_on_and_on(60).await;
    for asked in hostile {
        let answer = timeout(PATIENCE, asked).await;
        let answer = answer.expect("its deadline does not hold").unwrap();
        assert_eq!(answer.code(), "REQUEST_TIMEOUT", "{}", answer.text);
    }
    // Whom nobody waits for gives up the place, so that others are planned.
    let planned = async {
        loop {
            let answer = send(app.query("{ tree { id } }")).await;
            if answer.code() != "REQUEST_TIMEOUT" {
                return answer;
            }
        }
    };
    let answer = timeout(PATIENCE, planned).await;
    let answer = answer.expect("what nobody waits for keeps the place");
    assert_eq!(answer.code(), "SOURCE_UNAVAILABLE", "{}", answer.text);
}

#[tokio::test]
async fn of_the_variables_only_those_are_remembered_that_a_plan_depends_on() {
    let graph = graph(&Config::default());
    let (warm_up, caller) = (WarmUp::default(), Caller::default());
    let query = "query($deep: Boolean!) { __typename @include(if: $deep) }";
    for number in 0..20 {
        let undeclared = (0..1_000).map(|at| (format!("v{number}x{at}"), true));
        let mut variables: serde_json::Map<_, _> =
            undeclared.map(|(name, is)| (name, is.into())).collect();
        variables.insert("deep".to_owned(), true.into());
        let request = Request {
            query: query.to_owned(),
            variables: serde_json::from_value(variables.into()).unwrap(),
            ..Request::default()
        };
        let (response, operation) = graph.answer(&request, &caller).await;
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        let inputs = PlanInputs::new(&operation.unwrap(), &request, &caller);
        warm_up.count(inputs);
    }
    let (operations, bytes) = warm_up.kept();
    assert_eq!(operations, 1);
    assert!(bytes < 2_000, "{bytes}");
    // What is asked for most is planned as it was asked: with the value that is remembered.
    assert_eq!(warm_up.warm(&graph).await, 1);
}

#[tokio::test]
async fn an_operation_that_takes_too_many_steps_is_refused() {
    let app = start(|config| config.limits.planning_work = 20_000).await;
    for _ in 0..2 {
        let answer = send(app.query(&hostile(8, "Q"))).await;
        assert_eq!(
            answer.code(),
            "QUERY_PLAN_COMPLEXITY_EXCEEDED",
            "{}",
            answer.text
        );
        assert!(answer.text.contains("20000 steps"), "{}", answer.text);
    }
    let answer = send(app.query("{ tree { id ...on Nod0 { o0 } } }")).await;
    assert_eq!(answer.code(), "SOURCE_UNAVAILABLE", "{}", answer.text);
}
