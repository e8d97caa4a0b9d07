//! Several processes: each writes a chain of its own and knows where the others' end.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend};
use upfront::{
    audit_trail::{AuditTrail, Fault, Head, Kind, heads},
    config::AuditSettings,
    database::Database,
};

use crate::{
    audit_trail::{all, entry, findings, requests, start, start_with, tamper},
    support::database::{on_each_database, on_one_database},
};

fn anchoring() -> AuditSettings {
    AuditSettings {
        anchor_seconds: 1,
        ..AuditSettings::default()
    }
}

async fn await_anchors(trail: &Database, chain: &str, number: usize) {
    let there = async {
        loop {
            let anchors = all(trail, Kind::Anchor).await;
            if anchors
                .iter()
                .filter(|anchor| anchor.chain == chain)
                .count()
                >= number
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let patience = Duration::from_mins(1);
    tokio::time::timeout(patience, there)
        .await
        .expect("anchors");
}

async fn fill(trail: &AuditTrail, name: &str, number: usize) {
    for number in 0..number {
        let request = format!("{name}{number}");
        trail.record(entry(&request, &["sit_1"])).await.unwrap();
    }
}

#[tokio::test]
async fn two_write_two_chains_that_anchor_each_other() {
    on_each_database(|database| async move {
        let one = start_with(&database, &anchoring()).await;
        let other = start_with(&database, &anchoring()).await;
        tokio::join!(fill(&one, "a", 20), fill(&other, "b", 20));
        let trail = one.database();
        await_anchors(trail, "replica", 1).await;
        await_anchors(trail, "replica-2", 1).await;
        let names: Vec<String> = (heads(trail).await.unwrap().into_iter())
            .map(|head| head.chain)
            .collect();
        assert_eq!(names, ["replica", "replica-2"]);
        assert_eq!(findings(trail, &[]).await, []);
        assert_eq!(requests(trail).await.len(), 40);

        // Idle replicas do not go on answering each other.
        let idle = async {
            loop {
                let before = all(trail, Kind::Anchor).await.len();
                tokio::time::sleep(Duration::from_secs(3)).await;
                if all(trail, Kind::Anchor).await.len() == before {
                    return;
                }
            }
        };
        let patience = Duration::from_mins(1);
        tokio::time::timeout(patience, idle).await.expect("idle");

        // What was anchored is missed where it is cut off, and where it is written anew.
        let cut = "chain = 'replica-2' AND sequence > 15";
        let statements = ["audit_entries", "audit_reached"]
            .map(|table| format!("DELETE FROM {table} WHERE {cut}"));
        tamper(trail, &statements).await;
        let found = findings(trail, &[]).await;
        assert!(!found.is_empty());
        for finding in found {
            assert_eq!(finding.chain, "replica-2");
            assert!(matches!(finding.fault, Fault::CutOff { .. }), "{finding}");
        }
        one.finish().await;
        other.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_chain_is_taken_over_once_its_writer_has_ended() {
    on_each_database(|database| async move {
        let one = start(&database).await;
        let other = start(&database).await;
        fill(&other, "b", 1).await;
        one.finish().await;
        drop(one);
        let next = start(&database).await;
        let recorded = next.record(entry("c", &[])).await.unwrap();
        assert_eq!(&*recorded.chain, "replica");
        let named = AuditSettings {
            replica: Some("geneva".to_owned()),
            ..AuditSettings::default()
        };
        let third = start_with(&database, &named).await;
        let recorded = third.record(entry("d", &[])).await.unwrap();
        assert_eq!(&*recorded.chain, "geneva");
        assert_eq!(findings(next.database(), &[]).await, []);
    })
    .await;
}

/// Who can write to the database can add an entry that fits; the writer that runs notices, and says so
/// in the chain.
#[tokio::test]
async fn an_entry_that_somebody_else_adds_is_noticed_by_the_writer() {
    on_each_database(|database| async move {
        let trail = start(&database).await;
        fill(&trail, "a", 3).await;
        let end: Head = heads(trail.database()).await.unwrap().remove(0);
        let forged = format!(
            "INSERT INTO audit_entries (chain, sequence, at, kind, entry, previous, hash) \
             VALUES ('replica', {}, 4000000000000000, 'NOTE', '{{}}', '{}', '{}')",
            end.sequence + 1,
            end.hash,
            "a".repeat(64),
        );
        tamper(trail.database(), &[forged]).await;
        let recorded = trail.record(entry("b", &["sit_1"])).await.unwrap();
        assert_eq!(recorded.sequence, end.sequence + 3);
        let found = findings(trail.database(), &[]).await;
        let of = |fault| found.iter().any(|finding| finding.fault == fault);
        assert!(of(Fault::Broken) && of(Fault::Changed), "{found:?}");
    })
    .await;
}

/// While a process has lost its session, another may go on with its chain; that is no break.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chain_that_was_lost_and_continued_by_another_process_holds() {
    on_one_database(DbBackend::Postgres, |database| async move {
        let trail = start(&database).await;
        fill(&trail, "a", 2).await;
        let end_sessions = "SELECT pg_terminate_backend(pid) FROM pg_locks l \
             JOIN pg_database d ON d.oid = l.database \
             WHERE l.locktype = 'advisory' AND d.datname = current_database()";
        database
            .write
            .execute_unprepared(end_sessions)
            .await
            .unwrap();
        let other = loop {
            let other = start(&database).await;
            let recorded = other.record(entry("b", &[])).await.unwrap();
            if &*recorded.chain == "replica" {
                break other;
            }
            other.finish().await;
        };
        other.finish().await;
        let recorded = trail.record(entry("c", &[])).await.unwrap();
        assert_eq!(&*recorded.chain, "replica");
        assert_eq!(findings(&database, &[]).await, []);
    })
    .await;
}
