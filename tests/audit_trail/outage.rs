//! The database fails: nothing is acknowledged that is not stored, nothing is stored twice.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use reqwest::Url;
use sea_orm::{ConnectionTrait, DbBackend};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use upfront::{
    audit_trail::{AuditError, AuditTrail, Kind},
    database::Database,
};

use crate::{
    audit_trail::{all, entry, findings, requests, start},
    registration::proxy::Proxy,
    support::database::{on_each_database, on_one_database, postgres_server},
};

/// The same database by another way.
async fn by_way_of(port: u16, database: &Database) -> Database {
    let pool = database.write.get_postgres_connection_pool();
    let options = pool.connect_options();
    let mut url: Url = postgres_server().parse().unwrap();
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(port)).unwrap();
    url.set_path(options.get_database().unwrap());
    Database::connect(url.as_str()).await.unwrap()
}

fn server() -> String {
    let url: Url = postgres_server().parse().unwrap();
    let host = url.host_str().unwrap();
    format!("{host}:{}", url.port().unwrap_or(5432))
}

/// Records until it succeeds.
async fn record_at_last(trail: &AuditTrail, request: &str) {
    let recorded = async {
        while trail.record(entry(request, &["sit_1"])).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let patience = Duration::from_mins(1);
    tokio::time::timeout(patience, recorded)
        .await
        .expect("written again");
}

async fn make_fail(trail: &Database) {
    let sql = match trail.backend() {
        DbBackend::Postgres => {
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'no room'; END $$; \
             CREATE TRIGGER fail BEFORE INSERT ON audit_reached EXECUTE FUNCTION fail();"
        }
        _ => {
            "CREATE TRIGGER fail BEFORE INSERT ON audit_reached \
             BEGIN SELECT RAISE(ABORT, 'no room'); END;"
        }
    };
    trail.write.execute_unprepared(sql).await.unwrap();
}

async fn make_work(trail: &Database) {
    let sql = match trail.backend() {
        DbBackend::Postgres => "DROP TRIGGER fail ON audit_reached",
        _ => "DROP TRIGGER fail",
    };
    trail.write.execute_unprepared(sql).await.unwrap();
}

#[tokio::test]
async fn while_nothing_can_be_written_everything_is_refused() {
    on_each_database(|database| async move {
        let trail = start(&database).await;
        trail.record(entry("before", &["sit_1"])).await.unwrap();
        make_fail(trail.database()).await;
        for number in 0..5 {
            let refused = trail.record(entry(&number.to_string(), &["sit_1"])).await;
            assert!(matches!(refused, Err(AuditError::Unavailable)));
            assert!(trail.is_failing());
        }
        make_work(trail.database()).await;
        record_at_last(&trail, "after").await;
        assert!(!trail.is_failing());
        assert_eq!(requests(trail.database()).await, ["before", "after"]);
        assert_eq!(all(trail.database(), Kind::Start).await.len(), 1);
        assert_eq!(findings(trail.database(), &[]).await, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trail_goes_on_once_the_server_is_back() {
    on_one_database(DbBackend::Postgres, |database| async move {
        let proxy = Proxy::start(server()).await;
        let way = by_way_of(proxy.address.port(), &database).await;
        let trail = start(&way).await;
        trail.record(entry("before", &["sit_1"])).await.unwrap();
        proxy.cut().await;
        for number in 0..5 {
            let refused = trail.record(entry(&number.to_string(), &["sit_1"])).await;
            assert!(matches!(refused, Err(AuditError::Unavailable)));
        }
        proxy.restore().await;
        record_at_last(&trail, "after").await;
        assert_eq!(requests(&database).await, ["before", "after"]);
        assert_eq!(all(&database, Kind::Start).await.len(), 1);
        assert_eq!(findings(&database, &[]).await, []);
        trail.finish().await;
        way.close().await.unwrap();
    })
    .await;
}

/// What becomes of the next commit.
const HAND_ON: u8 = 0;
/// The server has it; its answer is lost, and the connection with it.
const LOSE_ANSWER: u8 = 1;
/// It never gets to the server.
const LOSE_COMMIT: u8 = 2;

/// Hands on connections to the server, and loses one commit if told to.
async fn lossy_way(next: Arc<AtomicU8>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(hand_on(client, Arc::clone(&next)));
        }
    });
    port
}

async fn hand_on(client: TcpStream, next: Arc<AtomicU8>) -> std::io::Result<()> {
    let server = TcpStream::connect(server()).await?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let answers = tokio::spawn(async move {
        let _ = tokio::io::copy(&mut from_server, &mut to_client).await;
    });
    let mut bytes = vec![0; 1 << 16];
    loop {
        let length = from_client.read(&mut bytes).await?;
        if length == 0 {
            return Ok(());
        }
        let sent = &bytes[..length];
        if sent.windows(7).any(|some| some == b"COMMIT\0") {
            match next.swap(HAND_ON, Ordering::SeqCst) {
                LOSE_COMMIT => {
                    answers.abort();
                    return Ok(());
                }
                LOSE_ANSWER => {
                    answers.abort();
                    let _ = answers.await;
                    to_server.write_all(sent).await?;
                    return Ok(());
                }
                _ => {}
            }
        }
        to_server.write_all(sent).await?;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_was_lost_is_not_written_twice() {
    on_one_database(DbBackend::Postgres, |database| async move {
        let next = Arc::new(AtomicU8::new(HAND_ON));
        let port = lossy_way(Arc::clone(&next)).await;
        let way = by_way_of(port, &database).await;
        let trail = start(&way).await;
        let mut expected = Vec::new();
        for turn in 0..20_u8 {
            let request = turn.to_string();
            next.store(turn % 3, Ordering::SeqCst);
            trail.record(entry(&request, &["sit_1"])).await.unwrap();
            assert_eq!(next.load(Ordering::SeqCst), HAND_ON, "no commit was seen");
            expected.push(request);
        }
        assert_eq!(requests(&database).await, expected);
        assert_eq!(findings(&database, &[]).await, []);
        assert_eq!(all(&database, Kind::Start).await.len(), 1);
        trail.finish().await;
        way.close().await.unwrap();
    })
    .await;
}
