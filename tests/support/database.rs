//! A database of its own for each test, on SQLite and on PostgreSQL.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use sea_orm::{ConnectionTrait, DbBackend};
use upfront::database::Database;

/// A test need not outlive a power cut.
const RELAXED: &str = "options=-csynchronous_commit%3Doff";

static NEXT: AtomicU32 = AtomicU32::new(0);

/// Runs a test on a fresh, migrated SQLite file and on a fresh, migrated PostgreSQL database, and
/// removes both afterwards. Without a PostgreSQL server that half is skipped with a message.
pub(crate) async fn on_each_database<T, F>(test: T)
where
    T: Fn(Database) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    on_one_database(DbBackend::Sqlite, &test).await;
    on_one_database(DbBackend::Postgres, &test).await;
}

/// Runs a test on one kind of database, where the kind makes no difference or all of it.
pub(crate) async fn on_one_database<T, F>(backend: DbBackend, test: T)
where
    T: Fn(Database) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("upfront_test_{}_{number}", std::process::id());
    match backend {
        DbBackend::Sqlite => on_sqlite(&name, &test).await,
        _ => on_postgres(&name, &test).await,
    }
}

async fn on_sqlite<T, F>(name: &str, test: &T)
where
    T: Fn(Database) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let directory: PathBuf = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&directory).unwrap();
    let database = Database::open(&directory.join("upfront.db")).await.unwrap();
    database.migrate().await.unwrap();
    let outcome = tokio::spawn(test(database.clone())).await;
    database.close().await.unwrap();
    std::fs::remove_dir_all(&directory).unwrap();
    if let Err(panic) = outcome {
        eprintln!("failed on SQLite");
        std::panic::resume_unwind(panic.into_panic());
    }
}

async fn on_postgres<T, F>(name: &str, test: &T)
where
    T: Fn(Database) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let server = postgres_server();
    let Ok(admin) = Database::connect(&format!("{server}/postgres")).await else {
        eprintln!("skipped on PostgreSQL: no server at {server} (UPFRONT_TEST_POSTGRES)");
        return;
    };
    let create = format!("CREATE DATABASE {name}");
    admin.write.execute_unprepared(&create).await.unwrap();
    let database = Database::connect(&format!("{server}/{name}?{RELAXED}"))
        .await
        .unwrap();
    database.migrate().await.unwrap();
    let outcome = tokio::spawn(test(database.clone())).await;
    database.close().await.unwrap();
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    admin.write.execute_unprepared(&drop).await.unwrap();
    admin.close().await.unwrap();
    if let Err(panic) = outcome {
        eprintln!("failed on PostgreSQL");
        std::panic::resume_unwind(panic.into_panic());
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the service's own settings have no place for a server to test on"
)]
pub(crate) fn postgres_server() -> String {
    std::env::var("UPFRONT_TEST_POSTGRES")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432".to_owned())
}
