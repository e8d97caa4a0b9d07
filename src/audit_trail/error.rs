//! Why the trail cannot be written or read.

use sea_orm::DbErr;

use crate::database::DatabaseError;

/// Why the trail cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The entry is not known to be stored: what it is about must not be served. The log has the cause.
    #[error("the audit trail cannot be written")]
    Unavailable,
    /// Where the trail is cannot be used.
    #[error("the audit trail: {0}")]
    Place(#[from] DatabaseError),
    /// The trail's file, or the file that shows which process writes a chain.
    #[error("the audit trail: `{0}` cannot be used: {1}")]
    File(String, #[source] std::io::Error),
    /// All names for a chain are taken.
    #[error(
        "the audit trail: `{0}` and all names after it are chains of running processes; set \
         `audit.replica` to another name"
    )]
    NoChain(String),
    /// A statement failed.
    #[error("the audit trail: {0}")]
    Database(#[from] DbErr),
}
