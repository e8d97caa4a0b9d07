//! `@policy`: a hook says which policies a caller satisfies.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema, SimpleObject};
use federation::{compose::compose, subgraph::SubgraphInput};
use futures::future::{BoxFuture, join_all};
use serde_json::{Value, json};
use upfront::{
    auth::{Authenticator, Clock, Identity, Principal, SystemClock},
    config::{AuthSettings, Config, Secret},
    database::Database,
    gateway::{Live, client_builder, joint_graph, plain_graph},
    sources::{Asked, Source},
};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::method};

use super::provider::{Provider, TestKey};
use crate::support::{
    app::{TestApp, send},
    scratch::Scratch,
};

const SDL: &str = r#"
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.6",
        import: ["@policy", "@requiresScopes"])
    type Query { area: Area }
    type Area {
        name: String
        either: String @policy(policies: [["a", "b"], ["c"]])
        one: String @policy(policies: [["c"]])
        both: String @policy(policies: [["d"]]) @requiresScopes(scopes: [["read"]])
    }
"#;
const ANSWER: &str = r#"{"data":{"area":{"name":"North","either":"E","one":"O","both":"B"}}}"#;
const QUERY: &str = "{ area { name either one } }";

/// A gateway with a hook, callers with tokens, and a subgraph.
struct World {
    provider: Provider,
    key: TestKey,
    hook: MockServer,
    areas: MockServer,
    app: TestApp,
}

async fn answering(respond: impl Respond + 'static) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(respond)
        .mount(&server)
        .await;
    server
}

fn json_of(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.as_bytes().to_vec(), "application/json")
}

fn result(result: &Value) -> ResponseTemplate {
    json_of(&json!({ "result": result }).to_string())
}

fn for_a_minute(answer: ResponseTemplate) -> ResponseTemplate {
    answer.insert_header("cache-control", "max-age=60")
}

impl World {
    async fn start(hook: impl Respond + 'static) -> Self {
        Self::start_with(hook, |_| {}).await
    }

    async fn start_with(hook: impl Respond + 'static, change: impl FnOnce(&mut Config)) -> Self {
        let key = TestKey::ed25519("ed");
        let provider = Provider::start(&[&key]).await;
        let hook = answering(hook).await;
        let areas = answering(json_of(ANSWER)).await;
        let mut config = Config {
            auth: provider.auth(),
            ..Config::default()
        };
        config.auth.policies.url = Some(format!("{}/v1/data/upfront/allowed", hook.uri()));
        // A guard against hanging: the hook of most tests answers at once.
        config.auth.policies.timeout_ms = 20_000;
        change(&mut config);
        let (composed, diagnostics) = compose(&[SubgraphInput {
            name: "areas".to_owned(),
            url: areas.uri(),
            sdl: SDL.to_owned(),
        }]);
        let sdl = composed
            .unwrap_or_else(|| panic!("{diagnostics:?}"))
            .supergraph_sdl;
        let client = client_builder().build().unwrap();
        let graph = plain_graph(&sdl, &config, &client, None).unwrap();
        let clock = Arc::clone(&provider.clock) as Arc<dyn Clock>;
        let app = TestApp::start_with(config, Arc::new(Live::new(graph)), None, clock).await;
        Self {
            provider,
            key,
            hook,
            areas,
            app,
        }
    }

    fn token(&self, changes: &Value) -> String {
        let mut claims = self.provider.claims();
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        self.key.sign(&claims)
    }

    async fn ask(&self, query: &str, token: &str) -> Value {
        let answer = send(self.app.query(query).bearer_auth(token)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    /// Which of the three fields a caller sees; the others are withheld without an error.
    async fn seen(&self, token: &str) -> Vec<String> {
        let answer = self.ask(QUERY, token).await;
        assert!(answer.get("errors").is_none(), "{answer}");
        seen(&answer)
    }

    async fn questions(&self) -> Vec<Value> {
        let requests = self.hook.received_requests().await.unwrap();
        let bodies = requests.iter().map(|request| request.body_json().unwrap());
        bodies.collect()
    }

    async fn asked(&self) -> usize {
        self.questions().await.len()
    }
}

fn seen(answer: &Value) -> Vec<String> {
    let area = &answer["data"]["area"];
    let names = ["name", "either", "one", "both"].into_iter();
    let there = names.filter(|name| area.get(name).is_some_and(|value| !value.is_null()));
    there.map(str::to_owned).collect()
}

#[tokio::test]
async fn opens_what_the_hook_says_and_withholds_the_rest() {
    let world = World::start_with(result(&json!(["a", "b", "other"])), |config| {
        let headers = &mut config.auth.policies.headers;
        headers.insert("authorization".to_owned(), Secret::new("Bearer h"));
        headers.insert("content-type".to_owned(), Secret::new("text/plain"));
    })
    .await;
    let token = world.token(&json!({"act": {"sub": "assistant"}, "scope": "upfront.read"}));
    let answer = world.ask(QUERY, &token).await;
    assert_eq!(
        answer,
        json!({
            "data": {"area": {"name": "North", "either": "E", "one": null}},
            "extensions": {"upfront": {"withheld": [
                {"path": ["area", "one"], "scopes": [], "policies": [["c"]]}
            ]}},
        })
    );
    // Once, and about all that can matter to the operation.
    let asked = world.hook.received_requests().await.unwrap();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].headers["authorization"], "Bearer h");
    assert_eq!(asked[0].headers["content-type"], "application/json");
    assert_eq!(asked[0].url.path(), "/v1/data/upfront/allowed");
    assert_eq!(
        asked[0].body_json::<Value>().unwrap(),
        json!({"input": {
            "policies": ["a", "b", "c"],
            "subject": "assistant",
            "issuer": world.provider.server.uri(),
            "onBehalfOf": "person-7",
            "client": "web",
            "entity": "OHCHR",
            "scopes": ["read", "registry:read", "review:contribute"],
        }})
    );
    // What is withheld was not fetched.
    let fetched = world.areas.received_requests().await.unwrap();
    let fetched = String::from_utf8(fetched[0].body.clone()).unwrap();
    assert!(
        fetched.contains("either") && !fetched.contains("one"),
        "{fetched}"
    );
}

#[tokio::test]
async fn withheld_fields_as_errors_name_the_policies() {
    let world = World::start(result(&json!(false))).await;
    let request = world
        .app
        .query("{ area { either both } }")
        .bearer_auth(world.token(&json!({})))
        .header("upfront-errors", "withheld");
    let answer = send(request).await.json();
    let errors = answer["errors"].as_array().unwrap();
    let messages: Vec<_> = errors.iter().map(|error| &error["message"]).collect();
    assert_eq!(
        messages,
        [
            "This field is withheld: seeing it takes the policies a and b, or c.",
            "This field is withheld: seeing it takes read, and the policies d."
        ]
    );
    assert_eq!(
        errors[0]["extensions"],
        json!({"code": "WITHHELD", "scopes": [], "policies": [["a", "b"], ["c"]]})
    );
}

#[tokio::test]
async fn each_form_of_an_answer_is_understood() {
    let said = Arc::new(Mutex::new(json!(null)));
    let saying = Arc::clone(&said);
    let world = World::start(move |_: &Request| result(&saying.lock().unwrap())).await;
    let token = world.token(&json!({}));
    for (answer, opened) in [
        (json!(["a", "b"]), &["either"][..]),
        (json!(["a"]), &[]),
        (json!(["c"]), &["either", "one"]),
        (json!([]), &[]),
        (json!({"a": true, "b": true, "c": false}), &["either"]),
        (json!({"a": true, "b": false}), &[]),
        (json!({"c": true}), &["either", "one"]),
        (json!({}), &[]),
        (json!(true), &["either", "one"]),
        (json!(false), &[]),
        // Nobody asked about these.
        (json!(["A", "a b", "*", ""]), &[]),
        (json!({"*": true, "all": true}), &[]),
    ] {
        *said.lock().unwrap() = answer.clone();
        let expected = [&["name"], opened].concat();
        assert_eq!(world.seen(&token).await, expected, "{answer}");
    }
    // Scopes are needed beside the policies.
    *said.lock().unwrap() = json!(true);
    let query = "{ area { both } }";
    assert!(seen(&world.ask(query, &token).await).is_empty());
    let reader = world.token(&json!({"scope": "upfront.read"}));
    assert_eq!(seen(&world.ask(query, &reader).await), ["both"]);
}

#[tokio::test]
async fn what_is_not_understood_opens_nothing_and_is_not_kept() {
    let said = Arc::new(Mutex::new(String::new()));
    let saying = Arc::clone(&said);
    let hook = move |_: &Request| for_a_minute(json_of(&saying.lock().unwrap()));
    let world = World::start(hook).await;
    let token = world.token(&json!({}));
    let bodies = [
        "",
        "{}",
        "true",
        "[true]",
        r#"[["a", "b", "c"]]"#,
        r#"{"result": null}"#,
        r#"{"result": "c"}"#,
        r#"{"result": 1}"#,
        r#"{"result": ["c", 1]}"#,
        r#"{"result": {"c": 1}}"#,
        r#"{"result": {"c": "true"}}"#,
        r#"{"result": {"a": true, "c": null}}"#,
        r#"{"result": ["c"]"#,
        r#"{"result": false, "result": true}"#,
        r#"{"Result": true}"#,
        "<html>ok</html>",
    ];
    for body in bodies {
        body.clone_into(&mut said.lock().unwrap());
        assert_eq!(world.seen(&token).await, ["name"], "{body}");
    }
    assert_eq!(world.asked().await, bodies.len());
}

#[tokio::test]
async fn while_the_hook_fails_it_is_closed() {
    let said = Arc::new(Mutex::new(ResponseTemplate::new(500)));
    let saying = Arc::clone(&said);
    let world = World::start_with(
        move |_: &Request| saying.lock().unwrap().clone(),
        |config| config.auth.policies.timeout_ms = 2_000,
    )
    .await;
    let token = world.token(&json!({}));
    let open = || for_a_minute(result(&json!(true)));
    let blown_up = format!("{{\"result\": true{}}}", " ".repeat(64 << 10));
    let failures = [
        ResponseTemplate::new(500).set_body_string("{\"result\": true}"),
        ResponseTemplate::new(403).set_body_string("{\"result\": true}"),
        ResponseTemplate::new(302).insert_header("location", world.hook.uri().as_str()),
        for_a_minute(json_of(&blown_up)),
        open().set_delay(Duration::from_mins(1)),
    ];
    for (at, failure) in failures.into_iter().enumerate() {
        *said.lock().unwrap() = failure;
        assert_eq!(world.seen(&token).await, ["name"], "{at}");
    }
    // After one that came too late it is not asked for a second; none of them was kept.
    *said.lock().unwrap() = open();
    let asked = world.asked().await;
    assert_eq!(world.seen(&token).await, ["name"]);
    assert_eq!(world.asked().await, asked);
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert_eq!(world.seen(&token).await, ["name", "either", "one"]);
    // A hook that is not there at all.
    let nowhere = World::start_with(result(&json!(true)), |config| {
        config.auth.policies.url = Some("http://127.0.0.1:1/".to_owned());
    })
    .await;
    assert_eq!(nowhere.seen(&nowhere.token(&json!({}))).await, ["name"]);
}

#[tokio::test]
async fn an_answer_is_kept_for_max_age_and_no_longer() {
    let world = World::start(for_a_minute(result(&json!(["c"])))).await;
    let token = world.token(&json!({}));
    for _ in 0..3 {
        assert_eq!(world.seen(&token).await, ["name", "either", "one"]);
    }
    assert_eq!(world.asked().await, 1);
    // Other policies are another question.
    world.ask("{ area { one } }", &token).await;
    assert_eq!(world.asked().await, 2);
    world.provider.pass(59);
    world.seen(&token).await;
    assert_eq!(world.asked().await, 2);
    world.provider.pass(1);
    assert_eq!(world.seen(&token).await, ["name", "either", "one"]);
    assert_eq!(world.asked().await, 3);
    // Nor when the clock was set back.
    world.provider.clock.0.fetch_sub(30, Ordering::Relaxed);
    world.seen(&token).await;
    assert_eq!(world.asked().await, 4);
}

#[tokio::test]
async fn an_answer_that_says_no_age_is_not_kept() {
    for header in [None, Some("no-store, max-age=60"), Some("max-age=0")] {
        let answer = result(&json!(["c"]));
        let answer = match header {
            Some(header) => answer.insert_header("cache-control", header),
            None => answer,
        };
        let world = World::start(answer).await;
        let token = world.token(&json!({}));
        for number in 1..=3 {
            assert_eq!(world.seen(&token).await, ["name", "either", "one"]);
            assert_eq!(world.asked().await, number, "{header:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_ask_the_same_at_once_share_one_question() {
    // Who comes after the answer finds it kept.
    let answer = for_a_minute(result(&json!(["c"]))).set_delay(Duration::from_millis(300));
    let world = World::start(answer).await;
    let token = world.token(&json!({}));
    let all = join_all((0..200).map(|_| world.seen(&token))).await;
    assert!(all.iter().all(|seen| *seen == ["name", "either", "one"]));
    assert_eq!(world.asked().await, 1);
}

#[tokio::test]
async fn a_client_that_leaves_takes_nothing_from_others() {
    let answer = for_a_minute(result(&json!(["c"]))).set_delay(Duration::from_millis(500));
    let world = World::start(answer).await;
    let token = world.token(&json!({}));
    let impatient = world.app.query(QUERY).bearer_auth(&token).send();
    let other = async {
        while world.asked().await == 0 {
            tokio::task::yield_now().await;
        }
        world.seen(&token).await
    };
    let mut impatient = Box::pin(impatient);
    let mut other = Box::pin(other);
    // Once the hook was asked for the first, the other joins and the first leaves.
    loop {
        tokio::select! {
            biased;
            _ = &mut impatient => panic!("the hook takes longer"),
            seen = &mut other => panic!("the hook takes longer: {seen:?}"),
            () = tokio::time::sleep(Duration::from_millis(10)) => {}
        }
        if world.asked().await > 0 {
            break;
        }
    }
    drop(impatient);
    assert_eq!(other.await, ["name", "either", "one"]);
    assert_eq!(world.asked().await, 1);
}

#[tokio::test]
async fn policies_are_those_of_one_caller_and_one_token() {
    let by_subject = |request: &Request| {
        let question: Value = request.body_json().unwrap();
        let is_seven = question["input"]["subject"] == "person-7";
        for_a_minute(result(&json!(is_seven)))
    };
    let world = World::start(by_subject).await;
    let one = world.token(&json!({}));
    let other = world.token(&json!({"sub": "person-8"}));
    for _ in 0..3 {
        assert_eq!(world.seen(&one).await, ["name", "either", "one"]);
        assert_eq!(world.seen(&other).await, ["name"]);
    }
    assert_eq!(world.asked().await, 2);
    // The same person with another token, in another session, with other rights, for another, or
    // through another client.
    let changes = [
        json!({"jti": "token-2"}),
        json!({"sid": "session-2"}),
        json!({"scope": "upfront.read"}),
        json!({"level": "C"}),
        json!({"organisation": "none"}),
        json!({"azp": "other"}),
        json!({"act": {"sub": "person-7"}}),
        json!({"iat": world.provider.clock.now() - 1}),
    ];
    for (at, change) in changes.iter().enumerate() {
        let token = world.token(change);
        assert_eq!(world.seen(&token).await, ["name", "either", "one"]);
        assert_eq!(world.asked().await, 3 + at, "{change}");
    }
    // At the same time, too.
    let tokens: Vec<_> = (0..40)
        .map(|number| {
            let subject = if number % 2 == 0 {
                "person-7"
            } else {
                "person-9"
            };
            world.token(&json!({"sub": subject, "jti": format!("together-{number}")}))
        })
        .collect();
    let seen = join_all(tokens.iter().map(|token| world.seen(token))).await;
    for (number, seen) in seen.iter().enumerate() {
        assert_eq!(seen.len() == 3, number % 2 == 0, "{number}: {seen:?}");
    }
}

#[tokio::test]
async fn the_hook_is_asked_only_where_a_policy_can_matter() {
    let world = World::start(result(&json!(true))).await;
    let token = world.token(&json!({}));
    for query in ["{ area { name } }", "{ area { nme } }", "{ __typename }"] {
        send(world.app.query(query).bearer_auth(&token)).await;
    }
    // Nor for callers without a token, to whom policies are closed.
    let answer = send(world.app.query(QUERY)).await.json();
    assert_eq!(seen(&answer), ["name"]);
    let refused = send(world.app.query(QUERY).bearer_auth("no token")).await;
    assert_eq!(refused.status, 401);
    assert_eq!(world.asked().await, 0);
    // Without a hook nobody sees what needs a policy.
    let without = World::start_with(result(&json!(true)), |config| {
        config.auth.policies.url = None;
    })
    .await;
    assert_eq!(without.seen(&without.token(&json!({}))).await, ["name"]);
    assert_eq!(without.asked().await, 0);
}

/// An embedded source with a policy.
#[derive(Debug)]
struct Embedded;

#[derive(SimpleObject)]
struct Area {
    name: &'static str,
    either: &'static str,
    one: &'static str,
    both: &'static str,
}

struct Query;

#[Object]
impl Query {
    async fn area(&self) -> Area {
        Area {
            name: "North",
            either: "E",
            one: "O",
            both: "B",
        }
    }
}

impl Source for Embedded {
    fn name(&self) -> &'static str {
        "areas"
    }

    fn sdl(&self) -> String {
        SDL.to_owned()
    }

    fn execute<'a>(
        &'a self,
        request: async_graphql::Request,
        _: Asked<'a>,
    ) -> BoxFuture<'a, async_graphql::Response> {
        Box::pin(async move {
            let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
            schema.execute(request).await
        })
    }
}

#[tokio::test]
async fn holds_in_the_joint_schema_as_well() {
    let hook = answering(result(&json!(["c"]))).await;
    let mut config = Config::default();
    config.auth.policies.url = Some(hook.uri());
    config.auth.policies.timeout_ms = 20_000;
    let scratch = Scratch::new();
    let database = Database::open(&scratch.path().join("records.db"))
        .await
        .unwrap();
    let graph = joint_graph(vec![Arc::new(Embedded)], &database, &config, &[]).unwrap();
    let app = TestApp::start(config, graph, None).await;
    let token = app.token("OHCHR", &[]);
    let answer = send(app.query(QUERY).bearer_auth(token)).await.json();
    assert_eq!(seen(&answer), ["name", "either", "one"]);
    let answer = send(app.query(QUERY)).await.json();
    assert_eq!(seen(&answer), ["name"]);
    assert_eq!(hook.received_requests().await.unwrap().len(), 1);
}

/// A clock that panics when it is first read.
#[derive(Debug, Default)]
struct Panicking(AtomicUsize);

impl Clock for Panicking {
    fn now(&self) -> u64 {
        assert!(self.0.fetch_add(1, Ordering::SeqCst) > 0, "as asked");
        SystemClock.now()
    }
}

fn principal() -> Principal {
    let identity = Identity {
        issuer: "https://id.example".into(),
        subject: "person-7".to_owned(),
        on_behalf_of: None,
        client: None,
        session: None,
        token_id: None,
        issued_at: None,
    };
    Principal {
        identity: Some(Arc::new(identity)),
        ..Principal::default()
    }
}

fn with_hook(hook: &MockServer, clock: Arc<dyn Clock>) -> Authenticator {
    let mut settings = AuthSettings::default();
    settings.policies.url = Some(hook.uri());
    settings.policies.timeout_ms = 20_000;
    Authenticator::new(None)
        .with_issuers(&settings, clock)
        .unwrap()
}

#[tokio::test]
async fn a_panic_closes_one_question_alone() {
    let hook = answering(for_a_minute(result(&json!(true)))).await;
    let authenticator = with_hook(&hook, Arc::new(Panicking::default()));
    let principal = principal();
    let policies = || BTreeSet::from(["a".to_owned()]);
    let none = authenticator.satisfied(&principal, policies()).await;
    assert!(none.is_empty(), "{none:?}");
    let all = authenticator.satisfied(&principal, policies()).await;
    assert!(all.contains("a") && all.len() == 1, "{all:?}");
}

#[tokio::test]
async fn equal_questions_are_sent_once_though_nothing_is_kept() {
    let hook = answering(result(&json!(true)).set_delay(Duration::from_millis(300))).await;
    let authenticator = with_hook(&hook, Arc::new(SystemClock));
    let principal = principal();
    let policies = || BTreeSet::from(["a".to_owned()]);
    for round in 1..=2 {
        // All are polled before the first answer.
        let all = join_all((0..200).map(|_| authenticator.satisfied(&principal, policies()))).await;
        assert!(all.iter().all(|one| one.contains("a")));
        assert_eq!(hook.received_requests().await.unwrap().len(), round);
    }
}

/// Takes down what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_failure_and_its_end_are_logged_once() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::INFO)
        .with_writer(move || writer.clone())
        .finish();
    // The tasks of this test run on its thread.
    let _logging = tracing::subscriber::set_default(subscriber);
    let asked = AtomicUsize::new(0);
    let hook = answering(
        move |_: &Request| match asked.fetch_add(1, Ordering::SeqCst) {
            0..=2 => ResponseTemplate::new(503),
            4 | 5 => json_of("{}"),
            _ => result(&json!(true)),
        },
    )
    .await;
    let authenticator = with_hook(&hook, Arc::new(SystemClock));
    for _ in 0..8 {
        let policies = BTreeSet::from(["a".to_owned()]);
        authenticator.satisfied(&principal(), policies).await;
    }
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for part in ["does not answer", "answers again", "is not understood"] {
        assert_eq!(text.matches(part).count(), 1, "{part}: {text}");
    }
    assert!(text.contains("503"), "{text}");
    assert!(!text.contains("person-7"), "{text}");
}
