//! Has what was destroyed leave the files of the database: on SQLite its log of changes is emptied, as pages are
//! overwritten by themselves; on PostgreSQL tables are written anew. Whoever reads can be in the way: it is tried
//! again until it is done.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement, sea_query::Value};

use super::store;
use crate::{
    auth::{Clock, SystemClock},
    database::{Database, without_values},
};

/// How long apart attempts are.
const PAUSE: Duration = Duration::from_mins(1);

/// Tries at once, and again as long as something is left; it never ends.
pub async fn keep_erasing(database: Database) {
    let mut was_told = false;
    loop {
        match erase(&database, SystemClock.instant()).await {
            Ok(true) => was_told = false,
            Ok(false) if was_told => {}
            Ok(false) => {
                was_told = true;
                tracing::warn!(
                    "what was destroyed can still stand in files of the database: others read it, or the \
                     log says why; it is tried again every minute"
                );
            }
            Err(error) => {
                let error = without_values(&error);
                tracing::error!(error, "what was destroyed cannot be erased");
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Whether nothing of what was destroyed is left.
pub(super) async fn erase(database: &Database, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let seals = store::unerased(&database.read).await?;
    let Some(last) = seals.iter().filter_map(|seal| seal.destroyed_at).max() else {
        return Ok(true);
    };
    let mut tables: Vec<&str> = seals
        .iter()
        .map(|seal| seal.record_table.as_str())
        .collect();
    tables.push("record_keys");
    tables.sort_unstable();
    tables.dedup();
    let is_done = match database.backend() {
        DbBackend::Postgres => {
            let alone = database.connect_alone().await?;
            let is_done = write_anew(&alone, &tables, last).await;
            alone.close().await?;
            is_done?
        }
        _ => database.erase_deleted().await?,
    };
    if is_done {
        store::note_erased(&database.write, &seals, now).await?;
    }
    Ok(is_done)
}

/// Writes tables anew, if no transaction is open that began before what was destroyed was: its rows would be kept
/// for it.
async fn write_anew(
    alone: &DatabaseConnection,
    tables: &[&str],
    destroyed_at: DateTime<Utc>,
) -> Result<bool, DbErr> {
    // Who waits for a table has others wait behind.
    alone
        .execute_unprepared("SET lock_timeout = '500ms'")
        .await?;
    let earlier = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
         AND xact_start <= $1 + interval '1 second'",
        [Value::from(destroyed_at)],
    );
    let earlier = alone.query_one_raw(earlier).await?;
    let earlier: Option<i64> = earlier.map(|row| row.try_get_by_index(0)).transpose()?;
    if earlier != Some(0) {
        return Ok(false);
    }
    let mut is_done = true;
    for table in tables {
        let statement = format!("VACUUM (FULL) \"{table}\"");
        if let Err(error) = alone.execute_unprepared(&statement).await {
            // Somebody reads it, for now; or the role does not own it.
            let error = without_values(&error);
            tracing::warn!(error, table, "a table cannot be written anew");
            is_done = false;
        }
    }
    Ok(is_done)
}
