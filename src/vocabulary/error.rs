//! Errors as clients see them: theirs with a sentence that helps, ours with a fixed one.

use std::sync::Arc;

use async_graphql::{Error, ErrorExtensions, InputType, InputValueError};
use sea_orm::DbErr;

/// Code of an error that the caller can mend.
pub const BAD_USER_INPUT: &str = "BAD_USER_INPUT";

/// Code of an error that is the service's own.
pub const INTERNAL: &str = "INTERNAL";

/// An error about what the caller sent: what is wrong, and how to mend it.
pub fn bad_input(message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", BAD_USER_INPUT))
}

/// The same for a scalar that does not parse.
pub(super) fn bad_value<T: InputType>(message: impl std::fmt::Display) -> InputValueError<T> {
    InputValueError::custom(message).with_extension("code", BAD_USER_INPUT)
}

/// A record that another refers to is not there: the import lets no such reference in.
pub fn missing() -> Error {
    tracing::error!("a record that another refers to is missing");
    internal()
}

fn internal() -> Error {
    Error::new("The source could not read its records.")
        .extend_with(|_, extensions| extensions.set("code", INTERNAL))
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
        tracing::error!(%cause, "the records could not be read");
        internal()
    }
}
