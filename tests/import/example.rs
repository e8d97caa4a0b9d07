//! The example data: all that the product can show, and nothing that is real.

use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, Statement};
use upfront::{
    database::Database,
    import::{self, Files, Mode},
};

use crate::{
    import::case::everything,
    support::database::{on_each_database, on_one_database},
};

async fn load(database: &Database) {
    import::run(database, &Files::example(), Mode::Store)
        .await
        .unwrap();
}

#[tokio::test]
async fn loads_at_once_and_again_without_a_change() {
    on_each_database(|database| async move {
        let first = import::run(&database, &Files::example(), Mode::Store)
            .await
            .unwrap();
        assert_eq!(first.counts.len(), import::record_types().count());
        assert!(
            first.counts.iter().all(|counts| counts.added > 0),
            "{first}"
        );
        let before = everything(&database).await;
        let second = import::run(&database, &Files::example(), Mode::Store)
            .await
            .unwrap();
        assert!(second.changes_nothing(), "{second}");
        assert_eq!(everything(&database).await, before);
    })
    .await;
}

#[tokio::test]
async fn the_files_beside_the_binary_are_those_in_it() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        load(&database).await;
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/records");
        let files = Files::from_directory(directory.as_ref()).unwrap();
        let report = import::run(&database, &files, Mode::DryRun).await.unwrap();
        assert!(report.changes_nothing());
        assert_eq!(report.counts.len(), import::record_types().count());
    })
    .await;
}

#[tokio::test]
async fn invents_areas_alone_and_says_so() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        load(&database).await;
        let areas = entities::area::Entity::find()
            .all(&database.read)
            .await
            .unwrap();
        for area in areas {
            let codes = [area.iso3.as_deref(), area.pcode.as_deref()];
            for code in codes.into_iter().flatten() {
                let is_free = code.starts_with('X') && code.as_bytes()[1].is_ascii_uppercase();
                assert!(is_free && code.as_bytes()[2].is_ascii_uppercase(), "{code}");
            }
            assert_eq!(area.m49, None, "{}", area.record_key);
        }
        let situations = entities::situation::Entity::find()
            .all(&database.read)
            .await
            .unwrap();
        assert!(situations.iter().all(|situation| situation.is_example));
        assert!(situations.len() >= 60);
        assert!(situations.iter().any(|situation| !situation.is_public));
    })
    .await;
}

/// What has to be there, how often at least, and how to count it.
const VARIETY: [(&str, i64, &str); 19] = [
    (
        "months",
        24,
        "review_cycles WHERE kind = 'MONTHLY' AND period_start >= '2024-11-01'",
    ),
    (
        "regional quarters",
        8,
        "review_cycles WHERE kind = 'QUARTERLY_REGIONAL'",
    ),
    (
        "cycles that take inputs",
        1,
        "review_cycles WHERE state = 'INPUT_OPEN'",
    ),
    (
        "nil returns",
        20,
        "entity_inputs WHERE status = 'NIL_RETURN'",
    ),
    (
        "missing inputs",
        20,
        "entity_inputs WHERE status = 'NOT_RECEIVED' AND coverage <> 'OUTSIDE_MANDATE'",
    ),
    (
        "withdrawn inputs",
        3,
        "entity_inputs WHERE status = 'WITHDRAWN'",
    ),
    (
        "blocks outside the mandate",
        5,
        "entity_blocks WHERE coverage = 'OUTSIDE_MANDATE'",
    ),
    (
        "gaps",
        5,
        "entity_blocks WHERE gap_kind IS NOT NULL AND is_current",
    ),
    ("corrections", 20, "casualties WHERE revision > 1"),
    (
        "late verifications",
        50,
        "violation_counts WHERE late_total > 0",
    ),
    (
        "small counts",
        50,
        "crsv_counts WHERE total BETWEEN 1 AND 4",
    ),
    (
        "figures not collected",
        3,
        "casualties WHERE killed IS NULL",
    ),
    ("zeros", 10, "casualties WHERE killed = 0"),
    ("renames", 3, "party_former_names"),
    ("splits", 2, "parties WHERE split_from_id IS NOT NULL"),
    ("dissent", 3, "decisions WHERE dissent <> ''"),
    (
        "overdue actions",
        5,
        "actions WHERE state IN ('OPEN', 'IN_PROGRESS') AND due_on < '2026-10-01'",
    ),
    (
        "actions carried over twice",
        10,
        "(SELECT action_id FROM action_items GROUP BY action_id HAVING COUNT(*) > 2) a",
    ),
    (
        "situations on every agenda",
        12,
        "(SELECT situation_id FROM review_items GROUP BY situation_id HAVING COUNT(*) >= 24) s",
    ),
];

#[tokio::test]
async fn shows_everything_that_a_review_has_to_cope_with() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        load(&database).await;
        for (what, least, from) in VARIETY {
            let sql = format!("SELECT COUNT(*) FROM {from}");
            let statement = Statement::from_string(DbBackend::Sqlite, sql);
            let row = database.read.query_one_raw(statement).await.unwrap();
            let count: i64 = row.unwrap().try_get_by_index(0).unwrap();
            assert!(count >= least, "{what}: {count}, wanted {least}");
        }
    })
    .await;
}

#[tokio::test]
async fn reference_data_hold_bodies_and_risk_factors() {
    on_one_database(DbBackend::Sqlite, |database| async move {
        import::run(&database, &Files::reference(), Mode::Store)
            .await
            .unwrap();
        let factors = entities::risk_factor::Entity::find()
            .count(&database.read)
            .await
            .unwrap();
        assert_eq!(factors, 14);
        let situations = entities::situation::Entity::find()
            .count(&database.read)
            .await
            .unwrap();
        assert_eq!(situations, 0);
    })
    .await;
}
