//! `upfront token`.

use clap::Args;

use super::{
    CliError, Common, say,
    signing::{self, KeyPlace},
};
use crate::auth::{Clearance, SystemClock, TokenRequest, issue};

/// Print a bearer token, signed with the key of the service that is to accept it
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
    #[command(flatten)]
    key: KeyPlace,
}

impl Arguments {
    pub(super) async fn run(self, common: &Common) -> Result<(), CliError> {
        let key = signing::find(&common.load(&self.key.flags())?).await?;
        let clearance = self.clearance.map(|level| level.scope().to_owned());
        let request = TokenRequest {
            entity: self.entity,
            scopes: clearance.into_iter().chain(self.scopes).collect(),
            lifetime: self.hours * 3600,
        };
        say(&issue(&key, &request, &SystemClock)?)
    }
}
