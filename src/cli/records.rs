//! Opens the database that a command works on.

use std::{
    fs::{DirBuilder, OpenOptions},
    io::ErrorKind,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
};

use reqwest::Url;

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
            // Closed before SQLite opens it, whose locks would end with this descriptor.
            made => drop(made),
        }
    }
    Ok(Database::connect(&config.database_url(file)).await?)
}

/// Where a database is, for people: a file, or an address without user, password and options.
pub(super) fn place_of(config: &Config, file: &str) -> String {
    let url = config.database_url(file);
    let (address, _) = url.split_once('?').unwrap_or((&url, ""));
    if let Some(path) = address.strip_prefix("sqlite:") {
        return format!("`{path}`");
    }
    let parsed = Url::parse(address).ok().and_then(|mut parsed| {
        parsed.set_username("").ok()?;
        parsed.set_password(None).ok()?;
        Some(parsed)
    });
    parsed.map_or_else(|| "the database".to_owned(), |url| format!("`{url}`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;

    #[test]
    fn a_place_is_told_without_a_password() {
        let place = |url: Option<&str>| {
            let flags = Flags {
                database_url: url.map(str::to_owned),
                ..Flags::default()
            };
            place_of(&Config::load(None, &flags).unwrap(), OWN)
        };
        assert_eq!(place(Some("sqlite:a/b.sqlite?mode=rwc")), "`a/b.sqlite`");
        for url in [
            "postgres://reader:hunter2@db.example.org:5433/records?sslmode=require",
            "postgres://db.example.org:5433/records?user=reader&password=hunter2",
        ] {
            let address = "`postgres://db.example.org:5433/records`";
            assert_eq!(place(Some(url)), address);
        }
    }
}
