//! `upfront schema`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use federation::subgraph::SubgraphInput;

use super::{CliError, say};
use crate::{
    audit_trail::TrailCell,
    registry::{self, RegistryCell, joint_sources},
    reviews::ReviewCell,
};

/// The joint schema as files
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront schema export --to schema")]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Export(Export),
}

/// Write the joint schema: each source's SDL, the supergraph, what clients see, every field's level
///
/// Nothing is written where the sources do not compose or a field has no level.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront schema export --to schema")]
struct Export {
    /// Folder to write to
    #[arg(long, value_name = "DIR", default_value = "schema")]
    to: PathBuf,
}

impl Arguments {
    pub(super) fn run(self) -> Result<(), CliError> {
        match self.command {
            Command::Export(export) => export.run(),
        }
    }
}

impl Export {
    fn run(self) -> Result<(), CliError> {
        let sources = joint_sources(
            RegistryCell::default(),
            TrailCell::default(),
            ReviewCell::default(),
        );
        let describe = sources.iter().map(|source| SubgraphInput {
            name: source.name().to_owned(),
            url: String::new(),
            sdl: source.sdl(),
        });
        let inputs: Vec<_> = describe.collect();
        let files = registry::export(&inputs).map_err(|error| CliError::new(error.to_string()))?;
        let refuse = |what: &str, error: &std::io::Error| {
            CliError::new(format!("cannot {what} `{}`: {error}", self.to.display()))
        };
        std::fs::create_dir_all(&self.to).map_err(|error| refuse("make the folder", &error))?;
        for (name, text) in &files {
            std::fs::write(self.to.join(name), text)
                .map_err(|error| refuse(&format!("write {name} into"), &error))?;
        }
        say(&format!(
            "Wrote {} files into {}",
            files.len(),
            self.to.display()
        ))
    }
}
