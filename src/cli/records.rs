//! Opens the database that a command works on.

use std::{
    fs::{DirBuilder, OpenOptions},
    io::ErrorKind,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
};

use super::CliError;
use crate::{config::Config, database::Database};

/// The embedded database in the data directory.
pub(super) const OWN: &str = "upfront.sqlite";
/// The one of `--example`.
pub(super) const EXAMPLE: &str = "example.sqlite";

/// Connects. An embedded database is made if it is missing, for its owner's eyes alone.
pub(super) async fn open(config: &Config, file: &str) -> Result<Database, CliError> {
    if config.database_url.is_none() {
        let path = config.data_dir.join(file);
        let made = DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&config.data_dir)
            .and_then(|()| {
                let mut options = OpenOptions::new();
                options.write(true).create_new(true).mode(0o600).open(&path)
            });
        match made {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                let path = path.display();
                return Err(CliError::new(format!("cannot make `{path}`: {error}")));
            }
            _ => {}
        }
    }
    Ok(Database::connect(&config.database_url(file)).await?)
}
