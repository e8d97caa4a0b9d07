//! Checks of whole tables at once, in SQL: keys that come twice, revisions that are missing,
//! records that are stored with other values.

use sea_orm::{ConnectionTrait, DbErr, Statement, TryGetable};

use super::{problem::Problems, sql};
use crate::records::{History, RecordType};

/// Checks what is staged for a type against itself and against what is stored.
pub(super) async fn check<C: ConnectionTrait>(
    connection: &C,
    record_type: &RecordType,
    problems: &mut Problems,
) -> Result<(), DbErr> {
    duplicates(connection, record_type, problems).await?;
    if record_type.is_revised() {
        missing_revisions(connection, record_type, problems).await?;
    }
    if RUN_HERE.contains(&record_type.name) {
        run_here(connection, record_type, problems).await?;
    }
    if record_type.history != History::Updated {
        conflicts(connection, record_type, problems).await?;
    }
    Ok(())
}

/// Types of records that the review here acts on.
const RUN_HERE: [&str; 4] = ["review-cycles", "review-items", "entity-inputs", "actions"];

/// A record that was acted on here is not changed by files: its acts were somebody's, and have their rules.
async fn run_here<C: ConnectionTrait>(
    connection: &C,
    record_type: &RecordType,
    problems: &mut Problems,
) -> Result<(), DbErr> {
    let changed = sql::changes_of_acted_on(record_type);
    let (found, unlisted) = pairs::<C, i32>(connection, &changed).await?;
    problems.add_unlisted(unlisted);
    for (line, _) in found {
        let reason = "this record was acted on in the review, and is not changed by a file; leave the row out, and act \
                      on it in the graph"
            .to_owned();
        problems.add(&record_type.file(), line, None, reason);
    }
    Ok(())
}

async fn duplicates<C: ConnectionTrait>(
    connection: &C,
    record_type: &RecordType,
    problems: &mut Problems,
) -> Result<(), DbErr> {
    let by = record_type.key.join(", ");
    let and_revision = if record_type.is_revised() {
        ", revision"
    } else {
        ""
    };
    let (found, unlisted) = pairs::<C, i32>(connection, &sql::duplicates(record_type)).await?;
    problems.add_unlisted(unlisted);
    for (line, first) in found {
        let reason = format!(
            "the same record ({by}{and_revision}) stands on line {first}; keep one of the two"
        );
        problems.add(&record_type.file(), line, None, reason);
    }
    Ok(())
}

async fn missing_revisions<C: ConnectionTrait>(
    connection: &C,
    record_type: &RecordType,
    problems: &mut Problems,
) -> Result<(), DbErr> {
    let missing = sql::missing_revisions(record_type);
    let (found, unlisted) = pairs::<C, i32>(connection, &missing).await?;
    problems.add_unlisted(unlisted);
    for (line, revision) in found {
        let reason = format!(
            "{revision} comes without revision {} of the same record, in the file or stored",
            revision - 1
        );
        problems.add(&record_type.file(), line, Some("revision"), reason);
    }
    Ok(())
}

async fn conflicts<C: ConnectionTrait>(
    connection: &C,
    record_type: &RecordType,
    problems: &mut Problems,
) -> Result<(), DbErr> {
    let help = match record_type.history {
        History::Revised => "a correction is a new row with the next revision",
        _ => "such a record never changes; add another",
    };
    let (found, unlisted) = pairs::<C, String>(connection, &sql::conflicts(record_type)).await?;
    problems.add_unlisted(unlisted);
    for (line, field) in found {
        let reason = format!("this record is already stored with another value; {help}");
        problems.add(&record_type.file(), line, Some(&field), reason);
    }
    Ok(())
}

/// Line and value of the first rows that a statement finds, and how many it finds beyond them.
async fn pairs<C: ConnectionTrait, T: TryGetable>(
    connection: &C,
    sql: &str,
) -> Result<(Vec<(u64, T)>, usize), DbErr> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await?;
    let total: i64 = match rows.first() {
        Some(row) => row.try_get_by_index(2)?,
        None => 0,
    };
    let pair = |row: &sea_orm::QueryResult| {
        let line: i32 = row.try_get_by_index(0)?;
        Ok((u64::try_from(line).unwrap_or(0), row.try_get_by_index(1)?))
    };
    let unlisted = usize::try_from(total).unwrap_or_default();
    let found: Vec<_> = rows.iter().map(pair).collect::<Result<_, DbErr>>()?;
    let unlisted = unlisted.saturating_sub(found.len());
    Ok((found, unlisted))
}
