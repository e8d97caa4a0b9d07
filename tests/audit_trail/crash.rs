//! Killed in the middle: what was acknowledged is there, and the chain goes on.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use upfront::database::Database;

use crate::{
    audit_trail::{entry, findings, requests, start},
    support::{
        database::{on_each_database, postgres_server},
        length::length,
        random::Random,
    },
};

/// Says to a process of this program that it is to write to a trail, and where.
const TRAIL: &str = "UPFRONT_TEST_AUDIT_TRAIL";

/// What the process that is killed does: it says each request whose entry is acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_until_it_is_killed() {
    let Some(url) = std::env::var_os(TRAIL) else {
        return;
    };
    let database = Database::connect(url.to_str().unwrap()).await.unwrap();
    let trail = Arc::new(start(&database).await);
    let round = std::process::id();
    let clients = (0..16).map(|client| {
        let trail = Arc::clone(&trail);
        tokio::spawn(async move {
            for number in 0..1_000_000 {
                let request = format!("{round}-{client}-{number}");
                let records = ["sit_1", "sit_2"];
                trail.record(entry(&request, &records)).await.unwrap();
                let line = format!("\nacknowledged {request}\n");
                std::io::stdout().write_all(line.as_bytes()).unwrap();
            }
        })
    });
    futures::future::join_all(clients).await;
}

/// Runs that process for a while, kills it, and returns what it had said.
fn write_and_kill(url: &str, pause: Duration) -> BTreeSet<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "audit_trail::crash::writes_until_it_is_killed",
            "--exact",
            "--nocapture",
        ])
        .env(TRAIL, url)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut said = BTreeSet::new();
    let mut keep = |line: std::io::Result<String>| {
        // The last line may be cut.
        let line = line.unwrap_or_default();
        if let Some(request) = line.strip_prefix("acknowledged ") {
            said.insert(request.to_owned());
        }
    };
    // Once it writes at all.
    for line in lines.by_ref() {
        let is_first = line.as_ref().is_ok_and(|line| line.starts_with("ackn"));
        keep(line);
        if is_first {
            break;
        }
    }
    let killing = std::thread::spawn(move || {
        std::thread::sleep(pause);
        child.kill().unwrap();
        child.wait().unwrap();
    });
    lines.for_each(keep);
    killing.join().unwrap();
    said
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    on_each_database(|database| async move {
        let url = database.file().map_or_else(
            || {
                let pool = database.write.get_postgres_connection_pool();
                let options = pool.connect_options();
                format!("{}/{}", postgres_server(), options.get_database().unwrap())
            },
            |file| format!("sqlite:{}", file.display()),
        );
        let mut random = Random::seeded(20_261_128);
        let mut acknowledged = BTreeSet::new();
        for _ in 0..length(3, 50) {
            let pause = Duration::from_millis(u64::try_from(random.below(400)).unwrap());
            let url = url.clone();
            let said = tokio::task::spawn_blocking(move || write_and_kill(&url, pause)).await;
            let said = said.unwrap();
            assert!(!said.is_empty());
            acknowledged.extend(said);
        }
        let trail = start(&database).await;
        let written = requests(trail.database()).await;
        let once: BTreeSet<String> = written.iter().cloned().collect();
        assert_eq!(once.len(), written.len(), "an entry is there twice");
        let lost: Vec<_> = acknowledged.difference(&once).collect();
        assert!(lost.is_empty(), "{lost:?}");
        assert_eq!(findings(trail.database(), &[]).await, []);
        eprintln!(
            "{} acknowledged, {} written",
            acknowledged.len(),
            once.len()
        );
    })
    .await;
}
