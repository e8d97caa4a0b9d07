//! Records from files into the database: all or nothing, and the same files again change nothing.
//!
//! Files are read into temporary tables in batches; checks and the move into the real tables are
//! a few statements a table in one short transaction.

mod catalogue;
mod check;
mod encrypt_stored;
mod encryption;
mod error;
mod example_ids;
mod files;
mod header;
mod identifier;
mod known;
mod merge;
mod problem;
mod reader;
mod references;
mod report;
mod row;
mod rules;
mod sql;
mod staging;
mod template;

use futures::future::BoxFuture;
use sea_orm::DatabaseConnection;

pub use catalogue::all as record_types;
pub use encrypt_stored::encrypt_stored;
pub use example_ids::use_example_ids;
pub use files::Files;
pub use identifier::IdKey;
pub use known::Known;
pub use problem::{Problem, Problems};
pub use report::{Counts, Report};
pub use template::{documentation, never_held, template};

pub use crate::records::{History, RecordType};
pub use error::ImportError;

use crate::{
    auth::{Clock, SystemClock},
    database::{Database, begin_writing, take_turn},
    record_keys::store_keys,
};
use encryption::KeyState;

/// Any number will do, as long as it stays the same and differs from that of the migrations.
pub(crate) const TURN: i64 = 0x0069_6d70_6f72_7400;

/// How often an import begins anew because others were faster.
const ATTEMPTS: usize = 5;

/// Whether an import stores what it read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It does.
    Store,
    /// It does everything and then rolls back.
    DryRun,
}

/// Imports all files or none.
pub fn run<'a>(
    database: &'a Database,
    files: &'a Files,
    mode: Mode,
) -> BoxFuture<'a, Result<Report, ImportError>> {
    Box::pin(async move {
        encrypt_stored(database).await?;
        for _ in 0..ATTEMPTS {
            let alone = database.connect_alone().await?;
            let outcome = run_alone(&alone, files, mode).await;
            alone.close().await?;
            if let Some(report) = outcome? {
                return Ok(report);
            }
        }
        Err(ImportError::Overtaken)
    })
}

/// Nothing where keys were made, or records were sealed, since it began: what is staged has to be encrypted anew.
async fn run_alone(
    connection: &DatabaseConnection,
    files: &Files,
    mode: Mode,
) -> Result<Option<Report>, ImportError> {
    let ids = IdKey::of(connection).await?;
    let key_state = KeyState::read(connection).await?;
    let mut new_keys = Vec::new();
    let mut problems = files.problems();
    let mut references = references::References::default();
    for file in files.contents() {
        let file = file?;
        let staged = staging::stage(connection, &ids, &file, &mut references, &mut problems);
        new_keys.extend(staged.await?);
    }

    let transaction = begin_writing(connection).await?;
    // Two imports at once could each hold half of what the other's rows refer to.
    take_turn(&transaction, TURN).await?;
    if KeyState::read(&transaction).await? != key_state {
        transaction.rollback().await?;
        return Ok(None);
    }
    references.check(&transaction, &mut problems).await?;
    for record_type in files.record_types() {
        check::check(&transaction, record_type, &mut problems).await?;
    }
    if !problems.is_empty() {
        transaction.rollback().await?;
        problems.sort();
        return Err(ImportError::Problems(problems));
    }

    // Another import can have stored rows meanwhile: taken in its turn, the time is after theirs.
    let now = SystemClock.instant();
    store_keys(&transaction, &new_keys, now).await?;
    let mut report = Report {
        counts: Vec::new(),
        is_dry_run: mode == Mode::DryRun,
    };
    for record_type in files.record_types() {
        report
            .counts
            .push(merge::merge(&transaction, record_type, files.known, now).await?);
    }
    match mode {
        Mode::Store => transaction.commit().await?,
        Mode::DryRun => transaction.rollback().await?,
    }
    Ok(Some(report))
}
