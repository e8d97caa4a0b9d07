//! `upfront review`: the monthly review from the command line, as a client of the graph.

mod agenda;
mod client;
mod cycle;
mod decide;
mod item;
mod status;
mod verify;

use clap::{Args, Subcommand};

use super::CliError;

/// Run the monthly review of a service: what its secretariat does day by day
///
/// Exit code 0: done. 1: it was refused, or something is wrong; what stands against it is said. 2: the service could
/// not be asked.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront review status")]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Status(status::Arguments),
    Plan(cycle::Plan),
    /// Open the earliest planned review for inputs; open actions and deferred items come on its agenda
    #[command(after_help = "Example:\n  upfront review open")]
    Open(cycle::Move),
    /// Close the inputs of the review that is under way and freeze the joined profile of each item
    #[command(after_help = "Example:\n  upfront review close")]
    Close(cycle::Move),
    Step(cycle::Step),
    Freeze(cycle::Freeze),
    Agenda(agenda::Arguments),
    Item(item::Arguments),
    Decide(decide::Arguments),
    Verify(verify::Arguments),
}

impl Arguments {
    pub(super) async fn run(self) -> Result<(), CliError> {
        match self.command {
            Command::Status(arguments) => arguments.run().await,
            Command::Plan(arguments) => arguments.run().await,
            Command::Open(arguments) => arguments.open().await,
            Command::Close(arguments) => arguments.close().await,
            Command::Step(arguments) => arguments.run().await,
            Command::Freeze(arguments) => arguments.run().await,
            Command::Agenda(arguments) => arguments.run().await,
            Command::Item(arguments) => arguments.run().await,
            Command::Decide(arguments) => arguments.run().await,
            Command::Verify(arguments) => arguments.run().await,
        }
    }
}
