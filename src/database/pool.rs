//! The connections to a database.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
    sea_query::{Func, Query},
};

use super::reach::Reach;

/// Connections to one database. On SQLite `write` is a single connection; elsewhere both are one
/// pool.
#[derive(Clone, Debug)]
pub struct Database {
    /// For queries; on SQLite it can do nothing else.
    pub read: DatabaseConnection,
    /// For changes, best through [`Database::begin`].
    pub write: DatabaseConnection,
    pub(super) statements: Arc<AtomicU64>,
    /// Whether the server is there; a file always is.
    pub(super) reach: Option<Arc<Reach>>,
}

impl Database {
    /// Which kind of database it is.
    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// Begins a transaction that may write; on SQLite it waits for its turn at once, since a
    /// transaction that turns from reading to writing can fail half-way.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        begin_writing(&self.write).await
    }

    /// Itself, or while its server is known to be gone, one that fails every statement at once.
    #[must_use]
    pub fn at_once(&self) -> Self {
        let closed = self.reach.as_ref().and_then(|reach| reach.find_closed());
        let mut at_once = self.clone();
        if let Some(closed) = closed {
            at_once.read.clone_from(closed);
            at_once.write.clone_from(closed);
        }
        at_once
    }

    /// Whether its server is known to be gone.
    pub fn is_lost(&self) -> bool {
        let reach = self.reach.as_ref();
        reach.is_some_and(|reach| reach.find_closed().is_some())
    }

    /// Waits until its server is known to be gone.
    pub async fn lost(&self) {
        match &self.reach {
            Some(reach) => reach.lost().await,
            None => std::future::pending().await,
        }
    }

    /// Something failed or took long that may come from a server that is gone: has that checked.
    pub fn suspect(&self) {
        if let Some(reach) = &self.reach {
            reach.suspect();
        }
    }

    /// Has what was deleted or overwritten leave the log of changes, where it stands besides the file (SQLite).
    /// Whether it did: those who read may need it.
    pub async fn erase_deleted(&self) -> Result<bool, DbErr> {
        if self.backend() != DbBackend::Sqlite {
            return Ok(true);
        }
        // Who writes does not wait behind it.
        let alone = self.connect_alone().await?;
        let erased = empty_log(&alone).await;
        alone.close().await?;
        erased
    }

    /// How many statements have run on this database since it was connected.
    pub fn statements_run(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Waits for running statements and closes all connections.
    pub async fn close(self) -> Result<(), DbErr> {
        self.read.close().await?;
        self.write.close().await
    }
}

/// Takes a lock by its number, which only one transaction at a time can hold; the others wait. On
/// SQLite transactions that write take turns already.
pub(crate) async fn take_turn(transaction: &DatabaseTransaction, number: i64) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        let lock = Func::cust("pg_advisory_xact_lock").arg(number);
        transaction.execute(Query::select().expr(lock)).await?;
    }
    Ok(())
}

async fn empty_log(alone: &DatabaseConnection) -> Result<bool, DbErr> {
    alone
        .execute_unprepared("PRAGMA busy_timeout = 500")
        .await?;
    let checkpoint = Statement::from_string(DbBackend::Sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
    let row = alone.query_one_raw(checkpoint).await?;
    let is_busy: Option<i32> = row.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(is_busy == Some(0))
}

/// [`Database::begin`] on a separate connection.
pub(crate) async fn begin_writing(
    connection: &DatabaseConnection,
) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    connection.begin_with_options(options).await
}
