//! Why an act was not carried out.

use sea_orm::DbErr;

use super::super::state::Refusal;
use crate::vocabulary::StoreError;

/// Why an act was not carried out; nothing changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ActError {
    /// The rules of the review.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The key of the request stands for another.
    #[error(
        "The idempotency key was used for another request; give each request a key of its own, and the same key only \
         to repeat it."
    )]
    KeyReused,
    /// The profiles could not be read.
    #[error("The profiles could not be read to be frozen: {0}")]
    Profiles(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// The records could not be read.
    #[error("the records could not be read")]
    Unread(StoreError),
    /// The task that does it ended too early.
    #[error("the task ended too early")]
    Interrupted,
}
