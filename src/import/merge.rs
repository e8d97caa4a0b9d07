//! From the temporary tables into the real ones: a few statements a table, in one transaction.

use chrono::{DateTime, Utc};
use entities::terms::Classification;
use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::{known::Known, report::Counts, sql};
use crate::records::{History, RecordType};

/// Moves what is staged for a type.
pub(super) async fn merge<C: ConnectionTrait>(
    connection: &C,
    record_type: &RecordType,
    known: Known,
    now: DateTime<Utc>,
) -> Result<Counts, DbErr> {
    let staged = number(connection, &sql::count_staged(record_type)).await?;
    let untold = match record_type.told_up_to {
        Some(level) if level < Classification::StrictlyConfidential => {
            number(connection, &sql::count_staged_above(record_type, level)).await?
        }
        _ => 0,
    };
    let mut changed = 0;
    if record_type.history == History::Updated {
        changed = number(connection, &sql::count_changed(record_type)).await?;
    }
    if record_type.history == History::Revised {
        // First, since the database allows one current revision of a record at any time.
        connection
            .execute_unprepared(&sql::retire(record_type))
            .await?;
    }
    let inserted = connection
        .execute_unprepared(&sql::insert(
            record_type,
            connection.get_database_backend(),
            known,
            now,
        ))
        .await?;
    let added = inserted.rows_affected();
    if record_type.history == History::Revised {
        if record_type.can_be_held_back() {
            connection
                .execute_unprepared(&sql::take_back(record_type, now))
                .await?;
        }
        connection
            .execute_unprepared(&sql::end(record_type, now))
            .await?;
    }
    if record_type.history == History::Updated {
        // Also where a row was only added: its link to its own table is still empty.
        connection
            .execute_unprepared(&sql::update(record_type))
            .await?;
    }
    Ok(Counts {
        record_type: record_type.name,
        added,
        changed,
        unchanged: staged.saturating_sub(added + changed),
        untold,
    })
}

async fn number<C: ConnectionTrait>(connection: &C, sql: &str) -> Result<u64, DbErr> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await?;
    let number: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(number
        .and_then(|number| u64::try_from(number).ok())
        .unwrap_or(0))
}
