//! Why a database cannot be used.

use std::borrow::Cow;

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

/// What went wrong with a statement, for the log: what is said of a value is left out, since it quotes
/// the value.
pub fn without_values(error: &DbErr) -> String {
    match error {
        // Names the column, and there is no value.
        DbErr::Type(text) if text.starts_with("A null value was encountered") => text.clone(),
        DbErr::Type(text) | DbErr::Json(text) => {
            // `unexpected value for Trend enum: VALUE`.
            let told = text.split_once(" enum: ").map(|(told, _)| told);
            let told = told.filter(|told| told.starts_with("unexpected value for "));
            told.unwrap_or("a stored value is not of its type")
                .to_owned()
        }
        DbErr::TryIntoErr { from, into, .. } => format!("`{from}` is no `{into}`"),
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => match &**cause {
            sqlx::Error::ColumnDecode { index, .. } => {
                format!("a value of the column {index} cannot be read")
            }
            sqlx::Error::Decode(_) | sqlx::Error::Encode(_) => "a value cannot be read".to_owned(),
            // Class 22 of SQLSTATE: data exceptions.
            sqlx::Error::Database(cause) if cause.code().is_some_and(is_of_data) => {
                format!("a value is refused, {}", cause.code().unwrap_or_default())
            }
            _ => error.to_string(),
        },
        _ => error.to_string(),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "`is_some_and` hands it over")]
fn is_of_data(code: Cow<'_, str>) -> bool {
    code.len() == 5 && code.starts_with("22")
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

#[cfg(test)]
mod tests {
    use sea_orm::DbErr;

    use super::without_values;

    #[test]
    fn no_value_is_told() {
        let told = |text: &str| without_values(&DbErr::Type(text.to_owned()));
        let of_term = told("unexpected value for Trend enum: WORSE enum: x");
        assert_eq!(of_term, "unexpected value for Trend");
        for other in ["WORSE", "WORSE enum: x", ""] {
            assert_eq!(told(other), "a stored value is not of its type");
        }
        assert!(without_values(&DbErr::Custom("it fell over".to_owned())).contains("it fell over"));
    }
}
