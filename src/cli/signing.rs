//! The key that the service signs tokens with: where it is, for the service and for the commands
//! that make tokens.

use std::path::PathBuf;

use clap::Args;

use super::{CliError, records};
use crate::{
    auth::{KeyRing, SigningKey, SystemClock},
    config::{Config, Flags},
    database::{Database, sqlite_file},
};

/// Where a service's key is, for a command that makes tokens.
#[derive(Debug, Args)]
pub(super) struct KeyPlace {
    /// Data directory of the service, which holds its key
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Database of the service, which holds its key: `postgres://…` or `sqlite:FILE`
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// File of the key, where the service's settings name one (`auth.key_file`)
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

impl KeyPlace {
    pub(super) fn flags(&self) -> Flags {
        Flags {
            data_dir: self.data_dir.clone(),
            database_url: self.database_url.clone(),
            key_file: self.key_file.clone(),
            ..Flags::default()
        }
    }
}

/// The key that the settings name or hold, if they do.
pub(super) fn given(config: &Config) -> Result<Option<SigningKey>, CliError> {
    Ok(match (&config.auth.key, &config.auth.key_file) {
        (Some(text), _) => Some(SigningKey::from_pem(text.expose())?),
        (None, Some(file)) => Some(SigningKey::read(file)?),
        (None, None) => None,
    })
}

/// The keys to serve with. One is made where there is none, except where the settings name one.
pub(super) async fn open_or_create(
    config: &Config,
    database: &Database,
) -> Result<KeyRing, CliError> {
    let key = open_or_create_signing(config, database).await?;
    Ok(KeyRing::new(key, &config.auth)?)
}

async fn open_or_create_signing(
    config: &Config,
    database: &Database,
) -> Result<SigningKey, CliError> {
    if let Some(key) = given(config)? {
        return Ok(key);
    }
    if config.database_url.is_none() {
        return Ok(SigningKey::open_or_create(&config.data_dir)?);
    }
    let key = SigningKey::find_stored_or_store(database, &config.data_dir, &SystemClock).await?;
    if let Ok(Some(own)) = SigningKey::open(&config.data_dir)
        && own.id() != key.id()
    {
        tracing::warn!(
            data_dir = %config.data_dir.display(),
            "the signing key in the data directory is not used: the database has another"
        );
    }
    Ok(key)
}

/// The key that the service of these settings signs with. None is made: no service would accept what
/// it signs.
pub(super) async fn find(config: &Config) -> Result<SigningKey, CliError> {
    if let Some(key) = given(config)? {
        return Ok(key);
    }
    let Some(url) = &config.database_url else {
        let key = SigningKey::open(&config.data_dir)?;
        let place = format!("data directory `{}`", config.data_dir.display());
        return key.ok_or_else(|| missing(&place));
    };
    let place = "database that the settings name";
    if sqlite_file(url.expose()).is_some_and(|file| !file.exists()) {
        return Err(missing(place));
    }
    let database = records::open(config, records::OWN).await?;
    database.prepare_to_serve().await?;
    let key = SigningKey::find_stored(&database).await?;
    key.ok_or_else(|| missing(place))
}

fn missing(place: &str) -> CliError {
    CliError::new(format!(
        "there is no signing key in the {place}. A token signed with a new one would be refused: \
         say where the service's key is with --data-dir, --database-url, --key-file or --settings. \
         The joint schema (`upfront serve`) makes a key when it first starts; a plain gateway \
         (--config, --supergraph) makes none: `openssl genpkey -algorithm ed25519 -out FILE` does, \
         and the setting `auth.key_file` names it"
    ))
}
