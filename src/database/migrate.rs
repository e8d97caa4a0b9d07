//! Migrates the database to this version.

use migrations::{AuditMigrator, Migrator, MigratorTrait};
use sea_orm::{DatabaseTransaction, DbBackend, DbErr};

use super::{
    error::DatabaseError,
    pool::{Database, take_turn},
};

/// The number of the lock; it must never change.
const ADVISORY_LOCK: i64 = 0x0075_7066_726f_6e74;

impl Database {
    /// Makes all missing changes or none, and returns their names. One at a time: others wait.
    pub async fn migrate(&self) -> Result<Vec<String>, DatabaseError> {
        let made = async {
            let transaction = self.begin().await?;
            take_turn(&transaction, ADVISORY_LOCK).await?;
            let mut names = make_missing::<Migrator>(&transaction).await?;
            if self.holds_the_trail() {
                names.extend(make_missing::<AuditMigrator>(&transaction).await?);
            }
            transaction.commit().await?;
            Ok(names)
        };
        made.await.map_err(DatabaseError::Migrate)
    }

    /// The same for a database that holds the audit trail and nothing else.
    pub async fn migrate_trail(&self) -> Result<Vec<String>, DatabaseError> {
        let made = async {
            let transaction = self.begin().await?;
            take_turn(&transaction, ADVISORY_LOCK).await?;
            let names = make_missing::<AuditMigrator>(&transaction).await?;
            transaction.commit().await?;
            Ok(names)
        };
        made.await.map_err(DatabaseError::Migrate)
    }

    /// Makes SQLite ready to serve; refuses another database that lacks changes.
    pub async fn prepare_to_serve(&self) -> Result<(), DatabaseError> {
        if self.backend() == DbBackend::Sqlite {
            return self.migrate().await.map(|_| ());
        }
        let count = async {
            let pending = Migrator::get_pending_migrations_read_only(&self.read).await?;
            let of_trail = AuditMigrator::get_pending_migrations_read_only(&self.read).await?;
            Ok(pending.len() + of_trail.len())
        };
        match count.await.map_err(DatabaseError::Migrate)? {
            0 => Ok(()),
            lacking => Err(DatabaseError::Behind(lacking)),
        }
    }

    /// How many changes the audit trail that it holds lacks; nothing is changed.
    pub async fn lacks_changes_of_trail(&self) -> Result<usize, DatabaseError> {
        let pending = AuditMigrator::get_pending_migrations_read_only(&self.read).await;
        Ok(pending.map_err(DatabaseError::Migrate)?.len())
    }

    /// Whether the audit trail is in it beside all else. On SQLite it has a file of its own, since a file
    /// has one writer at a time.
    fn holds_the_trail(&self) -> bool {
        self.backend() == DbBackend::Postgres
    }
}

async fn make_missing<M: MigratorTrait>(
    transaction: &DatabaseTransaction,
) -> Result<Vec<String>, DbErr> {
    let pending = M::get_pending_migrations(transaction).await?;
    let names = pending.iter().map(|one| one.name().to_owned()).collect();
    M::up(transaction, None).await?;
    Ok(names)
}
