//! The database: a pool to read from, a connection to write through.
//!
//! SQLite, in a file, for one node; PostgreSQL for more. Neither is named outside this folder and
//! `import`.

mod connect;
mod error;
mod migrate;
mod pool;
mod reach;

pub use connect::{is_unreachable, sqlite_file};
pub use error::{DatabaseError, without_values};
pub use pool::Database;
pub(crate) use pool::{begin_writing, take_turn};
