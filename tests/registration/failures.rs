//! A registered source that misbehaves: bounded in time and in bytes, one error that names it, and
//! everything else stands.

use std::{sync::atomic::Ordering, time::Duration};

use sea_orm::DbBackend;
use serde_json::{Value, json};
use upfront::config::Config;

use crate::{
    registration::{
        faulty::{Faulty, Manner},
        fixture::{ask, config, publish, serve, tents_sdl},
    },
    support::{
        app::{TestApp, send},
        database::on_one_database,
    },
};

const ANSWER_BYTES: usize = 1 << 20;
/// What may be under way between two sockets of this machine.
const UNDER_WAY: u64 = 32 << 20;

fn bounded() -> Config {
    let mut config = config();
    config.source_defaults.timeout_ms = 1_000;
    config.source_defaults.answer_bytes = ANSWER_BYTES;
    config.source_defaults.breaker_failures = 0;
    config.source_defaults.probe_ms = 0;
    config
}

async fn register(app: &TestApp, url: &str) {
    let input = json!({ "name": "tents", "url": url, "sdl": tents_sdl() });
    let publication = publish(app, input).await;
    assert_eq!(publication["published"], true, "{publication:#}");
}

async fn tents(app: &TestApp) -> Value {
    let query = "{ tents { beds } situations(first: 1) { totalCount } }";
    ask(app, "OHCHR", &[], &json!({ "query": query })).await
}

/// One error, with this code and the source's name; what others hold is there.
#[track_caller]
fn check(answer: &Value, code: &str) {
    assert_eq!(answer["data"]["tents"], Value::Null, "{answer:#}");
    let others = &answer["data"]["situations"]["totalCount"];
    assert!(others.is_u64(), "{answer:#}");
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{answer:#}");
    assert_eq!(errors[0]["path"], json!(["tents"]), "{answer:#}");
    assert_eq!(errors[0]["extensions"]["code"], code, "{answer:#}");
    assert_eq!(
        errors[0]["extensions"]["source"]["name"], "tents",
        "{answer:#}"
    );
    let message = errors[0]["message"].as_str().unwrap();
    assert!(message.contains("`tents`"), "{message}");
}

/// What the source answers when it behaves.
#[track_caller]
fn check_whole(answer: &Value) {
    let found = &answer["data"]["tents"];
    assert_eq!(*found, json!([{ "beds": 7 }]), "{answer:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_manner_is_one_error_in_bounds() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        let app = serve(&database, bounded()).await;
        let (service, faulty) = Faulty::start(false).await;
        register(&app, &service.url).await;
        for (manner, code) in [
            (Manner::Never, "SOURCE_TIMEOUT"),
            (Manner::With500, "SOURCE_UNAVAILABLE"),
            (Manner::BreakingOff, "SOURCE_UNAVAILABLE"),
            (Manner::WithoutEnd, "SOURCE_INVALID"),
            (Manner::WithInvalidJson, "SOURCE_INVALID"),
            (Manner::WithTheWrongShape, "SOURCE_INVALID"),
        ] {
            faulty.behave(manner);
            // The source never ends; what ends is the gateway's waiting for it.
            let patience = Duration::from_secs(30);
            let answer = tokio::time::timeout(patience, tents(&app)).await;
            check(&answer.expect("the time-out does not hold"), code);
        }
        let sent = faulty.sent.load(Ordering::Relaxed);
        let most = ANSWER_BYTES as u64 + UNDER_WAY;
        assert!(
            sent > 0 && sent < most,
            "{sent} bytes were taken of an endless answer"
        );
        faulty.behave(Manner::Well);
        check_whole(&tents(&app).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_packed_answer_without_end_is_not_unpacked() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        let mut config = bounded();
        // Packing takes the source its time.
        config.source_defaults.timeout_ms = 60_000;
        let app = serve(&database, config).await;
        let (service, faulty) = Faulty::start(true).await;
        register(&app, &service.url).await;
        // What is packed is read where it is small enough.
        check_whole(&tents(&app).await);
        faulty.behave(Manner::WithoutEnd);
        // A gateway that unpacked whatever comes would run into the time-out.
        check(&tents(&app).await, "SOURCE_INVALID");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_breaker_opens_and_closes() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        let mut config = bounded();
        config.source_defaults.breaker_failures = 3;
        config.source_defaults.breaker_ms = 1_000;
        let app = serve(&database, config).await;
        let (service, faulty) = Faulty::start(false).await;
        register(&app, &service.url).await;
        // Whether the service fits what was registered was asked, too.
        let before = faulty.asked();
        faulty.behave(Manner::With500);
        for asked in 1..=3 {
            check(&tents(&app).await, "SOURCE_UNAVAILABLE");
            assert_eq!(faulty.asked(), before + asked);
        }
        let answer = tents(&app).await;
        check(&answer, "SOURCE_UNAVAILABLE");
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(
            message.contains("circuit breaker is open after"),
            "{message}"
        );
        assert_eq!(
            faulty.asked(),
            before + 3,
            "an open breaker spares the source"
        );

        faulty.behave(Manner::Well);
        let closed = async {
            while !tents(&app).await["data"]["tents"].is_array() {
                tokio::task::yield_now().await;
            }
        };
        let patience = Duration::from_secs(20);
        tokio::time::timeout(patience, closed)
            .await
            .expect("it stays open");
        assert_eq!(faulty.asked(), before + 4, "one request tried it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_health_probe_tells_and_closes_the_breaker() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        let mut config = bounded();
        config.source_defaults.probe_ms = 250;
        config.source_defaults.breaker_failures = 1;
        config.source_defaults.breaker_ms = 1;
        let app = serve(&database, config).await;
        let (service, faulty) = Faulty::start(false).await;
        faulty.behave(Manner::With500);
        register(&app, &service.url).await;
        await_metric(&app, "upfront_source_up{source=\"tents\"} 0\n").await;
        faulty.behave(Manner::Well);
        await_metric(&app, "upfront_source_up{source=\"tents\"} 1\n").await;
        check_whole(&tents(&app).await);
    })
    .await;
}

async fn await_metric(app: &TestApp, line: &str) {
    let told = async {
        while !send(app.get("/metrics")).await.text.contains(line) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let patience = Duration::from_secs(20);
    tokio::time::timeout(patience, told).await.expect(line);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_fetches_at_once_than_set() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        let mut config = bounded();
        config.source_defaults.concurrency = 2;
        let app = serve(&database, config).await;
        let (service, faulty) = Faulty::start(false).await;
        register(&app, &service.url).await;
        faulty.behave(Manner::Never);
        let answers = futures::future::join_all((0..6).map(|_| tents(&app))).await;
        for answer in &answers {
            check(answer, "SOURCE_TIMEOUT");
        }
        assert_eq!(faulty.most_at_once(), 2);
    })
    .await;
}
