//! What a case needs: a base of records, files of its own, everything that is stored.

use sea_orm::{DbBackend, EntityTrait, QueryOrder};
use upfront::{
    database::Database,
    import::{self, Files, ImportError, Known, Mode, Report},
};

use crate::support::{
    database::{on_each_database, on_one_database},
    scratch::Scratch,
};

/// Provenance of a first revision, the last cells of a fact.
pub(crate) const PROVENANCE: &str =
    "OHCHR,2026-10-05T09:00:00Z,1,2026-10-05T10:00:00Z,,,CONFIDENTIAL";

/// A file named after its type: the two header rows of the template, then `rows`.
pub(crate) type File<'a> = (&'a str, &'a str);

/// A small world: one area within another, two parties, one situation.
const BASE: [File<'_>; 4] = [
    (
        "areas",
        "XAA,COUNTRY_OR_TERRITORY,,XAA,,,Arvenia,,,,,,\n\
         XAA-01,ADMIN1,,,XAA01,XAA,Arvenia North,,,,,,\n",
    ),
    (
        "parties",
        "front,Front of Arvenia,NON_STATE,,\nfaction,Faction of the Front,NON_STATE,front,2026-03-09\n",
    ),
    (
        "situations",
        "arvenia,Armed conflict in Arvenia,,,,,,2019-02-01,2026-10-01T09:00:00Z,true,true\n",
    ),
    ("situation-areas", "arvenia,XAA,1\n"),
];

/// Imports files with their header rows into a database.
pub(crate) async fn import(
    database: &Database,
    files: &[File<'_>],
    mode: Mode,
) -> Result<Report, ImportError> {
    import_known(database, files, mode, Known::SinceImport).await
}

/// The same, saying since when the records count as known.
pub(crate) async fn import_known(
    database: &Database,
    files: &[File<'_>],
    mode: Mode,
    known: Known,
) -> Result<Report, ImportError> {
    let scratch = Scratch::new();
    for (name, rows) in files {
        let record_type = import::record_types().find(|record_type| record_type.name == *name);
        let header = import::template(record_type.expect("a type of record"));
        let header = without_embargo(&header);
        scratch.write(&format!("{name}.csv"), &format!("{header}{rows}"));
    }
    let files = Files::from_directory(scratch.path())?.known(known);
    import::run(database, &files, mode).await
}

/// A header without the column of the day until which a revision is held back: it is optional.
fn without_embargo(header: &str) -> String {
    let lines: Vec<Vec<_>> = header
        .lines()
        .map(|line| line.split(',').collect())
        .collect();
    let embargo = lines[1]
        .iter()
        .position(|tag| *tag == "#date+public+embargo");
    let kept = lines.iter().map(|cells| {
        let cells = cells.iter().enumerate();
        let cells = cells.filter(|(index, _)| Some(*index) != embargo);
        cells.map(|(_, cell)| *cell).collect::<Vec<_>>().join(",") + "\n"
    });
    kept.collect()
}

/// The base and the bodies it needs.
pub(crate) async fn import_base(database: &Database) {
    import::run(database, &Files::reference(), Mode::Store)
        .await
        .unwrap();
    import(database, &BASE, Mode::Store).await.unwrap();
}

/// Expects files to be refused with just these problems, and the database to stay as it was. They
/// are refused before any database is asked, so one kind of it will do.
pub(crate) async fn refuses(files: &'static [File<'static>], problems: &'static [&'static str]) {
    on_one_database(DbBackend::Sqlite, |database| {
        refuses_in(database, files, problems)
    })
    .await;
}

/// [`refuses`], where it is the database that finds the problems.
pub(crate) async fn database_refuses(
    files: &'static [File<'static>],
    problems: &'static [&'static str],
) {
    on_each_database(|database| refuses_in(database, files, problems)).await;
}

async fn refuses_in(database: Database, files: &[File<'_>], problems: &'static [&'static str]) {
    import_base(&database).await;
    let before = everything(&database).await;
    for mode in [Mode::DryRun, Mode::Store] {
        let error = import(&database, files, mode).await.unwrap_err();
        assert_eq!(told(&error), problems);
    }
    assert_eq!(everything(&database).await, before);
}

/// Expects a single file, exactly as given, to be refused.
pub(crate) async fn refuses_bytes(
    name: &'static str,
    bytes: &'static [u8],
    problems: &'static [&'static str],
) {
    on_one_database(DbBackend::Sqlite, |database| async move {
        import_base(&database).await;
        let before = everything(&database).await;
        let scratch = Scratch::new();
        std::fs::write(scratch.path().join(name), bytes).unwrap();
        let files = Files::from_directory(scratch.path()).unwrap();
        let error = import::run(&database, &files, Mode::Store)
            .await
            .unwrap_err();
        assert_eq!(told(&error), problems);
        assert_eq!(everything(&database).await, before);
    })
    .await;
}

/// The problems of an error, one line each.
pub(crate) fn told(error: &ImportError) -> Vec<String> {
    match error {
        ImportError::Problems(problems) => {
            problems.listed().iter().map(ToString::to_string).collect()
        }
        other => panic!("{other}"),
    }
}

macro_rules! everything_in {
    ($database:ident: $($entity:ident)*) => {
        vec![$(
            (stringify!($entity), entities::$entity::Entity::find()
                .order_by_asc(entities::$entity::Column::Id)
                .into_json()
                .all(&$database.read)
                .await
                .unwrap()),
        )*]
    };
}

/// All rows of all tables that records go to.
pub(crate) async fn everything(
    database: &Database,
) -> Vec<(&'static str, Vec<sea_orm::JsonValue>)> {
    everything_in!(database:
        action action_item area caac_listing casualty change commitment communication
        crsv_admin1_count crsv_count crsv_listing crsv_setting decision entity_block entity_input
        field_presence organisation organisation_name party party_former_name presence_situation
        recommendation review_cycle review_item risk_assessment risk_factor risk_finding
        risk_indicator signal situation situation_area situation_state violation_count)
}
