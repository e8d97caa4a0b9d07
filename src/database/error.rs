//! Why a database cannot be used.

use sea_orm::{DbErr, RuntimeErr, sqlx};

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The address is none of a database; it is not repeated, as it may hold a password.
    #[error("{0}; write `sqlite:FILE` or `postgres://USER@HOST/NAME`")]
    Url(String),
    /// The server does not answer, or not as expected. The place is named without user and
    /// password.
    #[error("cannot connect to the database {place}: {cause}", place = .0, cause = describe(.1))]
    Connect(String, #[source] DbErr),
    /// Nothing listens there.
    #[error(
        "cannot connect to the database {place}: the connection was refused; is the database \
         running, and is this its address?",
        place = .0
    )]
    Refused(String),
    /// The server does not answer at all.
    #[error(
        "cannot connect to the database {place}: nobody answered within {seconds} s; is it \
         running, and is this its address?",
        place = .0,
        seconds = .1
    )]
    NoAnswer(String, u64),
    /// A change could not be made; none was.
    #[error("cannot migrate the database: {0}; the migration was rolled back, nothing changed")]
    Migrate(#[source] DbErr),
    /// A replica of another version may be running, so `serve` does not migrate.
    #[error("the database lacks {0} change(s) of this version; run `upfront migrate` first")]
    Behind(usize),
}

/// The message of a connection that failed: the database's own, without the place in its source
/// code.
fn describe(error: &DbErr) -> String {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause)) => match &**cause {
            sqlx::Error::Database(cause) => cause.message().to_owned(),
            cause => cause.to_string(),
        },
        other => other.to_string(),
    }
}
