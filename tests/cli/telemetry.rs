//! Traces: taken from clients, handed to sources, exported to a collector.

use std::{fmt::Write, net::TcpListener, thread};

use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    trace::v1::{Span, span::SpanKind},
};
use prost::Message;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path},
};

use crate::{
    cli::{serve::Service, upfront},
    support::scratch::Scratch,
};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";
const SDL: &str = "type Query { book: Book } type Book { title: String }";
const QUERY: &str = "query Title { book { title } }";

/// A source, a collector and the settings of a gateway between them.
struct Scene {
    scratch: Scratch,
    books: MockServer,
    collector: MockServer,
}

impl Scene {
    async fn new() -> Self {
        let scratch = Scratch::new();
        let (books, collector) = (MockServer::start().await, MockServer::start().await);
        let answer = json!({"data": {"book": {"title": "North"}}});
        Mock::given(method("POST"))
            .respond_with(ResponseTemplate::new(200).set_body_json(answer))
            .mount(&books)
            .await;
        Mock::given(method("POST"))
            .and(path("/otlp/v1/traces"))
            .and(header("content-type", "application/x-protobuf"))
            .and(header("x-tenant", "review"))
            .respond_with(ResponseTemplate::new(200))
            .mount(&collector)
            .await;
        scratch.write("books.graphql", SDL);
        let url = books.uri();
        let list = format!(
            "subgraphs: {{books: {{routing_url: '{url}', schema: {{file: books.graphql}}}}}}"
        );
        scratch.write("supergraph.yaml", &list);
        Self {
            scratch,
            books,
            collector,
        }
    }

    /// Starts the gateway with an endpoint and further settings of `telemetry`.
    fn start(&self, endpoint: Option<&str>, more: &str) -> Service {
        let mut settings = "[source_defaults]\nprobe_ms = 0\n[telemetry]\n".to_owned();
        if let Some(endpoint) = endpoint {
            writeln!(settings, "endpoint = '{endpoint}'").unwrap();
        }
        writeln!(settings, "headers = {{ x-tenant = 'review' }}\n{more}").unwrap();
        self.scratch.write("upfront.toml", &settings);
        let arguments = ["--config", "supergraph.yaml"];
        Service::start(self.scratch.path(), &arguments, "Upfront listens")
    }

    fn endpoint(&self) -> String {
        format!("{}/otlp", self.collector.uri())
    }

    /// What the source was told of the trace: `traceparent` and `tracestate` of each request.
    async fn handed_on(&self) -> Vec<(Option<String>, Option<String>)> {
        let requests = self.books.received_requests().await.unwrap();
        let told = requests.iter().map(|request| {
            let find = |name| Some(request.headers.get(name)?.to_str().unwrap().to_owned());
            (find("traceparent"), find("tracestate"))
        });
        told.collect()
    }

    /// The spans that were exported, and the services that they are of.
    async fn exported(&self) -> (Vec<Span>, Vec<String>) {
        let requests = self.collector.received_requests().await.unwrap();
        let (mut spans, mut services) = (Vec::new(), Vec::new());
        for request in requests {
            let export = ExportTraceServiceRequest::decode(request.body.as_slice()).unwrap();
            for of_resource in export.resource_spans {
                let resource = of_resource.resource.unwrap();
                let name = |key: &str| key == "service.name";
                let found = resource.attributes.into_iter().find(|one| name(&one.key));
                services.push(format!("{:?}", found.unwrap().value));
                let scopes = of_resource.scope_spans.into_iter();
                spans.extend(scopes.flat_map(|scope| scope.spans));
            }
        }
        (spans, services)
    }
}

async fn ask(service: &Service, trace: &[(&str, &str)]) -> Value {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = client.post(service.url()).json(&json!({ "query": QUERY }));
    for (name, value) in trace {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap().json().await.unwrap()
}

fn whole() -> Value {
    json!({"data": {"book": {"title": "North"}}})
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn find<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let found = spans.iter().find(|span| span.name == name);
    found.unwrap_or_else(|| panic!("no {name}: {spans:#?}"))
}

#[tokio::test]
async fn a_trace_goes_from_the_client_through_the_gateway_to_the_source() {
    let scene = Scene::new().await;
    let service = scene.start(Some(&scene.endpoint()), "service_name = 'review-gateway'");
    let parent = format!("00-{TRACE}-{PARENT}-01");
    let trace = [("traceparent", parent.as_str()), ("tracestate", "a=b")];
    assert_eq!(ask(&service, &trace).await, whole());
    let (code, log) = service.stop();
    assert_eq!(code, Some(0), "{log}");

    let (spans, services) = scene.exported().await;
    assert!(!services.is_empty());
    for service in services {
        assert!(service.contains("review-gateway"), "{service}");
    }
    let request = find(&spans, "POST /graphql");
    assert_eq!(hex(&request.trace_id), TRACE);
    assert_eq!(hex(&request.parent_span_id), PARENT);
    assert_eq!(request.kind, SpanKind::Server as i32);
    let told = format!("{:?}", request.attributes);
    for part in [
        "graphql.operation.name",
        "Title",
        "http.response.status_code",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let fetch = find(&spans, "fetch");
    assert_eq!(fetch.kind, SpanKind::Client as i32);
    let execute = find(&spans, "execute");
    assert_eq!(fetch.parent_span_id, execute.span_id);
    for step in ["parse", "prepare", "execute", "write"] {
        assert_eq!(find(&spans, step).parent_span_id, request.span_id, "{step}");
    }
    let handed_on = format!("00-{TRACE}-{}-01", hex(&fetch.span_id));
    let expected = (Some(handed_on), Some("a=b".to_owned()));
    assert_eq!(scene.handed_on().await, [expected]);
    // No text of a document or of an answer is exported.
    let all = format!("{spans:?}");
    assert!(!all.contains("North") && !all.contains("title"), "{all}");

    let lines = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut lines = lines.filter(|line| line["target"] == "upfront::request");
    assert_eq!(lines.next().unwrap()["trace"], TRACE, "{log}");
}

#[tokio::test]
async fn nothing_is_handed_on_or_exported_unless_it_is_set() {
    let scene = Scene::new().await;
    let service = scene.start(None, "");
    let parent = format!("00-{TRACE}-{PARENT}-01");
    let trace = [("traceparent", parent.as_str())];
    assert_eq!(ask(&service, &trace).await, whole());
    let (code, log) = service.stop();
    assert_eq!(code, Some(0), "{log}");
    assert_eq!(scene.handed_on().await, [(None, None)]);
    assert_eq!(scene.exported().await.0, []);
    assert!(!log.contains("otel"), "{log}");
}

#[tokio::test]
async fn the_client_decides_whether_its_trace_is_exported() {
    let scene = Scene::new().await;
    let service = scene.start(Some(&scene.endpoint()), "");
    let unsampled = format!("00-{TRACE}-{PARENT}-00");
    ask(&service, &[("traceparent", &unsampled)]).await;
    // No trace: another begins.
    ask(
        &service,
        &[("traceparent", "00-0-0-01"), ("tracestate", "a=b")],
    )
    .await;
    let long = format!("a={}", "b".repeat(600));
    let parent = format!("00-{TRACE}-{PARENT}-01");
    ask(&service, &[("traceparent", &parent), ("tracestate", &long)]).await;
    assert_eq!(service.stop().0, Some(0));

    let handed_on = scene.handed_on().await;
    let told = |at: usize| handed_on[at].0.clone().unwrap();
    assert!(told(0).starts_with(&format!("00-{TRACE}-")));
    assert!(told(0).ends_with("-00"));
    assert!(!told(1).contains(TRACE), "{}", told(1));
    assert!(told(2).starts_with(&format!("00-{TRACE}-")));
    for (_, state) in handed_on {
        assert_eq!(state, None);
    }
    let (spans, _) = scene.exported().await;
    let requests: Vec<_> = spans
        .iter()
        .filter(|span| span.name == "POST /graphql")
        .collect();
    assert_eq!(requests.len(), 2, "{spans:#?}");
    assert!(requests[0].parent_span_id.is_empty());
}

#[tokio::test]
async fn a_fetch_that_fails_is_marked_so() {
    let scene = Scene::new().await;
    scene.books.reset().await;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(404))
        .mount(&scene.books)
        .await;
    let service = scene.start(Some(&scene.endpoint()), "");
    let answer = ask(&service, &[]).await;
    assert_eq!(answer["data"]["book"], Value::Null);
    assert_eq!(service.stop().0, Some(0));
    let (spans, _) = scene.exported().await;
    let status = find(&spans, "fetch").status.clone().unwrap();
    assert_eq!(status.message, "unavailable");
    assert_eq!(status.code, 2, "an error");
}

/// One that refuses connections, one that takes them and never answers, one that answers with errors:
/// no request is the worse for it, and the service stops.
#[tokio::test]
async fn a_collector_that_fails_or_hangs_is_felt_by_nobody() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let hanging = format!("http://{}", silent.local_addr().unwrap());
    thread::spawn(move || {
        let kept: Vec<_> = silent.incoming().collect();
        drop(kept);
    });
    let failing = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(500))
        .mount(&failing)
        .await;
    for endpoint in [hanging.as_str(), "http://127.0.0.1:1", &failing.uri()] {
        let scene = Scene::new().await;
        // Far more spans than wait for their export.
        let more = "queue = 4\nexport_ms = 1\ntimeout_ms = 600000";
        let service = scene.start(Some(endpoint), more);
        for _ in 0..20 {
            assert_eq!(ask(&service, &[]).await, whole(), "{endpoint}");
        }
        let (code, log) = service.stop();
        assert_eq!(code, Some(0), "{endpoint}: {log}");
        assert!(log.contains("stopped"), "{endpoint}: {log}");
        if endpoint != hanging {
            let told = "the collector does not take spans";
            assert_eq!(log.matches(told).count(), 1, "{endpoint}: {log}");
        }
    }
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    for (settings, sentence) in [
        (
            "endpoint = '127.0.0.1:4318'",
            "`telemetry.endpoint`: `127.0.0.1:4318` is no URL",
        ),
        (
            "endpoint = 'grpc://a:4317'",
            "has a scheme other than http and https",
        ),
        ("endpoint = 'http://a/v1/traces'", "which is added to it"),
        (
            "sample_ratio = 2.0",
            "`telemetry.sample_ratio`: a share from 0 to 1",
        ),
        (
            "timeout_ms = 0",
            "`telemetry.timeout_ms` must be at least 1",
        ),
        (
            "headers = { x = '${NOWHERE}' }",
            "`telemetry.headers.x` refers to the variable `NOWHERE`",
        ),
        ("headers = { 'a b' = 'x' }", "`a b` is no name of a header"),
        ("endpont = 'x'", "did you mean `telemetry.endpoint`?"),
    ] {
        let scratch = Scratch::new();
        scratch.write("upfront.toml", &format!("[telemetry]\n{settings}\n"));
        let outcome = upfront(scratch.path(), &["serve", "--listen", "127.0.0.1:0"]);
        assert_eq!(outcome.code, Some(1), "{settings}");
        assert!(outcome.stderr.contains(sentence), "{}", outcome.stderr);
        assert_eq!(outcome.stderr.lines().count(), 1, "{}", outcome.stderr);
    }
}
