//! `upfront token`.

mod revoke;

use std::io::{Write, stderr};

use clap::{Args, Subcommand};

use super::{
    CliError, Common, say,
    signing::{self, KeyPlace},
};
use crate::{
    auth::{Clearance, EXACT, GRANT_ROLES, SystemClock, TokenRequest, is_nearly, issue},
    registry::service::{PUBLISH_SCOPE, READ_SCOPE},
};

/// Print a bearer token, signed with the key of the service that is to accept it
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Example:\n  upfront token --entity OHCHR --clearance confidential\n  \
                        upfront token --entity OSAPG --scope registry:publish --hours 1\n  \
                        upfront token --entity OHCHR --subject first.officer --clearance confidential --scope review:clear"
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Code of the entity the token is for
    #[arg(long, value_name = "CODE", required = true)]
    entity: Option<String>,
    /// The officer whom the token is for; else it is for the entity as a whole
    #[arg(long, value_name = "NAME")]
    subject: Option<String>,
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

#[derive(Debug, Subcommand)]
enum Command {
    Revoke(revoke::Arguments),
}

impl Arguments {
    pub(super) async fn run(self, common: &Common) -> Result<(), CliError> {
        if let Some(Command::Revoke(arguments)) = self.command {
            return arguments.run(common).await;
        }
        let key = signing::find(&common.load(&self.key.flags())?).await?;
        let clearance = self.clearance.map(|level| level.scope().to_owned());
        let request = TokenRequest {
            entity: self.entity.unwrap_or_default(),
            subject: self.subject,
            scopes: clearance.into_iter().chain(self.scopes).collect(),
            lifetime: self.hours * 3600,
        };
        let token = issue(&key, &request, &SystemClock)?;
        warn_of_scopes(&request.scopes);
        say(&token)
    }
}

/// Scopes of the audit trail.
const AUDIT: [&str; 2] = ["audit:read", "audit:own"];

/// A scope may be any name, as sources require those of their own; but one that is nearly one of this service
/// is most often meant as that.
fn warn_of_scopes(scopes: &[String]) {
    let registry = [PUBLISH_SCOPE, READ_SCOPE];
    let known = || {
        registry
            .into_iter()
            .chain(GRANT_ROLES)
            .chain(EXACT)
            .chain(AUDIT)
    };
    let unknown = scopes
        .iter()
        .filter(|scope| !known().any(|known| known == scope.as_str()));
    for scope in unknown {
        if let Some(meant) = known().find(|known| is_nearly(scope, known)) {
            // There is no place for an error where standard error is closed.
            let _ = writeln!(
                stderr(),
                "warning: the token has the scope `{scope}`, which none of Upfront's fields asks for; did \
                 you mean `{meant}`?"
            );
        }
    }
}
