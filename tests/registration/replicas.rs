//! Several gateways over one database.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::json;
use upfront::config::Config;

use crate::{
    app::{TestApp, send},
    database::on_one_database,
    fixture::{Service, config, publish, serve, tents_sdl},
};

/// So long that only being told can be quicker.
fn hardly_polling() -> Config {
    let mut config = config();
    config.registry.poll_ms = 600_000;
    config
}

async fn serves_tents(app: &TestApp) -> bool {
    let schema = send(app.get("/schema.graphql")).await.text;
    schema.contains("tents: [Tent!]")
}

/// How long it takes a gateway to serve what another published.
async fn follows(other: &TestApp) -> Duration {
    let started = Instant::now();
    while !serves_tents(other).await {
        assert!(
            started.elapsed() < Duration::from_secs(30),
            "it never follows"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    started.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_tells_replicas() {
    on_one_database(DbBackend::Postgres, |database| async move {
        let (one, other) = (
            serve(&database, hardly_polling()).await,
            serve(&database, hardly_polling()).await,
        );
        // The listener connects in the background: it is there once the server knows of it.
        listeners(&database, 2).await;
        let service = Service::tents().await;
        let input = json!({ "name": "tents", "url": service.url, "sdl": tents_sdl() });
        assert_eq!(publish(&one, input).await["published"], true);
        assert!(serves_tents(&one).await, "the publisher serves it at once");
        eprintln!(
            "the other replica followed after {:?}",
            follows(&other).await
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_being_told_a_replica_looks() {
    on_one_database(DbBackend::Postgres, |database| async move {
        let (one, other) = (
            serve(&database, hardly_polling()).await,
            serve(&database, config()).await,
        );
        listeners(&database, 2).await;
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND query LIKE 'LISTEN%'";
        database.write.execute_unprepared(cut).await.unwrap();
        let service = Service::tents().await;
        let input = json!({ "name": "tents", "url": service.url, "sdl": tents_sdl() });
        assert_eq!(publish(&one, input).await["published"], true);
        follows(&other).await;
    })
    .await;
    on_one_database(DbBackend::Sqlite, |database| async move {
        let one = serve(&database, hardly_polling()).await;
        let other = serve(&database, config()).await;
        let service = Service::tents().await;
        let input = json!({ "name": "tents", "url": service.url, "sdl": tents_sdl() });
        assert_eq!(publish(&one, input).await["published"], true);
        follows(&other).await;
    })
    .await;
}

async fn listeners(database: &upfront::database::Database, wanted: usize) {
    let count = "SELECT pid FROM pg_stat_activity \
                 WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    for _ in 0..500 {
        let statement = sea_orm::Statement::from_string(DbBackend::Postgres, count);
        let rows = database.read.query_all_raw(statement).await.unwrap();
        if rows.len() >= wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    unreachable!("nobody listens");
}
