//! The registry's rows: SeaORM and nothing else.

mod checks;
mod consents;
mod operations;
mod read;
mod write;

pub use checks::NewCheck;
pub use operations::{Seen, Usage};
pub use read::{ActiveVersion, Current};
pub(crate) use write::CHANNEL;
pub use write::{NewSupergraph, NewVersion, Published};

use chrono::{DateTime, Utc};
use sea_orm::DbErr;

use crate::database::Database;

/// Where the registry keeps what it knows.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

/// Why a change was not stored.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else changed the joint schema meanwhile: look again.
    #[error("the joint schema changed meanwhile")]
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
