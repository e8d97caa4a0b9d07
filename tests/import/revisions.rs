//! Importing again, correcting, and bringing up to date.

use sea_orm::{EntityTrait, QueryOrder};
use upfront::{
    database::Database,
    import::{Known, Mode},
};

use crate::{
    import::case::{PROVENANCE, everything, import, import_base, import_known, told},
    support::database::on_each_database,
};

fn casualties(killed: &str, provenance: &str) -> String {
    format!("arvenia,2026-09,false,MAN,ADULT,CIVILIAN,UNKNOWN,{killed},true,{provenance}\n")
}

async fn parties(database: &Database) -> Vec<entities::party::Model> {
    entities::party::Entity::find()
        .order_by_asc(entities::party::Column::Id)
        .all(&database.read)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_same_files_again_change_nothing() {
    on_each_database(|database| async move {
        import_base(&database).await;
        let rows = casualties("3", PROVENANCE);
        let files = [("ohchr-casualties", rows.as_str())];
        let first = import(&database, &files, Mode::Store).await.unwrap();
        assert_eq!(first.counts[0].added, 1);
        let before = everything(&database).await;
        let second = import(&database, &files, Mode::Store).await.unwrap();
        assert!(second.changes_nothing());
        assert_eq!(second.counts[0].unchanged, 1);
        assert_eq!(everything(&database).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_reports_and_stores_nothing() {
    on_each_database(|database| async move {
        import_base(&database).await;
        let before = everything(&database).await;
        let rows = casualties("3", PROVENANCE);
        let files = [("ohchr-casualties", rows.as_str())];
        let report = import(&database, &files, Mode::DryRun).await.unwrap();
        assert_eq!(report.counts[0].added, 1);
        assert!(report.to_string().ends_with("dry run: nothing was stored"));
        assert_eq!(everything(&database).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_correction_is_a_further_revision_and_the_first_stays() {
    on_each_database(|database| async move {
        import_base(&database).await;
        let first = casualties("3", PROVENANCE);
        import(&database, &[("ohchr-casualties", &first)], Mode::Store)
            .await
            .unwrap();
        let corrected = PROVENANCE.replace(",1,2026-10-05", ",2,2026-11-05");
        let both = first.clone() + &casualties("5", &corrected);
        let report = import(&database, &[("ohchr-casualties", &both)], Mode::Store)
            .await
            .unwrap();
        assert_eq!((report.counts[0].added, report.counts[0].unchanged), (1, 1));
        let rows = entities::casualty::Entity::find()
            .order_by_asc(entities::casualty::Column::Revision)
            .all(&database.read)
            .await
            .unwrap();
        let known: Vec<_> = rows
            .iter()
            .map(|row| (row.revision, row.killed, row.is_current))
            .collect();
        assert_eq!(known, [(1, Some(3), false), (2, Some(5), true)]);
        // Each was known from its import to that of the next.
        let [first_row, second_row] = rows.as_slice() else {
            panic!("{rows:#?}");
        };
        assert_eq!(first_row.known_to, Some(second_row.known_from));
        assert!(first_row.known_from < second_row.known_from);
        assert!(second_row.known_from > second_row.revised_at);
        assert_eq!(second_row.known_to, None);
        // The first file again: the correction stays the current revision.
        import(&database, &[("ohchr-casualties", &first)], Mode::Store)
            .await
            .unwrap();
        let rows = entities::casualty::Entity::find()
            .all(&database.read)
            .await
            .unwrap();
        assert_eq!(rows.iter().filter(|row| row.is_current).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_fact_is_never_overwritten() {
    on_each_database(|database| async move {
        import_base(&database).await;
        let rows = casualties("3", PROVENANCE);
        import(&database, &[("ohchr-casualties", &rows)], Mode::Store).await.unwrap();
        let before = everything(&database).await;
        for killed in ["4", ""] {
            let rows = casualties(killed, PROVENANCE);
            let error = import(&database, &[("ohchr-casualties", &rows)], Mode::Store).await;
            assert_eq!(
                told(&error.unwrap_err()),
                ["ohchr-casualties.csv, line 3, killed: this record is already stored with another \
                  value; a correction is a new row with the next revision"]
            );
        }
        let skipping = casualties("5", &PROVENANCE.replace(",1,2026-10-05", ",3,2026-11-05"));
        let error = import(&database, &[("ohchr-casualties", &skipping)], Mode::Store).await;
        assert_eq!(
            told(&error.unwrap_err()),
            ["ohchr-casualties.csv, line 3, revision: 3 comes without revision 2 of the same \
              record, in the file or stored"]
        );
        assert_eq!(everything(&database).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_directory_entry_is_brought_up_to_date_and_keeps_its_identity() {
    on_each_database(|database| async move {
        import_base(&database).await;
        let before = parties(&database).await;
        let files = [
            ("parties", "front,Renewal Army,NON_STATE,,\n"),
            ("party-former-names", "front,2025-05-31,Front of Arvenia\n"),
        ];
        let report = import(&database, &files, Mode::Store).await.unwrap();
        assert_eq!((report.counts[0].added, report.counts[0].changed), (0, 1));
        let after = parties(&database).await;
        assert_eq!(after[0].name, "Renewal Army");
        assert_eq!(
            (after[0].id, &after[0].public_id),
            (before[0].id, &before[0].public_id)
        );
        assert_eq!(after[1..], before[1..]);
    })
    .await;
}

#[tokio::test]
async fn a_decision_never_changes() {
    on_each_database(|database| async move {
        import_base(&database).await;
        let decision = "2026-09,arvenia,1,MONITOR,2026-10-14T15:00:00Z,,\n";
        let files = [
            ("review-cycles", "2026-09,MONTHLY,2026-09,,CLOSED,2026-10-03T17:00:00Z,,,\n"),
            ("review-items", "2026-09,arvenia,1,DECIDED,OHCHR,,1\n"),
            ("decisions", decision),
        ];
        import(&database, &files, Mode::Store).await.unwrap();
        let other = decision.replace("MONITOR", "DEPLOY");
        let error = import(&database, &[("decisions", &other)], Mode::Store).await.unwrap_err();
        assert_eq!(
            told(&error),
            ["decisions.csv, line 3, kind: this record is already stored with another value; such \
              a record never changes; add another"]
        );
    })
    .await;
}

#[tokio::test]
async fn two_imports_at_once_both_come_through() {
    on_each_database(|database| async move {
        import_base(&database).await;
        let (first, second) = (casualties("3", PROVENANCE), casualties("3", PROVENANCE));
        let (first, second) = (
            [("ohchr-casualties", &*first)],
            [("ohchr-casualties", &*second)],
        );
        let (first, second) = tokio::join!(
            import(&database, &first, Mode::Store),
            import(&database, &second, Mode::Store),
        );
        let added = first.unwrap().counts[0].added + second.unwrap().counts[0].added;
        assert_eq!(added, 1);
    })
    .await;
}

/// Records that were in use elsewhere before count as known since they were made there; of revisions that
/// come in one file only the last ever was the one that is known here.
#[tokio::test]
async fn revisions_are_known_since_they_are_imported_or_made() {
    on_each_database(|database| async move {
        import_base(&database).await;
        let corrected = PROVENANCE.replace(",1,2026-10-05", ",2,2026-11-05");
        let both = casualties("3", PROVENANCE) + &casualties("5", &corrected);
        let files = [("ohchr-casualties", both.as_str())];
        import(&database, &files, Mode::Store).await.unwrap();
        let rows = async || {
            entities::casualty::Entity::find()
                .order_by_asc(entities::casualty::Column::Revision)
                .all(&database.read)
                .await
                .unwrap()
        };
        let [first, second]: [_; 2] = rows().await.try_into().unwrap();
        assert_eq!(first.known_to, Some(first.known_from));
        assert_eq!(first.known_from, second.known_from);

        entities::casualty::Entity::delete_many()
            .exec(&database.write)
            .await
            .unwrap();
        import_known(&database, &files, Mode::Store, Known::SinceRevision)
            .await
            .unwrap();
        let [first, second]: [_; 2] = rows().await.try_into().unwrap();
        assert_eq!(first.known_from, first.revised_at);
        assert_eq!(first.known_to, Some(second.revised_at));
        assert_eq!(
            (second.known_from, second.known_to),
            (second.revised_at, None)
        );
    })
    .await;
}
