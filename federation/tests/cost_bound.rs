//! What a gateway does about costs: nothing where nobody asks, and nothing is planned or fetched for an
//! operation that costs too much.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use federation::{
    compose::compose,
    cost::CostOptions,
    error::{Origin, SubgraphError},
    execute::{Answer, Kept, Task, Transport},
    gateway::{Gateway, Options},
    grants::Grants,
    query_plan::Fetch,
    request::Request,
    response::Response,
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};
use futures::executor::block_on;
use serde_json::json;

const SDL: &str = r#"
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
        import: ["@cost", "@listSize", "@requiresScopes"])
    type Query {
        things(first: Int): [Thing] @listSize(slicingArguments: ["first"])
        secret: Thing @cost(weight: 50) @requiresScopes(scopes: [["s"]])
    }
    type Thing { name: String }
"#;

/// Answers with no data and counts.
#[derive(Debug, Default)]
struct Counting {
    fetches: AtomicUsize,
    tasks: Mutex<Vec<Task>>,
}

impl Transport for Counting {
    type Caller = ();
    type Receipt = ();

    async fn fetch<'a>(
        &'a self,
        _: &'a Fetch,
        _: Bytes,
        (): &'a (),
    ) -> Result<(Answer, ()), SubgraphError> {
        self.fetches.fetch_add(1, Ordering::SeqCst);
        let answer = br#"{"data": {"things": [], "secret": null}}"#;
        Ok((Answer::Json(Bytes::from_static(answer)), ()))
    }

    async fn run_blocking<R: Send + 'static>(
        &self,
        task: Task,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> Option<R> {
        self.tasks.lock().unwrap().push(task);
        Some(work())
    }
}

fn gateway(cost: CostOptions) -> Gateway<Counting> {
    let (composed, diagnostics) = compose(&[SubgraphInput {
        name: "a".into(),
        url: String::new(),
        sdl: SDL.into(),
    }]);
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    let supergraph = Supergraph::parse(&composed.unwrap().supergraph_sdl).unwrap();
    let options = Options {
        cost,
        ..Options::default()
    };
    Gateway::new(supergraph, Arc::default(), options).unwrap()
}

fn bounded(max: u64) -> CostOptions {
    CostOptions {
        max: Some(max),
        ..CostOptions::default()
    }
}

fn things(first: i32) -> Request {
    Request {
        query: "query($n: Int) { things(first: $n) { name } }".into(),
        variables: serde_json::from_value(json!({ "n": first })).unwrap(),
        ..Request::default()
    }
}

fn ask(gateway: &Gateway<Counting>, request: &Request) -> Response {
    block_on(gateway.respond(request, &Grants::default(), &()))
}

fn fetches(gateway: &Gateway<Counting>) -> usize {
    gateway.transport().fetches.load(Ordering::SeqCst)
}

fn tasks(gateway: &Gateway<Counting>) -> Vec<Task> {
    std::mem::take(&mut *gateway.transport().tasks.lock().unwrap())
}

#[test]
fn what_costs_too_much_is_neither_planned_nor_fetched() {
    let gateway = gateway(bounded(5));
    let refused = ask(&gateway, &things(6));
    assert_eq!(refused.data, None);
    assert_eq!(refused.cost.as_ref().unwrap().cost, 6);
    assert_eq!(refused.errors.len(), 1);
    let error = refused.errors[0].to_value();
    assert_eq!(
        error,
        json!({
            "message": "The operation is estimated to cost 6; at most 5 is allowed. Ask for less in \
                        one operation, or for shorter lists.",
            "extensions": {
                "code": "COST_ESTIMATED_TOO_EXPENSIVE",
                "cost.estimated": 6,
                "cost.max": 5
            }
        })
    );
    assert_eq!(fetches(&gateway), 0);
    assert_eq!(gateway.kept(Kept::Plan).entries, 0);
    // What counts is made once; the bound holds for each request by its own values.
    assert_eq!(tasks(&gateway), [Task::Parse, Task::Plan]);
    let served = ask(&gateway, &things(5));
    assert!(served.errors.is_empty(), "{:?}", served.errors);
    assert_eq!(served.cost.unwrap().cost, 5);
    assert_eq!(fetches(&gateway), 1);
    assert_eq!(tasks(&gateway), [Task::Plan]);
    assert!(ask(&gateway, &things(7)).data.is_none());
    assert!(ask(&gateway, &things(4)).data.is_some());
    assert!(tasks(&gateway).is_empty());
}

#[test]
fn nothing_is_counted_where_nobody_asks() {
    let gateway = gateway(CostOptions::default());
    let served = ask(&gateway, &things(1_000_000));
    assert!(served.errors.is_empty(), "{:?}", served.errors);
    assert_eq!(served.cost, None);
    assert_eq!(tasks(&gateway), [Task::Parse, Task::Plan]);
    let asked = Request {
        wants_cost: true,
        ..things(1_000_000)
    };
    assert_eq!(ask(&gateway, &asked).cost.unwrap().cost, 1_000_000);
    assert_eq!(tasks(&gateway), [Task::Plan]);
    let estimate = block_on(gateway.estimate(&things(3))).unwrap();
    assert_eq!(estimate.cost, 3);
    assert_eq!(fetches(&gateway), 2);
}

#[test]
fn lists_that_require_a_slicing_argument_get_one() {
    let request = Request {
        query: "{ things { name } }".into(),
        ..Request::default()
    };
    let bounded_gateway = gateway(bounded(5));
    let refused = ask(&bounded_gateway, &request);
    let codes: Vec<_> = refused.errors.iter().map(|error| &error.origin).collect();
    assert_eq!(
        codes,
        [
            &Origin::Request("COST_QUERY_PARSE_FAILURE"),
            &Origin::Request("COST_ESTIMATED_TOO_EXPENSIVE")
        ]
    );
    assert_eq!(
        refused.errors[0].message,
        "`Query.things` needs a value for exactly one of `first`; 0 have one. Say by one of them how \
         long the list may be."
    );
    assert_eq!(fetches(&bounded_gateway), 0);
    // Measured only, and without a bound: it runs, and the estimate says so.
    let measured = CostOptions {
        enforce: false,
        ..bounded(5)
    };
    for options in [measured, CostOptions::default()] {
        let gateway = gateway(options);
        let request = Request {
            wants_cost: true,
            ..request.clone()
        };
        let served = ask(&gateway, &request);
        assert!(served.errors.is_empty(), "{:?}", served.errors);
        let estimate = served.cost.unwrap();
        assert_eq!(estimate.cost, 10);
        assert_eq!(estimate.unsliced.len(), 1);
        assert_eq!(fetches(&gateway), 1);
    }
}

#[test]
fn what_is_withheld_counts_as_what_was_asked_for() {
    let request = Request {
        query: "{ secret { name } }".into(),
        wants_cost: true,
        ..Request::default()
    };
    let open = gateway(bounded(51));
    let response = ask(&open, &request);
    assert_eq!(response.withheld.len(), 1);
    assert_eq!(response.cost.unwrap().cost, 51);
    let response = ask(&gateway(bounded(50)), &request);
    assert_eq!(
        response.errors[0].origin,
        Origin::Request("COST_ESTIMATED_TOO_EXPENSIVE")
    );
}

#[test]
fn to_count_takes_no_more_steps_than_planning_may() {
    let measured = CostOptions {
        enforce: false,
        ..bounded(5)
    };
    for cost in [measured, CostOptions::default()] {
        let gateway = of_few_steps(cost);
        let request = Request {
            wants_cost: true,
            ..things(1)
        };
        let refused = ask(&gateway, &request);
        assert_eq!(refused.errors.len(), 1, "planning alone refuses it");
        assert_eq!(refused.cost, None);
        // To count and to plan were both begun.
        assert_eq!(tasks(&gateway), [Task::Parse, Task::Plan, Task::Plan]);
    }
    let gateway = of_few_steps(bounded(5));
    for _ in 0..2 {
        let refused = ask(&gateway, &things(1));
        assert_eq!(
            refused.errors[0].origin,
            Origin::Request("QUERY_PLAN_COMPLEXITY_EXCEEDED")
        );
    }
    // A refusal is kept like a plan.
    assert_eq!(tasks(&gateway), [Task::Parse, Task::Plan]);
}

fn of_few_steps(cost: CostOptions) -> Gateway<Counting> {
    let (composed, _) = compose(&[SubgraphInput {
        name: "a".into(),
        url: String::new(),
        sdl: SDL.into(),
    }]);
    let supergraph = Supergraph::parse(&composed.unwrap().supergraph_sdl).unwrap();
    let options = Options {
        cost,
        planning_work: 1,
        ..Options::default()
    };
    Gateway::new(supergraph, Arc::default(), options).unwrap()
}
