//! A chain is written by one process at a time: by the one that has claimed its name.
//!
//! On PostgreSQL the claim is an advisory lock of the session that writes. Each transaction takes it once
//! more: a pool replaces a connection that broke without a word, and the lock may be another's by then.
//! On SQLite it is the lock of a file, which ends with the process. Names are `replica`, `replica-2` and
//! so on: a process takes the first that is free, so there are no more chains than processes at once.

use std::{
    fs::{File, TryLockError},
    time::Duration,
};

use aws_lc_rs::digest::{SHA256, digest};
use entities::audit_entry;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use super::{chain::Tip, draft::FoundBy, error::AuditError, store};
use crate::database::{Database, begin_writing};

/// Processes that may write at once.
const MOST_CHAINS: usize = 1_000;
/// How long a chain is waited for that this process wrote before: the server may take a moment to see
/// that its old session has ended.
const PATIENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(50);

/// Takes the lock, and has the transaction wait for the disk though the database be set not to.
const HOLD: &str = "SELECT pg_try_advisory_lock($1), CASE current_setting('synchronous_commit') \
    WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END";
const RELEASE: &str = "SELECT pg_advisory_unlock_all()";
const TRY: &str = "SELECT pg_try_advisory_lock($1)";

/// A chain that this process may write, with the connection that it writes through.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) chain: String,
    /// Where the chain ends.
    pub(super) tip: Tip,
    connection: DatabaseConnection,
    /// On SQLite; it is unlocked when it is closed.
    _file: Option<File>,
}

impl Claim {
    /// Claims a chain: that which this process wrote last, if it can still be had, or the first that is
    /// free.
    pub(super) async fn take(
        trail: &Database,
        name: &str,
        last: Option<&str>,
    ) -> Result<Self, AuditError> {
        let connection = trail.connect_alone().await?;
        if let Some(chain) = last {
            let mut waited = Duration::ZERO;
            while waited < PATIENCE {
                if let Some(claim) = Self::try_take(trail, &connection, chain).await? {
                    return Ok(claim);
                }
                tokio::time::sleep(PAUSE).await;
                waited += PAUSE;
            }
        }
        for number in 1..=MOST_CHAINS {
            let chain = match number {
                1 => name.to_owned(),
                _ => format!("{name}-{number}"),
            };
            if let Some(claim) = Self::try_take(trail, &connection, &chain).await? {
                return Ok(claim);
            }
        }
        Err(AuditError::NoChain(name.to_owned()))
    }

    async fn try_take(
        trail: &Database,
        connection: &DatabaseConnection,
        chain: &str,
    ) -> Result<Option<Self>, AuditError> {
        let file = match trail.file() {
            None if !lock(connection, TRY, chain).await? => return Ok(None),
            None => None,
            Some(file) => match lock_file(&file.with_extension(format!("{chain}.lock")))? {
                None => return Ok(None),
                locked => locked,
            },
        };
        // In a turn of its own: a transaction of the last claim may still be on its way.
        let transaction = begin_writing(connection).await?;
        let tip = store::tip(&transaction, chain).await?;
        transaction.commit().await?;
        Ok(Some(Self {
            chain: chain.to_owned(),
            tip,
            connection: connection.clone(),
            _file: file,
        }))
    }

    /// Gives the chain up, for the next process at once.
    pub(super) async fn release(self) -> Result<(), DbErr> {
        if self.connection.get_database_backend() == DbBackend::Postgres {
            self.connection.execute_unprepared(RELEASE).await?;
        }
        self.connection.close().await
    }

    /// Stores entries that continue the chain, all or none. After an error it is not known which: the
    /// next claim shows it by its tip.
    pub(super) async fn append(
        &self,
        rows: &[audit_entry::Model],
        found_by: &[&FoundBy],
    ) -> Result<(), DbErr> {
        let transaction = begin_writing(&self.connection).await?;
        if transaction.get_database_backend() == DbBackend::Postgres
            && !lock(&transaction, HOLD, &self.chain).await?
        {
            let chain = &self.chain;
            return Err(DbErr::Custom(format!("another process writes `{chain}`")));
        }
        // Somebody who owns the tables can have cut off or added what this process did not write.
        let tip = store::tip(&transaction, &self.chain).await?;
        if tip != self.tip {
            let chain = &self.chain;
            return Err(DbErr::Custom(format!(
                "`{chain}` does not end where it was left"
            )));
        }
        store::insert(&transaction, rows, found_by).await?;
        transaction.commit().await?;
        // A rule or a trigger can have sent them elsewhere or removed them again, at the commit too.
        let tip = store::tip(&self.connection, &self.chain).await?;
        if rows.last().is_some_and(|last| Tip::of(last) != tip) {
            let chain = &self.chain;
            return Err(DbErr::Custom(format!("`{chain}` lacks what was stored")));
        }
        Ok(())
    }
}

async fn lock(connection: &impl ConnectionTrait, sql: &str, chain: &str) -> Result<bool, DbErr> {
    let number = lock_number(chain).into();
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [number]);
    let row = connection.query_one_raw(statement).await?;
    row.map_or(Ok(false), |row| row.try_get_by_index(0))
}

/// The number of a chain's lock.
fn lock_number(chain: &str) -> i64 {
    let hash = digest(&SHA256, format!("upfront audit trail\n{chain}").as_bytes());
    let first = hash.as_ref().first_chunk().copied();
    i64::from_be_bytes(first.unwrap_or_default())
}

/// A file locked for this process; none where another has locked it.
fn lock_file(path: &std::path::Path) -> Result<Option<File>, AuditError> {
    let refuse = |error| AuditError::File(path.display().to_string(), error);
    let file = File::create(path).map_err(refuse)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(refuse(error)),
    }
}
