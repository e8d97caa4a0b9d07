//! A database of its own for each test, on SQLite and on PostgreSQL.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use futures::future::BoxFuture;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tokio::sync::OnceCell;
use upfront::database::Database;

/// A test need not outlive a power cut.
const RELAXED: &str = "options=-csynchronous_commit%3Doff";

static NEXT: AtomicU32 = AtomicU32::new(0);

/// What a database holds before a test begins. It is filled once a process and copied for each test.
pub(crate) struct Template {
    name: &'static str,
    fill: fn(Database) -> BoxFuture<'static, ()>,
    /// The bytes of an SQLite file.
    sqlite: OnceCell<Vec<u8>>,
    /// The name of a PostgreSQL database.
    postgres: OnceCell<String>,
}

impl Template {
    /// A migrated database that is filled by a function. The name tells one from another.
    pub(crate) const fn new(
        name: &'static str,
        fill: fn(Database) -> BoxFuture<'static, ()>,
    ) -> Self {
        Self {
            name,
            fill,
            sqlite: OnceCell::const_new(),
            postgres: OnceCell::const_new(),
        }
    }

    async fn fill(&self, database: Database) {
        database.migrate().await.unwrap();
        (self.fill)(database.clone()).await;
        database.close().await.unwrap();
    }

    /// The bytes of the SQLite file.
    pub(crate) async fn sqlite(&self) -> &[u8] {
        let make = async || {
            let directory = std::env::temp_dir().join(self.own_name());
            std::fs::create_dir_all(&directory).unwrap();
            let file = directory.join("upfront.db");
            self.fill(Database::open(&file).await.unwrap()).await;
            let bytes = std::fs::read(&file).unwrap();
            std::fs::remove_dir_all(&directory).unwrap();
            bytes
        };
        self.sqlite.get_or_init(make).await
    }

    async fn postgres(&self, admin: &Database) -> &str {
        let make = async || {
            drop_templates_left_over(admin).await;
            let name = self.own_name();
            let create = format!("CREATE DATABASE {name}");
            admin.write.execute_unprepared(&create).await.unwrap();
            let url = format!("{}/{name}?{RELAXED}", postgres_server());
            self.fill(Database::connect(&url).await.unwrap()).await;
            name
        };
        self.postgres.get_or_init(make).await
    }

    fn own_name(&self) -> String {
        format!("{TEMPLATES}{}_{}", std::process::id(), self.name)
    }
}

/// What the names of templates begin with; the process that made one follows.
const TEMPLATES: &str = "upfront_template_";

/// Drops the templates of processes that have ended: none of them can drop its own last of all.
async fn drop_templates_left_over(admin: &Database) {
    let sql = format!("SELECT datname FROM pg_database WHERE datname LIKE '{TEMPLATES}%'");
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    for row in admin.write.query_all_raw(statement).await.unwrap() {
        let name: String = row.try_get("", "datname").unwrap();
        let process = name[TEMPLATES.len()..]
            .split('_')
            .next()
            .unwrap_or_default();
        let processes = std::path::Path::new("/proc");
        if processes.join("self").exists() && !processes.join(process).exists() {
            // Another process may drop it at the same time.
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            let _ = admin.write.execute_unprepared(&drop).await;
        }
    }
}

static EMPTY: Template = Template::new("empty", |_| Box::pin(async {}));

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
    on_one_copy(&EMPTY, backend, &test).await;
}

/// Runs a test on a copy of a template.
pub(crate) async fn on_one_copy<T, F>(template: &'static Template, backend: DbBackend, test: &T)
where
    T: Fn(Database) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("upfront_test_{}_{number}", std::process::id());
    match backend {
        DbBackend::Sqlite => on_sqlite(template, &name, test).await,
        _ => on_postgres(template, &name, test).await,
    }
}

async fn on_sqlite<T, F>(template: &'static Template, name: &str, test: &T)
where
    T: Fn(Database) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let directory: PathBuf = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&directory).unwrap();
    let file = directory.join("upfront.db");
    std::fs::write(&file, template.sqlite().await).unwrap();
    let database = Database::open(&file).await.unwrap();
    let outcome = tokio::spawn(test(database.clone())).await;
    database.close().await.unwrap();
    std::fs::remove_dir_all(&directory).unwrap();
    if let Err(panic) = outcome {
        eprintln!("failed on SQLite");
        std::panic::resume_unwind(panic.into_panic());
    }
}

async fn on_postgres<T, F>(template: &'static Template, name: &str, test: &T)
where
    T: Fn(Database) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let server = postgres_server();
    let Ok(admin) = Database::connect(&format!("{server}/postgres")).await else {
        eprintln!("skipped on PostgreSQL: no server at {server} (UPFRONT_TEST_POSTGRES)");
        return;
    };
    let from = template.postgres(&admin).await;
    let create = format!("CREATE DATABASE {name} TEMPLATE {from}");
    admin.write.execute_unprepared(&create).await.unwrap();
    let database = Database::connect(&format!("{server}/{name}?{RELAXED}"))
        .await
        .unwrap();
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
