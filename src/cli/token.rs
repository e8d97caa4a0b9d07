//! `upfront token`.

use std::path::PathBuf;

use clap::Args;

use super::{CliError, Common, say};
use crate::{
    auth::{Clearance, SigningKey, SystemClock, TokenRequest, issue},
    config::Flags,
};

/// Print a bearer token, alone on the last line
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  upfront token --entity OHCHR --clearance confidential\n  \
                        upfront token --entity OSAPG --scope registry:publish --hours 1"
)]
pub(super) struct Arguments {
    /// Code of the entity the token is for
    #[arg(long, value_name = "CODE")]
    entity: String,
    /// What the caller may see above UNCLASSIFIED
    #[arg(long, value_enum)]
    clearance: Option<Clearance>,
    /// A scope the caller holds; repeat for more
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// How long the token is good for
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u64).range(1..=24 * 366))]
    hours: u64,
    /// Directory of the signing key
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

impl Arguments {
    pub(super) fn run(self, common: &Common) -> Result<(), CliError> {
        let config = common.load(&Flags {
            data_dir: self.data_dir,
            ..Flags::default()
        })?;
        let is_first = SigningKey::open(&config.data_dir)?.is_none();
        let key = SigningKey::open_or_create(&config.data_dir)?;
        if is_first {
            say(&format!(
                "Made a signing key in `{}`: a service with another --data-dir refuses this token.",
                config.data_dir.display()
            ))?;
        }
        let clearance = self.clearance.map(|level| level.scope().to_owned());
        let request = TokenRequest {
            entity: self.entity,
            scopes: clearance.into_iter().chain(self.scopes).collect(),
            lifetime: self.hours * 3600,
        };
        say(&issue(&key, &request, &SystemClock)?)
    }
}
