//! Why nothing was sealed.

use async_graphql::{Error, ErrorExtensions};
use sea_orm::DbErr;

use super::act::Refusal;
use crate::vocabulary::{StoreError, bad_input};

/// Why nothing was sealed, lifted or destroyed.
#[derive(Debug, thiserror::Error)]
pub(super) enum SealError {
    /// The caller may not do this.
    #[error("{0}")]
    Forbidden(&'static str),
    /// What was asked for is wrong.
    #[error("{0}")]
    Input(String),
    /// The seal does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database failed; nothing changed.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// The task that does it ended too early.
    #[error("the task ended too early")]
    Interrupted,
}

impl SealError {
    /// The error as clients see it.
    pub(super) fn told(self) -> Error {
        match self {
            Self::Database(cause) => StoreError::from(cause).into(),
            Self::Interrupted => StoreError::from(DbErr::Custom(self.to_string())).into(),
            Self::Forbidden(message) => {
                Error::new(message).extend_with(|_, extensions| extensions.set("code", "FORBIDDEN"))
            }
            Self::Input(message) => bad_input(message),
            Self::Refused(refusal) => bad_input(refusal.to_string()),
        }
    }
}
