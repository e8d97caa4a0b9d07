//! Several gateways over one database.

use std::time::Duration;

use reqwest::Url;
use sea_orm::{ConnectionTrait, DbBackend, sqlx::postgres::PgListener};
use serde_json::json;
use upfront::{config::Config, database::Database};

use crate::{
    registration::fixture::{Service, config, publish, serve, tents_sdl},
    support::{
        app::{TestApp, send},
        database::{on_one_database, postgres_server},
    },
};

const CHANNEL: &str = "upfront_supergraph";

/// Ten minutes, ten times what [`follows`] waits: only a replica that is told follows by then.
fn hardly_polling() -> Config {
    polling(600_000)
}

fn polling(milliseconds: u64) -> Config {
    let mut config = config();
    config.registry.poll_ms = milliseconds;
    config
}

async fn serves_tents(app: &TestApp) -> bool {
    let schema = send(app.get("/schema.graphql")).await.text;
    schema.contains("tents: [Tent!]")
}

/// Waits until a gateway serves what another published.
async fn follows(other: &TestApp) {
    let serving = async {
        while !serves_tents(other).await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let patience = Duration::from_mins(1);
    tokio::time::timeout(patience, serving)
        .await
        .expect("it never follows");
}

async fn publish_tents(app: &TestApp, service: &Service) {
    let input = json!({ "name": "tents", "url": service.url, "sdl": tents_sdl() });
    assert_eq!(publish(app, input).await["published"], true);
    assert!(serves_tents(app).await, "the publisher serves it at once");
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
        let pool = database.write.get_postgres_connection_pool();
        let mut news = PgListener::connect_with(pool).await.unwrap();
        news.listen(CHANNEL).await.unwrap();
        let service = Service::tents().await;
        let following = async {
            news.recv().await.unwrap();
            follows(&other).await;
        };
        tokio::join!(following, publish_tents(&one, &service));
    })
    .await;
}

/// The same database through connections whose notices lead nowhere.
async fn muted(database: &Database) -> Database {
    let mute = "CREATE SCHEMA muted; CREATE FUNCTION muted.pg_notify(text, text) RETURNS void \
                LANGUAGE sql AS 'SELECT'";
    database.write.execute_unprepared(mute).await.unwrap();
    let pool = database.write.get_postgres_connection_pool();
    let options = pool.connect_options();
    let mut url: Url = postgres_server().parse().unwrap();
    url.set_path(options.get_database().unwrap());
    url.set_query(Some("options=-csearch_path%3Dmuted,public,pg_catalog"));
    Database::connect(url.as_str()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_being_told_a_replica_looks() {
    on_one_database(DbBackend::Postgres, move |database| async move {
        let silent = muted(&database).await;
        let one = serve(&silent, hardly_polling()).await;
        let other = serve(&database, polling(1_000)).await;
        let told = serve(&database, hardly_polling()).await;
        listeners(&database, 3).await;
        let service = Service::tents().await;
        publish_tents(&one, &service).await;
        follows(&other).await;
        assert!(!serves_tents(&told).await, "there were notices after all");
        drop((one, other, told));
        silent.close().await.unwrap();
    })
    .await;
    on_one_database(DbBackend::Sqlite, move |database| async move {
        let one = serve(&database, hardly_polling()).await;
        let other = serve(&database, polling(1_000)).await;
        let service = Service::tents().await;
        publish_tents(&one, &service).await;
        follows(&other).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_that_is_cut_off_listens_anew() {
    on_one_database(DbBackend::Postgres, |database| async move {
        let (one, other) = (
            serve(&database, hardly_polling()).await,
            serve(&database, hardly_polling()).await,
        );
        listeners(&database, 2).await;
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND query LIKE 'LISTEN%'";
        database.write.execute_unprepared(cut).await.unwrap();
        let service = Service::tents().await;
        publish_tents(&one, &service).await;
        follows(&other).await;
    })
    .await;
}

async fn listeners(database: &Database, wanted: usize) {
    let count = "SELECT pid FROM pg_stat_activity \
                 WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    let listening = async {
        loop {
            let statement = sea_orm::Statement::from_string(DbBackend::Postgres, count);
            let rows = database.read.query_all_raw(statement).await.unwrap();
            if rows.len() >= wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let patience = Duration::from_secs(20);
    tokio::time::timeout(patience, listening)
        .await
        .expect("nobody listens");
}
