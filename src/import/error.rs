//! Why nothing was imported.

use std::path::PathBuf;

use sea_orm::DbErr;

use super::problem::Problems;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The files are not in order.
    #[error("{0}")]
    Problems(Problems),
    /// A file or directory cannot be read.
    #[error("{}: {error}", path.display())]
    Files {
        /// Which one.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// There is nothing to import.
    #[error("{}: holds no .csv file; `upfront import templates DIR` writes templates", .0.display())]
    NoFiles(PathBuf),
    /// Others imported or sealed records all the while.
    #[error("other imports and seals were faster each time; nothing changed: run it again")]
    Overtaken,
    /// The database failed; the import was rolled back.
    #[error("the database failed, and the import was rolled back; nothing changed: {0}")]
    Database(#[from] DbErr),
}
