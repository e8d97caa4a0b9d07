//! A gateway over one subgraph whose answers the test writes.

use std::sync::atomic::{AtomicUsize, Ordering};

use upfront::{
    config::Config,
    gateway::{client_builder, plain_graph},
};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::method};

use crate::support::app::TestApp;

pub(crate) const QUERY: &str = "{ area { name } }";

/// A supergraph with the fields of one subgraph.
pub(crate) fn supergraph(url: &str, fields: &str) -> String {
    format!(
        r#"
schema @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) {{ query: Query mutation: Mutation }}
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar join__FieldSet
scalar link__Import
enum link__Purpose {{ SECURITY EXECUTION }}
enum join__Graph {{ AREAS @join__graph(name: "areas", url: "{url}") }}
scalar Json @join__type(graph: AREAS)
type Query @join__type(graph: AREAS) {{ area(where: Json, like: Json): Area }}
type Mutation @join__type(graph: AREAS) {{ forget: Boolean }}
type Area @join__type(graph: AREAS) {{ {fields} }}
"#
    )
}

/// Starts a gateway over a subgraph whose areas have fields of several types.
pub(crate) async fn start_typed(subgraph: &MockServer) -> TestApp {
    let url = format!("{}/graphql", subgraph.uri());
    let sdl = supergraph(&url, "id: ID! count: Int kind: Kind")
        + "directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE\n\
           enum Kind @join__type(graph: AREAS) { LAND @join__enumValue(graph: AREAS) }";
    let mut config = Config::default();
    config.source_defaults.retries = 0;
    let client = client_builder().build().unwrap();
    let graph = plain_graph(&sdl, &config, &client, None).unwrap();
    TestApp::start(config, graph, None).await
}

/// Starts a gateway over a subgraph.
pub(crate) async fn start(subgraph: &MockServer, change: impl FnOnce(&mut Config)) -> TestApp {
    let mut config = Config::default();
    config.source_defaults.timeout_ms = 2_000;
    config.source_defaults.retries = 0;
    change(&mut config);
    let client = client_builder().build().unwrap();
    let sdl = supergraph(
        &format!("{}/graphql", subgraph.uri()),
        "name(id: ID): String",
    );
    let graph = plain_graph(&sdl, &config, &client, None).unwrap();
    TestApp::start(config, graph, None).await
}

/// A subgraph that answers in one way.
pub(crate) async fn subgraph(respond: impl Respond + 'static) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(respond)
        .mount(&server)
        .await;
    server
}

/// Answers one after the other; the last stays.
pub(crate) fn sequence(answers: impl IntoIterator<Item = ResponseTemplate>) -> impl Respond {
    let answers: Vec<_> = answers.into_iter().collect();
    let asked = AtomicUsize::new(0);
    move |_: &Request| {
        let at = asked.fetch_add(1, Ordering::SeqCst);
        answers[at.min(answers.len() - 1)].clone()
    }
}

/// A good answer.
pub(crate) fn good() -> ResponseTemplate {
    json("{\"data\":{\"area\":{\"name\":\"North\"}}}")
}

pub(crate) fn json(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.as_bytes().to_vec(), "application/json")
}

/// What the subgraph was asked.
pub(crate) async fn received(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}
