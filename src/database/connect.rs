//! Connections, set up for what this service does.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnAcquireErr, ConnectOptions, DatabaseConnection, DbBackend, DbErr, RuntimeErr,
    sqlx::{
        self, ConnectOptions as _, Connection, Pool, pool::PoolOptions, postgres::PgConnectOptions,
    },
};

use super::{error::DatabaseError, pool::Database, reach::Reach};

const READERS: u32 = 8;
const POSTGRES_CONNECTIONS: u32 = 16;
/// How long the first connection may take.
const NO_ANSWER: Duration = Duration::from_secs(5);
const BUSY: Duration = Duration::from_secs(15);

impl Database {
    /// Connects to `sqlite:FILE` or `postgres://…`. A file that is missing is made.
    pub async fn connect(url: &str) -> Result<Self, DatabaseError> {
        if let Some(file) = sqlite_file(url) {
            let is_in_memory = url.contains(":memory:") || url.contains("mode=memory");
            if is_in_memory || file.as_os_str().is_empty() {
                return Err(DatabaseError::Url(
                    "an SQLite database lives in a file here, so that readers and the writer see \
                     the same"
                        .to_owned(),
                ));
            }
            return Self::open(file).await;
        }
        match url.split_once(':') {
            Some(("postgres" | "postgresql", _)) => Self::connect_to_postgres(url).await,
            _ => Err(DatabaseError::Url(
                "the address of the database has an unknown scheme".to_owned(),
            )),
        }
    }

    /// Opens an SQLite file, or makes it.
    pub async fn open(file: &Path) -> Result<Self, DatabaseError> {
        let statements = Arc::new(AtomicU64::new(0));
        // The writer comes first: it makes the file and turns the write-ahead log on.
        let failed = |error| DatabaseError::Connect(format!("in `{}`", file.display()), error);
        let mut write = sqlite(file, Role::Writer).await.map_err(failed)?;
        let mut read = sqlite(file, Role::Reader).await.map_err(failed)?;
        count(&mut write, &statements);
        count(&mut read, &statements);
        Ok(Self {
            read,
            write,
            statements,
            reach: None,
        })
    }

    async fn connect_to_postgres(url: &str) -> Result<Self, DatabaseError> {
        // Read here first: what is said of an address further down repeats it, password and all.
        let server: PgConnectOptions = url.parse().map_err(|_| {
            DatabaseError::Url("the address of the database cannot be read".to_owned())
        })?;
        let place = format!("at {}:{}", server.get_host(), server.get_port());
        // The pool would try a server that refuses again and again.
        match tokio::time::timeout(NO_ANSWER, server.connect()).await {
            Ok(Ok(connection)) => {
                // It was only to see whether the server answers.
                let _ = connection.close().await;
            }
            Ok(Err(error)) if is_refused(&error) => return Err(DatabaseError::Refused(place)),
            // The pool reports any other error.
            Ok(Err(_)) => {}
            Err(_) => return Err(DatabaseError::NoAnswer(place, NO_ANSWER.as_secs())),
        }
        let mut options = quiet(ConnectOptions::new(url));
        options
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(NO_ANSWER);
        let mut pool = match sea_orm::Database::connect(options).await {
            Ok(pool) => pool,
            Err(error) if is_timeout(&error) => {
                return Err(DatabaseError::NoAnswer(place, NO_ANSWER.as_secs()));
            }
            Err(error) => return Err(DatabaseError::Connect(place, error)),
        };
        let statements = Arc::new(AtomicU64::new(0));
        count(&mut pool, &statements);
        let reach = Reach::new(pool.get_postgres_connection_pool()).await;
        Ok(Self {
            read: pool.clone(),
            write: pool,
            statements,
            reach: Some(reach),
        })
    }

    /// The file that it is in, on SQLite.
    pub fn file(&self) -> Option<PathBuf> {
        (self.backend() == DbBackend::Sqlite).then(|| {
            let options = self.write.get_sqlite_connection_pool().connect_options();
            options.get_filename().to_owned()
        })
    }

    /// A separate connection beside the pools, for temporary tables and locks, which end with it.
    pub(crate) async fn connect_alone(&self) -> Result<DatabaseConnection, DbErr> {
        let mut alone = match self.backend() {
            DbBackend::Sqlite => alone(self.write.get_sqlite_connection_pool()).await,
            _ => alone(self.write.get_postgres_connection_pool()).await,
        }
        .map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))))?;
        count(&mut alone, &self.statements);
        Ok(alone)
    }
}

/// The file of a database at `sqlite:FILE`.
pub fn sqlite_file(url: &str) -> Option<&Path> {
    let file = url.strip_prefix("sqlite:")?;
    let file = file.strip_prefix("//").unwrap_or(file);
    let file = file.split_once('?').map_or(file, |(file, _)| file);
    Some(Path::new(file))
}

/// Whether a failure is one of the connection, rather than of a statement.
pub fn is_unreachable(error: &DbErr) -> bool {
    let of_connection = |error: &RuntimeErr| match error {
        RuntimeErr::SqlxError(error) => match &**error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::WorkerCrashed => true,
            // Connection exceptions, and a server that stops or starts.
            sqlx::Error::Database(error) => error
                .code()
                .is_some_and(|code| code.starts_with("08") || code.starts_with("57P")),
            _ => false,
        },
        RuntimeErr::Internal(_) => false,
    };
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(error) | DbErr::Query(error) => of_connection(error),
        _ => false,
    }
}

fn is_refused(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused)
}

fn is_timeout(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => true,
        DbErr::Conn(RuntimeErr::SqlxError(error)) => matches!(**error, sqlx::Error::PoolTimedOut),
        _ => false,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Reader,
    Writer,
}

async fn sqlite(file: &Path, role: Role) -> Result<DatabaseConnection, DbErr> {
    let mut options = quiet(ConnectOptions::new("sqlite:replaced-below"));
    options.max_connections(if role == Role::Writer { 1 } else { READERS });
    let file = file.to_owned();
    options.map_sqlx_sqlite_opts(move |options| {
        let options = options
            .filename(&file)
            .create_if_missing(role == Role::Writer)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        match role {
            // What is committed outlives a power cut.
            Role::Writer => options
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                // What is deleted or overwritten is not left in the file.
                .pragma("secure_delete", "ON"),
            Role::Reader => options.pragma("query_only", "ON"),
        }
    });
    sea_orm::Database::connect(options).await
}

/// Statements stay out of logs and spans: they would show what is asked for.
fn quiet(mut options: ConnectOptions) -> ConnectOptions {
    options.sqlx_logging(false).record_stmt_in_spans(false);
    options
}

async fn alone<DB>(beside: &Pool<DB>) -> Result<DatabaseConnection, sqlx::Error>
where
    DB: sqlx::Database,
    DatabaseConnection: From<Pool<DB>>,
{
    let options = (*beside.connect_options()).clone();
    let pool = PoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None);
    Ok(pool.connect_with(options).await?.into())
}

fn count(connection: &mut DatabaseConnection, statements: &Arc<AtomicU64>) {
    let statements = Arc::clone(statements);
    connection.set_metric_callback(move |_| {
        statements.fetch_add(1, Ordering::Relaxed);
    });
}
