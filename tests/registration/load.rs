//! Publications under load: no request fails, none sees half a change.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::DbBackend;
use serde_json::{Value, json};

use crate::{
    registration::fixture::{Service, config, publish, serve, tents_sdl},
    support::{
        app::{TestApp, send},
        database::on_one_database,
        length::length,
    },
};

/// Publishes again and again while others ask; how many requests were answered, and the resident
/// memory in kilobytes after each publication.
async fn publish_under_load(publications: usize, connections: usize) -> (u64, Vec<u64>) {
    let measured = Arc::new(std::sync::Mutex::new((0, Vec::new())));
    let outcome = Arc::clone(&measured);
    on_one_database(DbBackend::Sqlite, move |database| {
        let outcome = Arc::clone(&outcome);
        async move {
            let app = Arc::new(serve(&database, config()).await);
            let service = Service::tents().await;
            let input = |turn: usize| {
                let field = format!("beds: Int!\n\tturn{turn}: Int");
                let sdl = tents_sdl().replace("beds: Int!", &field);
                json!({ "name": "tents", "url": service.url, "sdl": sdl, "allowBreaking": "test" })
            };
            assert_eq!(publish(&app, input(0)).await["published"], true);
            let is_over = Arc::new(AtomicBool::new(false));
            let answered = Arc::new(AtomicU64::new(0));
            let askers: Vec<_> = (0..connections)
                .map(|_| {
                    let (app, is_over) = (Arc::clone(&app), Arc::clone(&is_over));
                    let answered = Arc::clone(&answered);
                    tokio::spawn(async move {
                        while !is_over.load(Ordering::Relaxed) {
                            ask(&app).await;
                            answered.fetch_add(1, Ordering::Relaxed);
                        }
                    })
                })
                .collect();
            let mut memory = Vec::new();
            for turn in 1..=publications {
                let publication = publish(&app, input(turn)).await;
                assert_eq!(publication["published"], true, "{publication:#}");
                memory.push(resident_kilobytes());
            }
            is_over.store(true, Ordering::Relaxed);
            for asker in askers {
                asker.await.unwrap();
            }
            *outcome.lock().unwrap() = (answered.load(Ordering::Relaxed), memory);
        }
    })
    .await;
    let measured = measured.lock().unwrap();
    measured.clone()
}

async fn ask(app: &TestApp) {
    let body =
        json!({ "query": "query Tents { tents { beds } reviewCycles(first: 1) { totalCount } }" });
    let answer = send(app.post(&body).timeout(Duration::from_mins(1))).await;
    let json: Value = answer.json();
    assert_eq!(answer.status, 200, "{json:#}");
    assert!(json.get("errors").is_none(), "{json:#}");
    assert_eq!(json["data"]["tents"][0]["beds"], 7, "{json:#}");
}

fn resident_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_fails_while_supergraphs_are_swapped() {
    let (publications, connections) = length((5, 8), (100, 50));
    let (answered, memory) = publish_under_load(publications, connections).await;
    assert!(answered > 0);
    if let (Some(tenth), Some(last)) = (memory.get(9), memory.last()) {
        eprintln!("{answered} requests; {tenth} kB after the tenth publication, {last} kB at last");
        assert!(last * 10 <= tenth * 11, "memory grew: {memory:?}");
    }
}
