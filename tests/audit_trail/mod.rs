//! The audit trail: nothing acknowledged is lost, nothing changed goes unnoticed.

mod command_line;
mod crash;
mod outage;
mod reading;
mod replicas;
mod tampering;
mod writing;

use std::{collections::BTreeSet, sync::Arc};

use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};
use upfront::{
    audit_trail::{
        AuditEntry, AuditTrail, Fault, Filter, Finding, Head, Kind, Level, Order, Page, Record,
        read, verify,
    },
    auth::SystemClock,
    config::AuditSettings,
    database::Database,
};

/// A trail that anchors nothing by itself.
async fn start(database: &Database) -> AuditTrail {
    start_with(database, &quiet()).await
}

async fn start_with(database: &Database, settings: &AuditSettings) -> AuditTrail {
    AuditTrail::start(database, settings, Arc::new(SystemClock))
        .await
        .unwrap()
}

fn quiet() -> AuditSettings {
    AuditSettings {
        anchor_seconds: 0,
        ..AuditSettings::default()
    }
}

fn set<T: ToString>(items: impl IntoIterator<Item = T>) -> BTreeSet<String> {
    items.into_iter().map(|item| item.to_string()).collect()
}

/// What OSAPG reads of OHCHR's, about some situations.
fn entry(request: &str, records: &[&str]) -> AuditEntry {
    AuditEntry {
        subject: Some(format!("subject-of-{request}")),
        entity: Some("OSAPG".to_owned()),
        purpose: Some("monthly review".to_owned()),
        request_id: request.to_owned(),
        operation_hash: "0".repeat(64),
        sources: set(["ohchr", "reviews"]),
        highest_level: Level::Confidential,
        fields: set(["Casualties.breakdown"]),
        owners: set(["OHCHR"]),
        records: set(records),
        ..AuditEntry::default()
    }
}

async fn findings(trail: &Database, kept: &[Head]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let outcome = verify(trail, kept, &mut |finding| findings.push(finding)).await;
    assert_eq!(outcome.unwrap().findings, findings.len() as u64);
    // What `tamper` leaves of the triggers is tested by itself.
    findings.retain(|finding| !matches!(finding.fault, Fault::Altered(_)));
    findings
}

/// All entries of a kind, oldest first.
async fn all(trail: &Database, kind: Kind) -> Vec<Record> {
    let filter = Filter {
        kind: Some(kind),
        ..Filter::default()
    };
    let page = Page {
        first: 100_000,
        after: None,
        order: Order::OldestFirst,
    };
    read(trail, &filter, &page).await.unwrap().records
}

/// The ids of the requests that are in the trail, in its order.
async fn requests(trail: &Database) -> Vec<String> {
    let records = all(trail, Kind::Operation).await;
    let operations = records.iter().map(|record| record.operation().unwrap());
    operations.map(|operation| operation.request_id).collect()
}

/// What somebody does who owns the schema: statements that the triggers would refuse.
async fn tamper(trail: &Database, statements: &[String]) {
    let transaction = trail.write.begin().await.unwrap();
    for table in ["audit_entries", "audit_reached"] {
        if trail.backend() == DbBackend::Postgres {
            let sql = format!("ALTER TABLE {table} DISABLE TRIGGER ALL");
            transaction.execute_unprepared(&sql).await.unwrap();
            continue;
        }
        for what in ["update", "delete", "replace"] {
            let sql = format!("DROP TRIGGER IF EXISTS {table}_no_{what}");
            transaction.execute_unprepared(&sql).await.unwrap();
        }
    }
    for sql in statements {
        transaction
            .execute_unprepared(sql)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    transaction.commit().await.unwrap();
}

async fn count(trail: &Database, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {table}");
    let statement = Statement::from_string(trail.backend(), sql);
    let row = trail.read.query_one_raw(statement).await.unwrap();
    row.unwrap().try_get_by_index(0).unwrap()
}
