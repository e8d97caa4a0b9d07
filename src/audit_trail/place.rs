//! Where the trail is: in the service's database on PostgreSQL, in a file beside it on SQLite.
//!
//! An SQLite file has one writer at a time: an import of records into the service's own must not hold up
//! the entry that a request waits for.

use std::{
    fs::OpenOptions,
    io::ErrorKind,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use super::error::AuditError;
use crate::database::Database;

/// The service's own database, without its extension; the trail beside it is `audit.db`.
const OWN: &str = "upfront";

/// The file of the trail beside an SQLite file: `audit.db`, or beside another than the service's own one
/// that begins with its name, as `example-audit.db`.
pub fn file_beside(database: &Path) -> PathBuf {
    let stem = database.file_stem().unwrap_or_default().to_string_lossy();
    let name = match stem.as_ref() {
        OWN => "audit.db".to_owned(),
        other => format!("{other}-audit.db"),
    };
    database.with_file_name(name)
}

/// Opens the trail of a service by its database. On SQLite its file is made if it is missing, for its
/// owner's eyes alone.
pub async fn open(database: &Database) -> Result<Database, AuditError> {
    let Some(file) = database.file() else {
        return Ok(database.clone());
    };
    let file = file_beside(&file);
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&file);
    match made {
        // Closed before SQLite opens it: to close any descriptor of a file gives up all locks that the
        // process holds on it, those of SQLite's connections included.
        Ok(made) => drop(made),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(AuditError::File(file.display().to_string(), error)),
    }
    let trail = Database::open(&file).await?;
    trail.migrate_trail().await?;
    Ok(trail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_has_a_file_of_its_own() {
        let beside = |file| file_beside(Path::new(file));
        assert_eq!(beside("data/upfront.sqlite"), Path::new("data/audit.db"));
        assert_eq!(
            beside("data/example.sqlite"),
            Path::new("data/example-audit.db")
        );
        assert_eq!(beside("records.db"), Path::new("records-audit.db"));
    }
}
