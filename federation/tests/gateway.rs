//! The gateway's own promises: request errors, no needless fetch, plans shared, futures dropped.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[expect(dead_code, reason = "other tests use the rest")]
mod oracle;
#[path = "oracle/records.rs"]
mod records;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use federation::{
    error::{Origin, SubgraphError},
    execute::{Answer, Kept, Lookup, Task, Transport},
    gateway::{Gateway, Options},
    grants::Grants,
    query_plan::Fetch,
    request::Request,
    response::Response,
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};
use oracle::{Graph, everything, to_json};
use records::Records;
use serde_json::json;

const A: &str = r#"
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.5",
        import: ["@key", "@requiresScopes"])
    type Query { thing(id: ID): Thing  things: [Thing!]  found(by: By): Int }
    input By @oneOf { name: String  plain: Plain }
    input Plain { x: Int }
    type Mutation { first: Int  third: Thing }
    type Thing @key(fields: "id") { id: ID! name: String secret: String @requiresScopes(scopes: [["c"]]) }
"#;
const B: &str = r#"
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])
    type Mutation { second: Int }
    type Thing @key(fields: "id") { id: ID! size: Int }
"#;

fn inputs() -> Vec<SubgraphInput> {
    let input = |name: &str, sdl: &str| SubgraphInput {
        name: name.into(),
        url: String::new(),
        sdl: sdl.into(),
    };
    vec![input("a", A), input("b", B)]
}

fn graph() -> Graph {
    let thing = json!({"id": "1", "name": "n", "secret": "s", "size": 2});
    let data = json!({
        "Query": {"thing": {"$ref": "Thing:1"}, "things": [{"$ref": "Thing:1"}]},
        "Mutation": {"first": 1, "second": 2, "third": {"$ref": "Thing:1"}},
        "Thing:1": thing,
    });
    let data = Arc::new(Records(data.as_object().unwrap().clone()));
    Graph::compose(&inputs(), data).unwrap_or_else(|why| panic!("{why}"))
}

fn ask(graph: &Graph, query: &str) -> Response {
    graph.respond(query, &json!({}), &everything())
}

fn code(response: &Response) -> &'static str {
    match response.errors[0].origin {
        Origin::Request(code) => code,
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn request_errors_have_no_data() {
    let graph = graph();
    for (query, expected) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        (
            "query A { __typename } query B { __typename }",
            "OPERATION_RESOLUTION_FAILURE",
        ),
        (
            "query($id: ID!) { thing(id: $id) { id } }",
            "BAD_USER_INPUT",
        ),
    ] {
        let response = ask(&graph, query);
        assert_eq!((response.data.as_ref(), code(&response)), (None, expected));
    }
    assert!(graph.take_calls().is_empty());
}

#[test]
fn what_the_api_schema_answers_is_not_fetched() {
    let graph = graph();
    let response = ask(
        &graph,
        "{ __typename a: __schema { queryType { name } } __type(name: \"Thing\") { kind } }",
    );
    assert_eq!(
        to_json(&response),
        json!({
            "data": {
                "__typename": "Query",
                "a": {"queryType": {"name": "Query"}},
                "__type": {"kind": "OBJECT"}
            },
            "errors": []
        })
    );
    let one_of =
        "{ __type(name: \"By\") { isOneOf ...T } a: __type(name: \"Plain\") { is: isOneOf }
        b: __type(name: \"Thing\") { isOneOf } }
        fragment T on __Type { isOneOf name inputFields { type { isOneOf } } }";
    assert_eq!(
        to_json(&ask(&graph, one_of))["data"],
        json!({
            "__type": {
                "isOneOf": true,
                "name": "By",
                "inputFields": [{"type": {"isOneOf": null}}, {"type": {"isOneOf": false}}]
            },
            "a": {"is": false},
            "b": {"isOneOf": null}
        })
    );
    let mixed = ask(&graph, "{ __schema { queryType { name } } thing { name } }");
    assert_eq!(to_json(&mixed)["data"]["thing"], json!({"name": "n"}));
    assert_eq!(graph.take_calls().len(), 1);
    let deep = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
    let refused = ask(&graph, deep);
    assert_eq!(code(&refused), "INTROSPECTION_REFUSED");
    let message = &refused.errors[0].message;
    assert!(message.contains("may nest two of the lists"), "{message}");
    assert!(message.contains("`__type(name:)`"), "{message}");
}

#[test]
fn the_whole_schema_may_be_asked_for_once_but_not_many_times() {
    let graph = graph();
    let mut reference = "kind name".to_owned();
    for _ in 0..9 {
        reference = format!("kind name ofType {{ {reference} }}");
    }
    let value = format!("name description type {{ {reference} }} defaultValue isDeprecated");
    let whole = format!(
        "description queryType {{ name }} mutationType {{ name }} subscriptionType {{ name }}
         types {{
           kind name description specifiedByURL
           fields(includeDeprecated: true) {{
             name description isDeprecated deprecationReason
             args(includeDeprecated: true) {{ {value} }} type {{ {reference} }}
           }}
           inputFields(includeDeprecated: true) {{ {value} }}
           interfaces {{ {reference} }} possibleTypes {{ {reference} }}
           enumValues(includeDeprecated: true) {{ name description isDeprecated }}
         }}
         directives {{ name isRepeatable locations args(includeDeprecated: true) {{ {value} }} }}"
    );
    let once = ask(&graph, &format!("{{ __schema {{ {whole} }} }}"));
    assert!(once.errors.is_empty(), "{:?}", once.errors);
    let aliases = |field: &str| {
        let fields = (0..100).map(|at| format!("a{at}: {field}"));
        fields.collect::<Vec<_>>().join(" ")
    };
    let types = "types { fields { name args { name } type { fields { name args { name } } } } }";
    for many in [
        aliases(&format!("__schema {{ {types} }}")),
        format!("__schema {{ {} }}", aliases(types)),
        format!(
            "__schema {{ types {{ fields {{ {} }} }} }}",
            aliases("type { name fields { name args { name } } }")
        ),
    ] {
        let refused = ask(&graph, &format!("{{ {many} }}"));
        assert_eq!(code(&refused), "INTROSPECTION_REFUSED", "{many}");
    }
}

#[test]
fn introspection_with_variables_is_answered_for_each_request() {
    let graph = graph();
    let query = "query($name: String!) { __type(name: $name) { name } }";
    for name in ["Thing", "Query", "Thing"] {
        let response = graph.respond(query, &json!({ "name": name }), &everything());
        assert_eq!(to_json(&response)["data"]["__type"]["name"], name);
    }
}

#[test]
fn a_response_is_written_as_json() {
    let graph = graph();
    let whole = ask(&graph, "{ thing { name } }").to_json();
    assert_eq!(whole, br#"{"data":{"thing":{"name":"n"}}}"#);
    let refused = ask(&graph, "{ nope }").to_json();
    let refused: serde_json::Value = serde_json::from_slice(&refused).unwrap();
    assert_eq!(
        refused,
        json!({"errors": [{
            "message": "Cannot query field \"nope\" on type \"Query\".",
            "locations": [{"line": 1, "column": 3}],
            "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}
        }]})
    );
}

#[test]
fn mutations_run_in_series() {
    let graph = graph();
    let response = ask(
        &graph,
        "mutation { first second third { size name } again: first }",
    );
    assert_eq!(
        to_json(&response)["data"],
        json!({"first": 1, "second": 2, "third": {"size": 2, "name": "n"}, "again": 1})
    );
    let calls: Vec<String> = graph
        .take_calls()
        .into_iter()
        .map(|call| call.subgraph)
        .collect();
    assert_eq!(
        calls,
        ["a", "b", "a", "b"],
        "neighbours of one subgraph share a document"
    );
    let request = Request {
        query: "mutation { first }".into(),
        ..Request::default()
    };
    let answered = block_on(graph.gateway.respond(&request, &everything(), &()));
    assert_eq!(
        (answered.data.as_ref(), code(&answered)),
        (None, "MUTATION_BY_GET")
    );
    assert!(graph.take_calls().is_empty());
}

#[test]
fn a_withheld_field_is_not_fetched_and_plans_are_shared_where_the_same_is_left() {
    let graph = graph();
    let query = "{ things { name secret size } }";
    let nobody = Grants::default();
    let cleared = Grants {
        scopes: ["c".to_owned(), "other".to_owned()].into(),
        ..Grants::default()
    };
    let response = graph.respond(query, &json!({}), &nobody);
    let data = json!({"things": [{"name": "n", "secret": null, "size": 2}]});
    assert_eq!(to_json(&response), json!({"data": data, "errors": []}));
    assert_eq!(response.withheld.len(), 1);
    assert_eq!(response.withheld[0].path, ["things", "secret"]);
    let calls = graph.take_calls();
    assert!(
        calls.iter().all(|call| !call.document.contains("secret")),
        "{calls:?}"
    );
    let whole = graph.respond(query, &json!({}), &cleared);
    assert_eq!(to_json(&whole)["data"]["things"][0]["secret"], "s");
    let plan = |grants: &Grants| {
        let request = Request {
            query: query.into(),
            ..Request::default()
        };
        block_on(graph.gateway.plan(&request, grants)).unwrap().0
    };
    let other = Grants {
        authenticated: true,
        scopes: ["other".to_owned()].into(),
        ..Grants::default()
    };
    assert!(Arc::ptr_eq(&plan(&nobody), &plan(&other)));
    assert!(!Arc::ptr_eq(&plan(&nobody), &plan(&cleared)));
}

#[test]
fn booleans_are_part_of_what_a_plan_is_kept_under() {
    let graph = graph();
    let query = "query($with: Boolean!) { thing { name size @include(if: $with) } }";
    for with in [true, false, true] {
        let response = graph.respond(query, &json!({ "with": with }), &everything());
        let data = to_json(&response)["data"]["thing"].clone();
        assert_eq!(data.get("size").is_some(), with);
        assert_eq!(graph.take_calls().len(), 1 + usize::from(with));
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(future)
}

/// Answers never, and counts who waits.
#[derive(Default)]
struct Silent {
    waiting: AtomicUsize,
}

struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Transport for Silent {
    type Caller = ();
    type Receipt = ();

    async fn fetch<'a>(
        &'a self,
        _: &'a Fetch,
        _: Bytes,
        (): &'a (),
    ) -> Result<(Answer, ()), SubgraphError> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let _waiting = Waiting(&self.waiting);
        std::future::pending().await
    }
}

fn silent() -> Gateway<Silent> {
    let (composed, _) = federation::compose::compose(&inputs());
    let supergraph = Supergraph::parse(&composed.unwrap().supergraph_sdl).unwrap();
    Gateway::new(supergraph, Arc::default(), Options::default()).unwrap()
}

#[test]
fn dropping_the_future_stops_every_fetch() {
    let gateway = silent();
    let request = Request {
        query: "{ thing { name } }".into(),
        ..Request::default()
    };
    block_on(async {
        let grants = everything();
        let respond = gateway.respond(&request, &grants, &());
        let short = std::time::Duration::from_millis(5);
        assert!(tokio::time::timeout(short, respond).await.is_err());
    });
    assert_eq!(gateway.transport().waiting.load(Ordering::SeqCst), 0);
    let warm = block_on(gateway.warm(&request, &everything()));
    assert!(warm, "what was prepared before the drop is whole");
}

#[test]
fn a_gateway_is_shared_by_threads() {
    fn assert_shared<T: Send + Sync + 'static>() {}
    fn assert_send<T: Send>(_: &T) {}
    assert_shared::<Gateway<Silent>>();
    let gateway = silent();
    let (request, grants) = (Request::default(), Grants::default());
    assert_send(&gateway.respond(&request, &grants, &()));
}

/// Does what takes long on a thread of its own, and tells how often.
#[derive(Debug, Default)]
struct Elsewhere {
    runs: AtomicUsize,
    tasks: Mutex<Vec<Task>>,
    lookups: Mutex<Vec<(Kept, Lookup)>>,
}

impl Transport for Elsewhere {
    type Caller = ();
    type Receipt = ();

    async fn fetch<'a>(
        &'a self,
        _: &'a Fetch,
        _: Bytes,
        (): &'a (),
    ) -> Result<(Answer, ()), SubgraphError> {
        std::future::pending().await
    }

    async fn run_blocking<R: Send + 'static>(
        &self,
        task: Task,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> Option<R> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        self.tasks.lock().unwrap().push(task);
        tokio::task::spawn_blocking(work).await.ok()
    }

    fn looked_up(&self, kept: Kept, lookup: Lookup) {
        self.lookups.lock().unwrap().push((kept, lookup));
    }
}

fn elsewhere(options: Options) -> Gateway<Elsewhere> {
    let (composed, _) = federation::compose::compose(&inputs());
    let supergraph = Supergraph::parse(&composed.unwrap().supergraph_sdl).unwrap();
    Gateway::new(supergraph, Arc::default(), options).unwrap()
}

fn asking(query: &str, variables: serde_json::Value) -> Request {
    Request {
        query: query.into(),
        variables: serde_json::from_value(variables).unwrap(),
        ..Request::default()
    }
}

#[test]
fn a_document_is_parsed_and_planned_once_by_the_host() {
    let gateway = elsewhere(Options::default());
    let request = asking("{ thing { name size } }", json!({}));
    for _ in 0..3 {
        assert!(block_on(gateway.warm(&request, &everything())));
    }
    assert_eq!(gateway.transport().runs.load(Ordering::SeqCst), 2);
}

#[test]
fn the_host_is_told_of_look_ups_and_of_what_it_does() {
    let gateway = elsewhere(Options::default());
    let request = asking("{ thing { name size } }", json!({}));
    assert_eq!(gateway.kept(Kept::Plan).entries, 0);
    let grants = everything();
    let both = async {
        let (one, other) = tokio::join!(
            gateway.warm(&request, &grants),
            gateway.warm(&request, &grants)
        );
        assert!(one && other);
    };
    block_on(both);
    let mut lookups = std::mem::take(&mut *gateway.transport().lookups.lock().unwrap());
    lookups.retain(|(kept, _)| *kept == Kept::Document);
    let (miss, shared) = (Lookup::Miss, Lookup::Shared);
    assert_eq!(lookups, [miss, shared].map(|each| (Kept::Document, each)));
    assert!(block_on(gateway.warm(&request, &grants)));
    let lookups = std::mem::take(&mut *gateway.transport().lookups.lock().unwrap());
    let hits = [Kept::Document, Kept::Plan].map(|kept| (kept, Lookup::Hit));
    assert_eq!(lookups, hits);
    let tasks = gateway.transport().tasks.lock().unwrap();
    assert_eq!(*tasks, [Task::Parse, Task::Plan]);
    for kept in [Kept::Document, Kept::Plan] {
        let size = gateway.kept(kept);
        assert_eq!(size.entries, 1);
        assert!(size.bytes > 0);
    }
}

#[test]
fn a_refusal_is_kept_like_a_plan() {
    let options = Options {
        planning_work: 10,
        ..Options::default()
    };
    let gateway = elsewhere(options);
    let request = asking("{ thing { name size } }", json!({}));
    for _ in 0..3 {
        let errors = block_on(gateway.plan(&request, &everything())).unwrap_err();
        assert_eq!(
            errors[0].origin,
            Origin::Request("QUERY_PLAN_COMPLEXITY_EXCEEDED")
        );
        assert!(
            errors[0].message.contains("the 10 steps"),
            "{}",
            errors[0].message
        );
    }
    assert_eq!(gateway.transport().runs.load(Ordering::SeqCst), 2);
}

#[test]
fn plans_are_made_for_coerced_variables() {
    let gateway = elsewhere(Options::default());
    let query = "query($all: Boolean! = true, $id: ID!) {
        thing(id: $id) { name size @include(if: $all) }
    }";
    let fetches = |variables| {
        let planned = block_on(gateway.plan(&asking(query, variables), &everything()));
        planned.unwrap().0.fetches.len()
    };
    // The default counts where no value is given, as it does for a request.
    assert_eq!(fetches(json!({})), 2);
    assert_eq!(fetches(json!({"all": true})), 2);
    assert_eq!(fetches(json!({"all": false})), 1);
    let wrong = asking(query, json!({"all": "yes"}));
    let errors = block_on(gateway.plan(&wrong, &everything())).unwrap_err();
    assert_eq!(errors[0].origin, Origin::Request("BAD_USER_INPUT"));
    let operation = block_on(gateway.parse(&asking(query, json!({})))).unwrap();
    assert_eq!(
        operation
            .decisive_variables()
            .map(apollo_compiler::Name::as_str)
            .collect::<Vec<_>>(),
        ["all"]
    );
}

#[test]
fn a_plan_outlives_its_document() {
    let options = Options {
        // Room for no document.
        document_cache_bytes: 0,
        ..Options::default()
    };
    let gateway = elsewhere(options);
    let request = asking("{ thing { name size } }", json!({}));
    for _ in 0..3 {
        assert!(block_on(gateway.warm(&request, &everything())));
    }
    // Parsed each time, planned once.
    assert_eq!(gateway.transport().runs.load(Ordering::SeqCst), 4);
}
