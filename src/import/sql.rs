//! The statements of checks and merge. All names come from the catalogue, no value of a
//! record ever enters the text; what they use is common to SQLite and PostgreSQL.

use chrono::{DateTime, SecondsFormat, Utc};
use entities::terms::Classification;
use sea_orm::{ActiveEnum, DbBackend, Iterable};

use super::{
    known::Known,
    problem,
    row::{Column, columns},
    staging,
};
use crate::records::RecordType;

/// How the statements name things: `s` is what is staged, `t` what is stored, `r0…` what it
/// refers to.
struct Names {
    staged: String,
    table: &'static str,
    columns: Vec<Column>,
}

impl Names {
    fn new(record_type: &RecordType) -> Self {
        Self {
            staged: format!("\"{}\"", staging::table(record_type)),
            table: record_type.table,
            columns: columns(record_type),
        }
    }

    /// The columns of the table, each with the expression that its value comes from.
    fn assignments(&self) -> impl Iterator<Item = (&str, String)> {
        self.columns
            .iter()
            .enumerate()
            .map(|(index, column)| match column {
                Column::Copied(name) => (name.as_str(), format!("s.\"{name}\"")),
                Column::Reference { column, .. } => (column.as_str(), format!("r{index}.id")),
            })
    }

    /// Joins that find the rows referred to.
    fn joins(&self) -> String {
        let joins = self.columns.iter().enumerate();
        let joins = joins.filter_map(|(index, column)| match column {
            Column::Copied(_) => None,
            Column::Reference { staged, target, .. } => Some(format!(
                " LEFT JOIN \"{target}\" r{index} ON r{index}.record_key = s.\"{staged}\""
            )),
        });
        joins.collect()
    }
}

fn same_record(record_type: &RecordType, left: &str, right: &str) -> String {
    let revision = if record_type.is_revised() {
        format!(" AND {left}.revision = {right}.revision")
    } else {
        String::new()
    };
    format!("{left}.record_key = {right}.record_key{revision}")
}

/// Line of each row whose key came before, and the line where; here as below only the first rows,
/// each with how many there are in all.
pub(super) fn duplicates(record_type: &RecordType) -> String {
    let names = Names::new(record_type);
    let revision = if record_type.is_revised() {
        ", revision"
    } else {
        ""
    };
    format!(
        "SELECT line, first_line, COUNT(*) OVER () FROM (SELECT line, \
         MIN(line) OVER (PARTITION BY record_key{revision}) AS first_line FROM {}) d \
         WHERE line <> first_line ORDER BY line LIMIT {}",
        names.staged,
        problem::LISTED
    )
}

/// Line and revision of each row whose revision before is nowhere.
pub(super) fn missing_revisions(record_type: &RecordType) -> String {
    let names = Names::new(record_type);
    let exists_in = |table: &str| {
        format!(
            "EXISTS (SELECT 1 FROM {table} p WHERE p.record_key = s.record_key AND \
             p.revision = s.revision - 1)"
        )
    };
    format!(
        "SELECT s.line, s.revision, COUNT(*) OVER () FROM {} s WHERE s.revision > 1 AND NOT {} AND NOT {} \
         ORDER BY s.line LIMIT {}",
        names.staged,
        exists_in(&names.staged),
        exists_in(&format!("\"{}\"", names.table)),
        problem::LISTED
    )
}

/// Line of each row that is stored with another value, and the first such column.
pub(super) fn conflicts(record_type: &RecordType) -> String {
    let names = Names::new(record_type);
    let cases: Vec<_> = names
        .assignments()
        .map(|(column, value)| {
            format!(" WHEN t.\"{column}\" IS DISTINCT FROM {value} THEN '{column}'")
        })
        .collect();
    format!(
        "SELECT line, field, COUNT(*) OVER () FROM (SELECT s.line, CASE{} END AS field FROM {} s \
         JOIN \"{}\" t ON {}{}) d WHERE field IS NOT NULL ORDER BY line LIMIT {}",
        cases.concat(),
        names.staged,
        names.table,
        same_record(record_type, "t", "s"),
        names.joins(),
        problem::LISTED
    )
}

/// Line of each row that would change a record which has entries in the log of the review.
pub(super) fn changes_of_acted_on(record_type: &RecordType) -> String {
    let names = Names::new(record_type);
    let is_new = format!(
        "NOT EXISTS (SELECT 1 FROM \"{}\" t WHERE {})",
        names.table,
        same_record(record_type, "t", "s")
    );
    let is_changed = format!(
        "EXISTS (SELECT 1 FROM \"{}\" t WHERE {} AND {})",
        names.table,
        same_record(record_type, "t", "s"),
        differs(&names, "t")
    );
    format!(
        "SELECT s.line, s.line, COUNT(*) OVER () FROM {} s{} WHERE EXISTS (SELECT 1 FROM \"{}\" a JOIN events e \
         ON e.subject = a.public_id WHERE e.mandate = 'reviews' AND a.record_key = s.record_key) AND ({is_new} OR \
         {is_changed}) ORDER BY s.line LIMIT {}",
        names.staged,
        names.joins(),
        names.table,
        problem::LISTED
    )
}

/// How many rows are staged.
pub(super) fn count_staged(record_type: &RecordType) -> String {
    format!("SELECT COUNT(*) FROM {}", Names::new(record_type).staged)
}

/// How many of the staged rows are above a level.
pub(super) fn count_staged_above(record_type: &RecordType, level: Classification) -> String {
    let above: Vec<_> = Classification::iter()
        .filter(|other| *other > level)
        .map(|other| format!("'{}'", other.to_value()))
        .collect();
    format!(
        "SELECT COUNT(*) FROM {} WHERE \"classification\" IN ({})",
        Names::new(record_type).staged,
        above.join(", ")
    )
}

/// How many stored rows are staged with another value.
pub(super) fn count_changed(record_type: &RecordType) -> String {
    let names = Names::new(record_type);
    format!(
        "SELECT COUNT(*) FROM {} s JOIN \"{}\" t ON {}{} WHERE {}",
        names.staged,
        names.table,
        same_record(record_type, "t", "s"),
        names.joins(),
        differs(&names, "t")
    )
}

fn differs(names: &Names, table: &str) -> String {
    let differences: Vec<_> = names
        .assignments()
        .map(|(column, value)| format!("{table}.\"{column}\" IS DISTINCT FROM {value}"))
        .collect();
    format!("({})", differences.join(" OR "))
}

/// An instant as both databases read it; SQLite compares it as the text that it stores.
fn literal(instant: DateTime<Utc>) -> String {
    format!(
        "'{}'",
        instant.to_rfc3339_opts(SecondsFormat::AutoSi, false)
    )
}

/// The beginning of a day, in UTC.
fn midnight(backend: DbBackend, day: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("({day}::timestamp AT TIME ZONE 'UTC')"),
        _ => format!("({day} || 'T00:00:00+00:00')"),
    }
}

/// Adds the rows that are not there yet. A link to the same table is still empty where the other
/// row comes in the same statement; [`update`] fills it.
pub(super) fn insert(
    record_type: &RecordType,
    backend: DbBackend,
    known: Known,
    now: DateTime<Utc>,
) -> String {
    let names = Names::new(record_type);
    let (mut targets, mut values) = (Vec::new(), Vec::new());
    for (column, value) in names.assignments() {
        targets.push(format!("\"{column}\""));
        values.push(value);
    }
    if record_type.is_revised() {
        targets.push("is_current".to_owned());
        values.push(format!(
            "NOT EXISTS (SELECT 1 FROM {} n WHERE n.record_key = s.record_key AND \
             n.revision > s.revision)",
            names.staged
        ));
        targets.push("known_from".to_owned());
        let now = literal(now);
        let from = match known {
            Known::SinceImport => now,
            Known::SinceRevision => {
                format!("CASE WHEN s.revised_at > {now} THEN {now} ELSE s.revised_at END")
            }
        };
        values.push(if record_type.can_be_held_back() {
            let public = midnight(backend, "s.public_on");
            format!("CASE WHEN {public} > {from} THEN {public} ELSE {from} END")
        } else {
            from
        });
    }
    format!(
        "INSERT INTO \"{}\" ({}) SELECT {} FROM {} s{} WHERE NOT EXISTS (SELECT 1 FROM \"{}\" t \
         WHERE {}) ORDER BY s.line",
        names.table,
        targets.join(", "),
        values.join(", "),
        names.staged,
        names.joins(),
        names.table,
        same_record(record_type, "t", "s"),
    )
}

/// Brings stored rows up to date.
pub(super) fn update(record_type: &RecordType) -> String {
    let names = Names::new(record_type);
    let table = format!("\"{}\"", names.table);
    let sets: Vec<_> = names
        .assignments()
        .map(|(column, value)| format!("\"{column}\" = {value}"))
        .collect();
    format!(
        "UPDATE {table} SET {} FROM {} s{} WHERE {} AND {}",
        sets.join(", "),
        names.staged,
        names.joins(),
        same_record(record_type, &table, "s"),
        differs(&names, &table)
    )
}

/// Marks the revisions that a staged one replaces.
pub(super) fn retire(record_type: &RecordType) -> String {
    let names = Names::new(record_type);
    let table = format!("\"{}\"", names.table);
    format!(
        "UPDATE {table} SET is_current = FALSE WHERE is_current AND EXISTS (SELECT 1 FROM {} s \
         WHERE s.record_key = {table}.record_key AND s.revision > {table}.revision)",
        names.staged
    )
}

/// Takes back revisions that are still held back and have a later one: they never become known.
pub(super) fn take_back(record_type: &RecordType, now: DateTime<Utc>) -> String {
    let table = format!("\"{}\"", record_type.table);
    let now = literal(now);
    format!("UPDATE {table} SET known_to = known_from WHERE NOT is_current AND known_from > {now}")
}

/// Says of the revisions that are no longer current until when they are known: until the next one is that was not
/// taken back.
pub(super) fn end(record_type: &RecordType, now: DateTime<Utc>) -> String {
    let table = format!("\"{}\"", record_type.table);
    let now = literal(now);
    format!(
        "UPDATE {table} SET known_to = (SELECT MIN(later.known_from) FROM {table} later \
         WHERE later.record_key = {table}.record_key AND later.revision > {table}.revision \
         AND (later.known_to IS NULL OR later.known_to > later.known_from)) \
         WHERE NOT is_current AND (known_to IS NULL OR (known_to > {now} AND known_to > known_from))"
    )
}
