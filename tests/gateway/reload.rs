//! Files that change while it serves.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::json;
use upfront::{
    auth::SystemClock,
    config::Config,
    gateway::{Origin, Reload},
};
use wiremock::{MockServer, Request, ResponseTemplate};

use crate::{
    gateway::fixture::{QUERY, good, json, subgraph, supergraph},
    support::{
        app::{TestApp, send},
        scratch::Scratch,
    },
};

async fn follow(origin: Origin) -> TestApp {
    follow_with(origin, Config::default()).await
}

async fn follow_with(origin: Origin, config: Config) -> TestApp {
    let reload = Reload::start(origin, config).await.unwrap();
    let live = Arc::clone(reload.live());
    tokio::spawn(reload.follow());
    TestApp::start_with(Config::default(), live, None, Arc::new(SystemClock)).await
}

/// Asks until the schema says so; the test's own deadline is generous.
async fn await_schema(app: &TestApp, part: &str) {
    let asking = async {
        while !send(app.get("/schema.graphql")).await.text.contains(part) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), asking)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_good_supergraph_takes_over_and_a_bad_one_does_not() {
    let areas = subgraph(good()).await;
    let scratch = Scratch::new();
    let path = scratch.write(
        "supergraph.graphql",
        &supergraph(&areas.uri(), "name: String"),
    );
    let app = follow(Origin::Supergraph(path.clone())).await;
    await_schema(&app, "name: String").await;

    let number = send(app.get("/health/ready")).await.json()["supergraph"].clone();
    assert!(number.is_u64(), "{number}");
    std::fs::write(&path, "type Query {").unwrap();
    await_health(&app, "degraded").await;
    let health = send(app.get("/health/ready")).await.json();
    assert_eq!(health["supergraph"], number);
    let trouble = health["trouble"][0].as_str().unwrap();
    assert!(trouble.contains("is not valid GraphQL"), "{trouble}");
    let answer = send(app.query(QUERY)).await.json();
    assert_eq!(answer, json!({"data": {"area": {"name": "North"}}}));

    std::fs::write(&path, supergraph(&areas.uri(), "name: String figure: Int")).unwrap();
    await_schema(&app, "figure: Int").await;
    await_health(&app, "ready").await;
    assert_ne!(
        send(app.get("/health/ready")).await.json()["supergraph"],
        number
    );
    std::fs::remove_file(&path).unwrap();
    await_health(&app, "degraded").await;
    let answer = send(app.query(QUERY)).await.json();
    assert_eq!(answer, json!({"data": {"area": {"name": "North"}}}));
    let metrics = send(app.get("/metrics")).await.text;
    for line in [
        "upfront_supergraph_swaps_total 1\n",
        "upfront_supergraph_degraded 1\n",
        // One of each supergraph: counts go on where another takes over.
        "upfront_cache_lookups_total{cache=\"plan\",outcome=\"miss\"} 2\n",
    ] {
        assert!(metrics.contains(line), "{line}{metrics}");
    }
}

async fn await_health(app: &TestApp, status: &str) {
    let asking = async {
        while send(app.get("/health/ready")).await.json()["status"] != status {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), asking)
        .await
        .unwrap();
}

fn write_list(scratch: &Scratch, url: &str, fields: &str) -> std::path::PathBuf {
    scratch.write(
        "areas.graphql",
        &format!("type Query {{ area: Area }} type Area {{ {fields} }}"),
    );
    let list =
        format!("subgraphs: {{areas: {{routing_url: '{url}', schema: {{file: areas.graphql}}}}}}");
    scratch.write("supergraph.yaml", &list)
}

#[tokio::test]
async fn a_subgraphs_file_takes_effect() {
    let areas = subgraph(good()).await;
    let scratch = Scratch::new();
    let list = write_list(&scratch, &areas.uri(), "name: String");
    let app = follow(Origin::List(list)).await;
    assert_eq!(
        send(app.query(QUERY)).await.json(),
        json!({"data": {"area": {"name": "North"}}})
    );
    scratch.write(
        "areas.graphql",
        "type Query { area: Area } type Area { name: String figure: Int }",
    );
    await_schema(&app, "figure: Int").await;
}

/// A subgraph that tells the SDL it is given, or nothing.
async fn telling(sdl: &Arc<Mutex<Option<String>>>) -> MockServer {
    let sdl = Arc::clone(sdl);
    subgraph(move |request: &Request| {
        if !String::from_utf8_lossy(&request.body).contains("_service") {
            return good();
        }
        match &*sdl.lock().unwrap() {
            Some(sdl) => json(&json!({"data": {"_service": {"sdl": sdl}}}).to_string()),
            None => ResponseTemplate::new(503),
        }
    })
    .await
}

#[tokio::test]
async fn a_running_subgraph_is_polled() {
    let told = |fields: &str| {
        Some(format!(
            "type Query {{ area: Area }} type Area {{ {fields} }}"
        ))
    };
    let sdl = Arc::new(Mutex::new(told("name: String")));
    let areas = telling(&sdl).await;
    let scratch = Scratch::new();
    let list = format!(
        "subgraphs: {{areas: {{schema: {{subgraph_url: '{}'}}}}}}",
        areas.uri()
    );
    let list = scratch.write("supergraph.yaml", &list);
    let mut config = Config::default();
    config.plain.poll_ms = 50;
    let app = follow_with(Origin::List(list.clone()), config).await;
    await_schema(&app, "name: String").await;
    *sdl.lock().unwrap() = told("name: String figure: Int");
    await_schema(&app, "figure: Int").await;
    await_health(&app, "ready").await;

    // One that tells nothing, or nothing good, leaves the last good supergraph serving.
    *sdl.lock().unwrap() = None;
    await_health(&app, "degraded").await;
    let trouble = send(app.get("/health/ready")).await.text;
    assert!(trouble.contains("areas"), "{trouble}");
    let answer = send(app.query(QUERY)).await.json();
    assert_eq!(answer, json!({"data": {"area": {"name": "North"}}}));
    // A change of the list needs no answer of what has answered before.
    scratch.write("more.graphql", "type Query { more: Int }");
    let longer = format!(
        "subgraphs: {{areas: {{schema: {{subgraph_url: '{}'}}}}, \
         more: {{routing_url: 'http://127.0.0.1:1/', schema: {{file: more.graphql}}}}}}",
        areas.uri()
    );
    std::fs::write(&list, longer).unwrap();
    await_schema(&app, "more: Int").await;
    *sdl.lock().unwrap() = told("name: Missing");
    let told_of_place = async {
        while !send(app.get("/health/ready"))
            .await
            .text
            .contains("(at areas:")
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), told_of_place)
        .await
        .expect("the place of the first error is told");
    await_schema(&app, "figure: Int").await;
    *sdl.lock().unwrap() = told("name: String altitude: Int");
    await_schema(&app, "altitude: Int").await;
    await_health(&app, "ready").await;
}

#[tokio::test]
async fn a_file_that_was_missing_is_noticed() {
    let areas = subgraph(good()).await;
    let scratch = Scratch::new();
    let list = write_list(&scratch, &areas.uri(), "name: String");
    let app = follow(Origin::List(list.clone())).await;
    let text = std::fs::read_to_string(&list).unwrap();
    std::fs::write(&list, text.replace("areas.graphql", "other.graphql")).unwrap();
    await_health(&app, "degraded").await;
    scratch.write(
        "other.graphql",
        "type Query { area: Area } type Area { name: String figure: Int }",
    );
    await_schema(&app, "figure: Int").await;
    await_health(&app, "ready").await;
}

#[tokio::test]
async fn a_bad_start_is_no_start() {
    let none = Origin::Supergraph(Path::new("/nowhere/supergraph.graphql").to_owned());
    let error = Reload::start(none, Config::default()).await.unwrap_err();
    assert!(
        error.to_string().contains("/nowhere/supergraph.graphql"),
        "{error}"
    );
    let scratch = Scratch::new();
    let list = write_list(&scratch, "http://127.0.0.1:1/", "name: Missing");
    let error = Reload::start(Origin::List(list), Config::default())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("Missing"), "{error}");
}
