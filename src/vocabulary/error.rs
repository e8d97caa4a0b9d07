//! Errors of embedded sources as clients see them: an error of the caller says how to correct it, an
//! internal one is a fixed sentence, with its cause in the log.

use std::sync::Arc;

use async_graphql::{Error, ErrorExtensions, InputType, InputValueError, ServerError};
use sea_orm::DbErr;

use crate::database::{is_unreachable, without_values};

/// Code of an error that the caller can correct.
pub const BAD_USER_INPUT: &str = "BAD_USER_INPUT";

/// Code of an error that is the source's own.
pub const SOURCE_ERROR: &str = "SOURCE_ERROR";

/// Code of an error that says that the source's records cannot be reached.
pub const SOURCE_UNAVAILABLE: &str = "SOURCE_UNAVAILABLE";

/// An error about what the caller sent: what is wrong, and how to correct it.
pub fn bad_input(message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", BAD_USER_INPUT))
}

/// The same for a scalar that does not parse.
pub(super) fn bad_value<T: InputType>(message: impl std::fmt::Display) -> InputValueError<T> {
    InputValueError::custom(message).with_extension("code", BAD_USER_INPUT)
}

/// Leaves of the errors about scalars what the scalars say: not what async-graphql writes around it, the
/// name of the scalar's type before and those of the input objects behind.
pub fn without_type_names(errors: &mut [ServerError]) {
    for error in errors {
        let said = error.message.strip_prefix("Failed to parse \"");
        let said = said.and_then(|rest| rest.split_once("\": "));
        if let Some((_, mut said)) = said {
            while let Some(shorter) = without_last_type(said) {
                said = shorter;
            }
            error.message = said.to_owned();
        }
    }
}

fn without_last_type(message: &str) -> Option<&str> {
    let (before, name) = message.rsplit_once(" (occurred while parsing \"")?;
    let name = name.strip_suffix("\")")?;
    (!name.contains(char::is_whitespace)).then_some(before)
}

/// A record that another refers to is not there: the import lets no such reference in.
pub fn missing() -> Error {
    tracing::error!("a record that another refers to is missing");
    internal()
}

/// The record that a text is of was sealed after its row was read.
pub(super) fn sealed() -> Error {
    Error::new("The record was sealed while it was read.")
        .extend_with(|_, extensions| extensions.set("code", SOURCE_ERROR))
}

fn internal() -> Error {
    Error::new("The source could not read its records.")
        .extend_with(|_, extensions| extensions.set("code", SOURCE_ERROR))
}

/// The records cannot be reached, so nothing is known of what is asked for.
pub fn unreachable() -> Error {
    Error::new("The source cannot reach its records.").extend_with(|_, extensions| {
        extensions.set("code", SOURCE_UNAVAILABLE);
        extensions.set("retryable", true);
    })
}

/// Which row of a table a record is kept in.
#[derive(Clone, Copy, Debug)]
pub struct RowPlace {
    /// The table.
    pub table: &'static str,
    /// The surrogate key of the row.
    pub id: i64,
}

/// A stored record is invalid: it fails the field that it belongs to, and is never left out. What
/// is kept is quoted to the caller alone; which row and column it is stands in the log.
#[derive(Clone, Debug)]
pub struct Unreadable(String);

impl Unreadable {
    /// What is wrong with a column of a row.
    pub fn new(place: RowPlace, column: &'static str, what: impl std::fmt::Display) -> Self {
        let RowPlace { table, id: row } = place;
        tracing::error!(table, row, column, "a stored record is invalid");
        Self(format!(
            "A record of `{table}` is invalid and cannot be returned: {what}. The log names the \
             record; it has to be corrected in the database."
        ))
    }
}

/// A listing stands in a document; this one names none.
pub fn without_document(place: RowPlace) -> Unreadable {
    Unreadable::new(place, "document_symbol", "it names no document")
}

impl From<Unreadable> for Error {
    fn from(Unreadable(message): Unreadable) -> Self {
        Self::new(message).extend_with(|_, extensions| extensions.set("code", SOURCE_ERROR))
    }
}

/// The records could not be read. Its cause is for the log, never for the caller.
#[derive(Clone, Debug)]
pub struct StoreError(Arc<DbErr>);

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        Self(Arc::new(error))
    }
}

impl From<StoreError> for Error {
    fn from(StoreError(cause): StoreError) -> Self {
        if is_unreachable(&cause) {
            // The database has logged it once for all fields.
            tracing::debug!(%cause, "the records cannot be reached");
            return unreachable();
        }
        let cause = without_values(&cause);
        tracing::error!(cause, "the records could not be read");
        internal()
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::ServerError;

    use super::without_type_names;

    #[test]
    fn a_scalar_speaks_for_itself() {
        let told = |message: &str| {
            let mut errors = [ServerError::new(message, None)];
            without_type_names(&mut errors);
            errors[0].message.clone()
        };
        let around = "Failed to parse \"PeriodCode\": `x` is not a period (occurred while parsing \
                      \"PeriodRange\") (occurred while parsing \"[Filter!]\")";
        assert_eq!(told(around), "`x` is not a period");
        assert_eq!(told("Failed to parse \"Date\": no date"), "no date");
        for other in ["Failed to parse it", "`x` (occurred while parsing \"A\")"] {
            assert_eq!(told(other), other);
        }
    }
}
