//! The database is gone for a while: replicas serve on, say so, and catch up.

use std::time::{Duration, Instant};

use reqwest::Url;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};
use upfront::{
    database::Database,
    import::{self, Files, Mode},
};

use crate::{
    registration::{
        fixture::{Service, ask, config, publish, serve, tents_sdl},
        proxy::Proxy,
    },
    support::{
        app::{TestApp, send},
        database::{on_one_database, postgres_server},
        length::length,
    },
};

/// The same database by another way.
async fn by_way_of(proxy: &Proxy, database: &Database) -> Database {
    let pool = database.write.get_postgres_connection_pool();
    let options = pool.connect_options();
    let mut url: Url = postgres_server().parse().unwrap();
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(proxy.address.port())).unwrap();
    url.set_path(options.get_database().unwrap());
    Database::connect(url.as_str()).await.unwrap()
}

/// Far more than an answer takes that waits for nothing.
const PATIENCE: Duration = Duration::from_secs(30);

async fn tents(app: &TestApp) -> Value {
    ask(app, "OHCHR", &[], &json!({ "query": "{ tents { beds } }" })).await
}

async fn situations(app: &TestApp) -> Value {
    let query = "{ tents { beds } situations(first: 1) { nodes { title } } }";
    ask(app, "OHCHR", &[], &json!({ "query": query })).await
}

async fn ready(app: &TestApp, query: &str) -> (u16, Value) {
    let answer = send(app.get(&format!("/health/ready{query}"))).await;
    (answer.status.as_u16(), answer.json())
}

async fn await_status(app: &TestApp, status: &str) {
    let told = async {
        while ready(app, "").await.1["status"] != status {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let patience = Duration::from_mins(1);
    tokio::time::timeout(patience, told).await.expect(status);
}

fn server_of(url: &str) -> String {
    let url: Url = url.parse().unwrap();
    let host = url.host_str().unwrap();
    format!("{host}:{}", url.port().unwrap_or(5432))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_serve_on_through_an_outage() {
    let outage = length(Duration::from_secs(3), Duration::from_mins(1));
    on_one_database(DbBackend::Postgres, move |database| async move {
        import::use_example_ids(&database).await.unwrap();
        import::run(&database, &Files::example(), Mode::Store)
            .await
            .unwrap();
        let proxy = Proxy::start(server_of(&postgres_server())).await;
        let ways = [
            by_way_of(&proxy, &database).await,
            by_way_of(&proxy, &database).await,
        ];
        let (one, other) = (
            serve(&ways[0], config()).await,
            serve(&ways[1], config()).await,
        );
        let service = Service::tents().await;
        let input = json!({ "name": "tents", "url": service.url, "sdl": tents_sdl() });
        assert_eq!(publish(&one, input).await["published"], true);
        await_tents(&other).await;

        proxy.cut().await;
        for app in [&one, &other] {
            await_status(app, "degraded").await;
        }
        let started = Instant::now();
        let mut rounds = 0;
        while started.elapsed() < outage {
            for app in [&one, &other] {
                serves_on(app).await;
            }
            rounds += 1;
        }
        eprintln!("served on for {:?}, {rounds} rounds", started.elapsed());

        proxy.restore().await;
        for app in [&one, &other] {
            await_status(app, "ready").await;
            let answer = situations(app).await;
            assert!(answer.get("errors").is_none(), "{answer:#}");
            assert!(answer["data"]["situations"]["nodes"][0]["title"].is_string());
        }
        // And what is published now reaches both.
        let more = tents_sdl().replace("beds: Int!", "beds: Int!\n\tcots: Int");
        let input = json!({ "name": "tents", "url": service.url, "sdl": more });
        assert_eq!(publish(&other, input).await["published"], true);
        await_schema(&one, "cots: Int").await;
        drop((one, other));
        for way in ways {
            way.close().await.unwrap();
        }
    })
    .await;
}

/// A registered source answers as ever; what the database holds is missing, each with an error that
/// names its source; and the replica says how it stands.
async fn serves_on(app: &TestApp) {
    let answer = tents(app).await;
    assert_eq!(
        answer["data"]["tents"],
        json!([{ "beds": 7 }]),
        "{answer:#}"
    );
    assert!(answer.get("errors").is_none(), "{answer:#}");
    let answer = situations(app).await;
    assert_eq!(
        answer["data"]["tents"],
        json!([{ "beds": 7 }]),
        "{answer:#}"
    );
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{answer:#}");
    assert_eq!(
        errors[0]["extensions"],
        unavailable("reviews"),
        "{answer:#}"
    );
    let (status, told) = ready(app, "").await;
    assert_eq!(
        (status, &told["status"]),
        (200, &json!("degraded")),
        "{told:#}"
    );
    let trouble = told["trouble"].to_string();
    assert!(trouble.contains("database cannot be reached"), "{trouble}");
    assert_eq!(ready(app, "?strict=true").await.0, 503);
}

fn unavailable(source: &str) -> Value {
    json!({ "code": "SOURCE_UNAVAILABLE", "retryable": true, "source": { "name": source } })
}

/// The error with which the joint schema answers about one situation while the database is gone, long
/// before a source's time-out ends.
async fn cut_off(app: &TestApp, id: &str, scopes: &[&str]) -> Value {
    let query = "query($id: ID!) { tents { beds } situation(id: $id) { title tents { beds } } }";
    let body = json!({ "query": query, "variables": { "id": id } });
    let answer = tokio::time::timeout(PATIENCE, ask(app, "OHCHR", scopes, &body)).await;
    let answer = answer.expect("it waits for the time-out");
    assert_eq!(
        answer["data"],
        json!({ "tents": [{ "beds": 7 }], "situation": null }),
        "{answer:#}"
    );
    let mut errors = answer["errors"].clone();
    assert_eq!(errors.as_array().unwrap().len(), 1, "{answer:#}");
    assert_eq!(errors[0]["path"], json!(["situation"]), "{answer:#}");
    assert_eq!(errors[0]["extensions"], unavailable("reviews"));
    errors[0].take()
}

/// Registered sources' root fields are whole, the rest fails fast, and nothing tells a hidden
/// situation from an open one or from none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_needs_the_database_fails_fast_without_it() {
    on_one_database(DbBackend::Postgres, |database| async move {
        import::run(&database, &Files::example(), Mode::Store)
            .await
            .unwrap();
        let found = "SELECT (SELECT public_id FROM situations WHERE is_public LIMIT 1) AS open_id, \
                     (SELECT public_id FROM situations WHERE NOT is_public LIMIT 1) AS hidden_id";
        let found = database
            .read
            .query_one_raw(Statement::from_string(DbBackend::Postgres, found));
        let found = found.await.unwrap().unwrap();
        let [open, hidden] =
            ["open_id", "hidden_id"].map(|name| found.try_get::<String>("", name).unwrap());
        let proxy = Proxy::start(server_of(&postgres_server())).await;
        let way = by_way_of(&proxy, &database).await;
        let mut config = config();
        config.source_defaults.timeout_ms = 4 * u64::try_from(PATIENCE.as_millis()).unwrap();
        let app = serve(&way, config).await;
        let service = Service::tents().await;
        let input = json!({ "name": "tents", "url": service.url, "sdl": tents_sdl() });
        assert_eq!(publish(&app, input).await["published"], true);

        proxy.cut().await;
        let first = cut_off(&app, &open, &[]).await;
        let missing = hidden.replace(&hidden[hidden.len() - 4..], "AAAA");
        for (id, scopes) in [
            (&open, &[][..]),
            (&hidden, &[]),
            (&missing, &[]),
            (&hidden, &["clearance:confidential"]),
        ] {
            assert_eq!(cut_off(&app, id, scopes).await, first);
        }
        // What needs no row answers.
        let query = "{ embeddedSources { name } situation(id: \"no id\") { title } __typename }";
        let body = json!({ "query": query });
        let answer = ask(&app, "PARTNER", &["registry:read"], &body).await;
        let errors = answer["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{answer:#}");
        assert_eq!(errors[0]["extensions"]["code"], "BAD_USER_INPUT");
        assert!(answer["data"]["embeddedSources"].as_array().unwrap().len() > 4);
        let body = json!({ "query": "{ sources { name } }" });
        let answer = ask(&app, "PARTNER", &["registry:read"], &body).await;
        assert_eq!(answer["data"], json!({ "sources": null }));
        assert_eq!(answer["errors"][0]["extensions"], unavailable("registry"));

        proxy.restore().await;
        await_status(&app, "ready").await;
        let answer = situations(&app).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        drop(app);
        way.close().await.unwrap();
    })
    .await;
}

async fn await_tents(app: &TestApp) {
    await_schema(app, "tents: [Tent!]").await;
}

async fn await_schema(app: &TestApp, part: &str) {
    let served = async {
        while !send(app.get("/schema.graphql")).await.text.contains(part) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let patience = Duration::from_secs(30);
    tokio::time::timeout(patience, served).await.expect(part);
}
