//! `upfront source`: the registry from the command line, and from CI.

mod change;
mod client;
mod consents;
mod fetch;
mod list;
mod publish;
mod report;
mod subgraph_list;
mod test;

use clap::{Args, Subcommand};

use super::{CliError, Common};

/// Register a GraphQL service as a source of the joint schema
///
/// Exit code 0: done, or no problems found. 1: problems found, or something was refused or failed, such
/// as asking the source for its schema. 2: nothing was looked at: the registry could not be asked (it
/// is not there, or the token is not valid), a file cannot be read, or a flag is wrong.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront source publish --name tents \
                  --url https://graph.example.org/graphql --default-level unclassified")]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say which problems a version of a source has and what it would change; changes nothing
    #[command(after_help = "Example:\n  upfront source check --name tents --url \
                            https://graph.example.org/graphql --schema tents.graphql")]
    Check(publish::Arguments),
    /// Publish a version of a source, if it has no problems
    #[command(after_help = "Example:\n  upfront source publish --name tents --url \
                            https://graph.example.org/graphql --default-level unclassified")]
    Publish(publish::Arguments),
    Retire(change::Retire),
    Transfer(change::Transfer),
    Accept(change::Accept),
    CancelTransfer(change::CancelTransfer),
    Rollback(change::Rollback),
    Grant(change::Grant),
    Withdraw(change::Withdraw),
    Consents(consents::Arguments),
    List(list::Arguments),
    Fetch(fetch::Arguments),
    Test(test::Arguments),
}

impl Arguments {
    pub(super) async fn run(self, common: &Common) -> Result<(), CliError> {
        match self.command {
            Command::Check(arguments) => arguments.check().await,
            Command::Publish(arguments) => arguments.publish().await,
            Command::Retire(arguments) => arguments.run().await,
            Command::Transfer(arguments) => arguments.run().await,
            Command::Accept(arguments) => arguments.run().await,
            Command::CancelTransfer(arguments) => arguments.run().await,
            Command::Rollback(arguments) => arguments.run().await,
            Command::Grant(arguments) => arguments.run().await,
            Command::Withdraw(arguments) => arguments.run().await,
            Command::Consents(arguments) => arguments.run().await,
            Command::List(arguments) => arguments.run().await,
            Command::Fetch(arguments) => arguments.run().await,
            Command::Test(arguments) => arguments.run(common).await,
        }
    }
}
