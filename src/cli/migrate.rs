//! `upfront migrate`.

use std::path::PathBuf;

use clap::Args;

use super::{CliError, Common, records, say};
use crate::config::Flags;

/// Bring the database up to this version
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront migrate --database-url postgres://upfront@db/upfront")]
pub(super) struct Arguments {
    /// Directory of the embedded database
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Database instead of the embedded one: `postgres://…` or `sqlite:FILE`
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

impl Arguments {
    pub(super) async fn run(self, common: &Common) -> Result<(), CliError> {
        let config = common.load(&Flags {
            data_dir: self.data_dir,
            database_url: self.database_url,
            ..Flags::default()
        })?;
        let database = records::open(&config, records::OWN).await?;
        let made = database.migrate().await?;
        if made.is_empty() {
            return say("The database is up to date.");
        }
        made.iter()
            .try_for_each(|name| say(&format!("Made {name}.")))
    }
}
