//! `upfront compose`.

use std::{io::Write, path::PathBuf};

use clap::{Args, ValueEnum};

use super::{CliError, say_text};
use crate::gateway::Composition;

/// Compose subgraphs into a supergraph and print it
///
/// The supergraph goes to standard output, what there is to say about it to standard error. Exit
/// code 1 where it does not compose; 2 where the list or a subgraph in it cannot be read, or a flag is
/// wrong.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront compose --config supergraph.yaml > supergraph.graphql")]
pub(super) struct Arguments {
    /// List of subgraphs in rover's format
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Form of the diagnostics
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// For people or for tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// For tools.
    Json,
}

impl Arguments {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let composition = Composition::load(&self.config).await;
        let composition = composition.map_err(|error| CliError::Unreadable(error.to_string()))?;
        let (sdl, diagnostics) = composition.compose();
        let text = match self.format {
            Format::Text => diagnostics.to_text(&composition.sources()),
            Format::Json => format!("{:#}\n", diagnostics.to_json(&composition.sources())),
        };
        if self.format == Format::Json || !diagnostics.is_empty() {
            // There is no place for an error where standard error is closed.
            let _ = std::io::stderr().write_all(text.as_bytes());
        }
        match sdl {
            Some(sdl) => say_text(&sdl),
            None => Err(CliError::Said),
        }
    }
}
