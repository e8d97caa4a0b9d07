//! The database: a pool to read from, a connection to write through.

use sea_orm::DatabaseConnection;

/// Connections to one database. On SQLite `write` is a single connection; elsewhere both are one
/// pool.
#[derive(Clone, Debug)]
pub struct Database {
    /// For queries.
    pub read: DatabaseConnection,
    /// For changes.
    pub write: DatabaseConnection,
}
