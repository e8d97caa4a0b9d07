//! `upfront compose`.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};

use super::{CliError, say_text};
use crate::gateway::Composition;

/// Compose subgraphs into a supergraph and print it
///
/// The supergraph goes to standard output or to --output, what there is to say about it to standard error. Exit
/// code 1 where it does not compose; 2 where the list or a subgraph in it cannot be read, or a flag is
/// wrong.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront compose --config supergraph.yaml > supergraph.graphql")]
pub(super) struct Arguments {
    /// List of subgraphs in rover's format
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// File to write the supergraph to instead of standard output; left as it is where the subgraphs
    /// do not compose
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
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
        for input in composition
            .inputs
            .iter()
            .filter(|_| self.format == Format::Text)
        {
            if !["http://", "https://"]
                .iter()
                .any(|scheme| input.url.starts_with(scheme))
            {
                // There is no place for an error where standard error is closed.
                let _ = writeln!(
                    std::io::stderr(),
                    "warning: the URL of subgraph `{}`, `{}`, does not begin with `http://` or \
                     `https://`: `upfront serve` cannot ask it.",
                    input.name,
                    input.url
                );
            }
        }
        match (sdl, &self.output) {
            (Some(sdl), Some(path)) => replace(path, &sdl),
            (Some(sdl), None) => say_text(&sdl),
            (None, _) => Err(CliError::Said),
        }
    }
}

/// Puts a file in the place of one that a gateway may be reading.
fn replace(path: &Path, text: &str) -> Result<(), CliError> {
    let unwritten = |error: std::io::Error| {
        CliError::new(format!("cannot write `{}`: {error}", path.display()))
    };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    fs::write(&beside, text).map_err(unwritten)?;
    fs::rename(&beside, path).map_err(unwritten)
}
