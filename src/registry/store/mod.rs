//! The registry's rows, read and written with SeaORM.

mod apply;
mod checks;
mod lists;
mod load;
mod operations;
mod read;

pub(crate) use apply::CHANNEL;
pub use apply::{Basis, Published};
pub use checks::NewCheck;
pub use lists::SupergraphMember;
pub use load::Stored;
pub use operations::{Client, Seen, Usage};

use chrono::{DateTime, Utc};
use entities::terms::SourceEventKind;
use sea_orm::DbErr;

use crate::database::Database;

/// The registry's entries in the log of what happened.
const MANDATE: &str = "registry";
/// The events that change which source may read what.
const OF_CONSENTS: [SourceEventKind; 3] = [
    SourceEventKind::ConsentGranted,
    SourceEventKind::ConsentWithdrawn,
    SourceEventKind::Transferred,
];
/// Values of one `IN` list, rows of one insertion.
const CHUNK: usize = 500;

/// The store of the registry.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

/// Why a change was not stored.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another change was stored in the meantime: the state has to be loaded again.
    #[error("the registry changed meanwhile")]
    Outrun,
    /// The database.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl Store {
    /// A store in a database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// The database it is in.
    pub fn database(&self) -> &Database {
        &self.database
    }
}

/// Seconds since 1970 as an instant.
pub fn instant(seconds: u64) -> DateTime<Utc> {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
