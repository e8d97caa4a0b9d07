//! Migrates the database to this version.

use migrations::{Migrator, MigratorTrait};
use sea_orm::{DbBackend, DbErr};

use super::{
    error::DatabaseError,
    pool::{Database, take_turn},
};

/// The number of the lock; it must never change.
const ADVISORY_LOCK: i64 = 0x0075_7066_726f_6e74;

impl Database {
    /// Makes all missing changes or none, and returns their names. One at a time: others wait.
    pub async fn migrate(&self) -> Result<Vec<String>, DatabaseError> {
        self.migrate_inner().await.map_err(DatabaseError::Migrate)
    }

    async fn migrate_inner(&self) -> Result<Vec<String>, DbErr> {
        let transaction = self.begin().await?;
        take_turn(&transaction, ADVISORY_LOCK).await?;
        let pending = Migrator::get_pending_migrations(&transaction).await?;
        let names = pending
            .iter()
            .map(|pending| pending.name().to_owned())
            .collect();
        Migrator::up(&transaction, None).await?;
        transaction.commit().await?;
        Ok(names)
    }

    /// Makes SQLite ready to serve; refuses another database that lacks changes.
    pub async fn prepare_to_serve(&self) -> Result<(), DatabaseError> {
        if self.backend() == DbBackend::Sqlite {
            return self.migrate().await.map(|_| ());
        }
        let pending = Migrator::get_pending_migrations_read_only(&self.read)
            .await
            .map_err(DatabaseError::Migrate)?;
        match pending.len() {
            0 => Ok(()),
            lacking => Err(DatabaseError::Behind(lacking)),
        }
    }
}
