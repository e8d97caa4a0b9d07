//! Entries are written together, bounded, and never in part.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend};
use tokio::task::JoinSet;
use upfront::{
    audit_trail::{AuditEntry, AuditError, AuditTrail, Kind, heads},
    auth::Clock,
    config::AuditSettings,
};

use crate::{
    audit_trail::{all, count, entry, findings, quiet, requests, start, start_with},
    support::database::{on_each_database, on_one_database},
};

#[tokio::test]
async fn a_thousand_at_once_are_committed_in_few_transactions() {
    on_each_database(|database| async move {
        let trail = Arc::new(start(&database).await);
        let before = trail.database().statements_run();
        let mut asking = JoinSet::new();
        for number in 0..1_000 {
            let trail = Arc::clone(&trail);
            asking.spawn(async move {
                let request = format!("r{number}");
                let record = format!("sit_{}", number % 7);
                trail.record(entry(&request, &[&record])).await.unwrap()
            });
        }
        let recorded = asking.join_all().await;
        let statements = trail.database().statements_run() - before;
        // Each transaction inserts entries and what they can be found by, and holds the chain.
        assert!(statements <= 100, "{statements} statements");
        let places: BTreeSet<i64> = recorded.iter().map(|recorded| recorded.sequence).collect();
        assert_eq!(places, (2..=1_001).collect());
        let written: BTreeSet<String> = requests(trail.database()).await.into_iter().collect();
        assert_eq!(written.len(), 1_000);
        assert_eq!(findings(trail.database(), &[]).await, []);
        trail.finish().await;
    })
    .await;
}

#[tokio::test]
async fn no_record_is_lost_where_an_operation_reaches_many() {
    on_each_database(|database| async move {
        let trail = start(&database).await;
        let ids: BTreeSet<String> = (0..12_345).map(|number| format!("sit_{number}")).collect();
        let many = AuditEntry {
            records: ids.clone(),
            ..entry("many", &[])
        };
        let first = trail.record(many).await.unwrap();
        let next = trail.record(entry("one", &["sit_1"])).await.unwrap();
        assert_eq!(next.sequence - first.sequence, 13);
        let parts = all(trail.database(), Kind::Operation).await;
        let reached: BTreeSet<String> = parts[..13]
            .iter()
            .flat_map(|part| part.operation().unwrap().records)
            .collect();
        assert_eq!(reached, ids);
        // Each is in `audit_reached` as well, with an owner for each part.
        assert_eq!(
            count(trail.database(), "audit_reached").await,
            12_345 + 13 + 2
        );
        assert_eq!(findings(trail.database(), &[]).await, []);
    })
    .await;
}

/// As many as a source may answer, several times at once.
#[tokio::test]
async fn operations_that_reach_very_much_are_recorded_whole() {
    on_each_database(|database| async move {
        let trail = Arc::new(start(&database).await);
        let mut asking = JoinSet::new();
        for number in 0..3 {
            let trail = Arc::clone(&trail);
            let records = (0..100_000)
                .map(|id| format!("sit_{number}_{id}"))
                .collect();
            asking.spawn(async move {
                let many = AuditEntry {
                    records,
                    ..entry(&number.to_string(), &[])
                };
                trail.record(many).await.unwrap()
            });
        }
        asking.join_all().await;
        assert_eq!(
            count(trail.database(), "audit_reached").await,
            3 * (100_000 + 100)
        );
        assert_eq!(findings(trail.database(), &[]).await, []);
    })
    .await;
}

#[tokio::test]
async fn what_waits_is_written_when_the_service_stops() {
    on_each_database(|database| async move {
        let trail = Arc::new(start(&database).await);
        let mut asking = JoinSet::new();
        for number in 0..50 {
            let trail = Arc::clone(&trail);
            asking.spawn(async move { trail.record(entry(&number.to_string(), &[])).await });
        }
        tokio::task::yield_now().await;
        trail.finish().await;
        let outcomes = asking.join_all().await;
        let written = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(requests(trail.database()).await.len(), written);
        let late = trail.record(entry("late", &[])).await;
        assert!(matches!(late, Err(AuditError::Unavailable)));
    })
    .await;
}

#[tokio::test]
async fn who_leaves_while_waiting_leaves_no_half_entry() {
    on_each_database(|database| async move {
        let trail = start(&database).await;
        for number in 0..40_u64 {
            let ids: BTreeSet<String> = (0..3_000).map(|id| format!("sit_{id}")).collect();
            let many = AuditEntry {
                records: ids,
                ..entry(&number.to_string(), &[])
            };
            let patience = Duration::from_micros(number * 500);
            let _ = tokio::time::timeout(patience, trail.record(many)).await;
        }
        trail.finish().await;
        let written = all(trail.database(), Kind::Operation).await.len();
        assert_eq!(written % 3, 0, "{written}");
        assert_eq!(findings(trail.database(), &[]).await, []);
    })
    .await;
}

/// A machine's clock may be set back.
#[derive(Debug)]
struct Backwards(std::sync::atomic::AtomicI64);

impl Clock for Backwards {
    fn now(&self) -> u64 {
        0
    }

    fn instant(&self) -> DateTime<Utc> {
        let seconds = self.0.fetch_sub(60, std::sync::atomic::Ordering::Relaxed);
        DateTime::from_timestamp(seconds, 0).unwrap()
    }
}

#[tokio::test]
async fn the_time_of_a_chain_never_goes_back() {
    on_each_database(|database| async move {
        let clock = Arc::new(Backwards(1_764_000_000.into()));
        let trail = AuditTrail::start(&database, &quiet(), clock).await.unwrap();
        let first = trail.record(entry("a", &[])).await.unwrap();
        let second = trail.record(entry("b", &[])).await.unwrap();
        assert!(second.at >= first.at);
        assert_eq!(findings(trail.database(), &[]).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_chain_goes_on_after_a_restart() {
    on_each_database(|database| async move {
        for round in 0..3 {
            let trail = start(&database).await;
            let request = round.to_string();
            let recorded = trail.record(entry(&request, &[])).await.unwrap();
            assert_eq!(
                (&*recorded.chain, recorded.sequence),
                ("replica", 2 * round + 2)
            );
            trail.finish().await;
        }
        let trail = start(&database).await;
        assert_eq!(all(trail.database(), Kind::Start).await.len(), 4);
        assert_eq!(heads(trail.database()).await.unwrap().len(), 1);
        assert_eq!(findings(trail.database(), &[]).await, []);
    })
    .await;
}

#[tokio::test]
async fn answers_without_an_entry_are_counted_in_the_trail() {
    on_each_database(|database| async move {
        let trail = start(&database).await;
        trail.note_unrecorded();
        trail.note_unrecorded();
        trail.record(entry("a", &[])).await.unwrap();
        trail.record(entry("b", &[])).await.unwrap();
        trail.note_unrecorded();
        trail.finish().await;
        let told = all(trail.database(), Kind::Unrecorded).await;
        let told: Vec<&str> = told.iter().map(|record| record.entry.as_str()).collect();
        assert_eq!(told, [r#"{"answers":2}"#, r#"{"answers":1}"#]);
    })
    .await;
}

#[tokio::test]
async fn the_queue_is_bounded() {
    on_each_database(|database| async move {
        let settings = AuditSettings {
            queue: 2,
            ..quiet()
        };
        let trail = Arc::new(start_with(&database, &settings).await);
        let mut asking = JoinSet::new();
        for number in 0..100 {
            let trail = Arc::clone(&trail);
            asking.spawn(async move { trail.record(entry(&number.to_string(), &[])).await });
        }
        let outcomes = asking.join_all().await;
        assert!(outcomes.iter().all(Result::is_ok));
        assert_eq!(requests(trail.database()).await.len(), 100);
    })
    .await;
}

#[tokio::test]
async fn the_database_refuses_to_change_entries() {
    on_each_database(|database| async move {
        let trail = start(&database).await;
        trail.record(entry("a", &["sit_1"])).await.unwrap();
        let statements = [
            "UPDATE audit_entries SET entity = 'OTHER'",
            "DELETE FROM audit_entries WHERE sequence = 2",
            "UPDATE audit_reached SET id = 'sit_2'",
            "DELETE FROM audit_reached",
        ];
        let of_backend: &[&str] = match trail.database().backend() {
            sea_orm::DbBackend::Postgres => &["TRUNCATE audit_entries", "TRUNCATE audit_reached"],
            _ => &[
                "INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries",
                "INSERT OR REPLACE INTO audit_reached SELECT * FROM audit_reached",
            ],
        };
        for sql in statements.iter().chain(of_backend) {
            let refused = trail.database().write.execute_unprepared(sql).await;
            let error = refused.unwrap_err().to_string();
            assert!(
                error.contains("the audit trail is append-only"),
                "{sql}: {error}"
            );
        }
        assert_eq!(findings(trail.database(), &[]).await, []);
    })
    .await;
}

/// Whoever closes a descriptor of a file gives up the locks of the whole process on it, those of SQLite
/// included; another program would then take the write-ahead log away.
#[tokio::test]
async fn the_process_that_makes_the_file_keeps_its_lock() {
    use std::os::unix::fs::MetadataExt;
    on_one_database(DbBackend::Sqlite, |database| async move {
        let trail = start(&database).await;
        trail.record(entry("one", &["sit_1"])).await.unwrap();
        let Ok(locks) = std::fs::read_to_string("/proc/locks") else {
            println!("skipped: this system has no /proc/locks");
            return;
        };
        let file = trail.database().file().unwrap();
        let inode = format!(":{} ", std::fs::metadata(&file).unwrap().ino());
        assert!(locks.contains(&inode), "{}: {locks}", file.display());
    })
    .await;
}
