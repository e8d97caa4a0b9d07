//! Why the registry does not do what it is asked.

use std::sync::Arc;

use sea_orm::DbErr;

use crate::{
    database::is_unreachable,
    registry::{state::Denial, store::StoreError},
    vocabulary::{SOURCE_ERROR, SOURCE_UNAVAILABLE},
};

/// Why the registry does not do what it is asked. What stands against a source is no error: it is
/// what a check is for.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RegistryError {
    /// The caller may not.
    #[error("{0}")]
    Forbidden(String),
    /// There is no such thing.
    #[error("{0}")]
    NotFound(String),
    /// What was sent is invalid.
    #[error("{0}")]
    BadInput(String),
    /// Others kept changing the joint schema.
    #[error("The joint schema changed again and again meanwhile; try once more.")]
    Busy,
    /// A source could not be asked.
    #[error("{0}")]
    Unreachable(String),
    /// The database; the cause is for the log.
    #[error("The registry could not read or write its records.")]
    Internal(Arc<DbErr>),
    /// An internal error of the service; the log has the cause.
    #[error(
        "The registry failed at this because of an internal error, and nothing was changed; the \
         service's log has the cause."
    )]
    Fault,
}

impl RegistryError {
    /// The code in `extensions.code`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Forbidden(_) => "FORBIDDEN",
            Self::NotFound(_) => "NOT_FOUND",
            Self::BadInput(_) => "BAD_USER_INPUT",
            Self::Busy => "BUSY",
            Self::Unreachable(_) => "SOURCE_UNREACHABLE",
            Self::Internal(cause) if is_unreachable(cause) => SOURCE_UNAVAILABLE,
            Self::Internal(_) | Self::Fault => SOURCE_ERROR,
        }
    }
}

impl From<DbErr> for RegistryError {
    fn from(error: DbErr) -> Self {
        Self::Internal(Arc::new(error))
    }
}

impl From<StoreError> for RegistryError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Outrun => Self::Busy,
            StoreError::Database(error) => error.into(),
        }
    }
}

impl From<Denial> for RegistryError {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::Forbidden(text) => Self::Forbidden(text),
            Denial::NotFound(text) => Self::NotFound(text),
            Denial::BadInput(text) => Self::BadInput(text),
        }
    }
}
