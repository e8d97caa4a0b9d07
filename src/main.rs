//! The command line of Upfront.

use std::{io::Write, process::ExitCode};

use clap::Parser;
use mimalloc::MiMalloc;
use upfront::cli::{CliError, CommandLine};

/// A monthly review takes a fifth less of a core with it than with the system's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let command_line = CommandLine::parse();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::Message(format!("the runtime does not start: {error}")))
        .and_then(|runtime| runtime.block_on(command_line.run()));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if !error.is_silent() {
                // Tools read each line of a list as it stands.
                let name = if error.is_list() { "" } else { "upfront: " };
                // There is no place for an error where standard error is closed.
                let _ = writeln!(std::io::stderr(), "{name}{error}");
            }
            ExitCode::from(error.exit_code())
        }
    }
}
