//! The command line: one file a command.

mod audit;
mod compose;
mod endpoint;
mod import;
mod joint;
mod logging;
#[cfg(test)]
mod mandate_test;
mod migrate;
mod plan;
mod records;
mod review;
mod schema;
mod serve;
mod signing;
mod source;
mod suppression;
mod token;

use std::{
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use clap::{Args, Parser, Subcommand};
use futures::future::LocalBoxFuture;

use crate::{
    audit_trail::AuditError,
    auth::{KeyError, TokenError},
    config::{Config, ConfigError, Flags},
    database::DatabaseError,
    gateway::{GraphError, ReloadError},
    import::ImportError,
    registry::JointError,
    telemetry::TracesError,
};

/// One joint schema over what OHCHR, OSAPG, SRSG-CAAC and SRSG-SVC hold.
#[derive(Debug, Parser)]
#[command(name = "upfront", version, max_term_width = 100)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

/// Flags that every command takes.
#[derive(Debug, Args)]
struct Common {
    /// File of settings; `upfront.toml` where there is one
    #[arg(long, global = true, value_name = "FILE")]
    settings: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Arguments),
    Source(source::Arguments),
    Compose(compose::Arguments),
    Plan(plan::Arguments),
    Schema(schema::Arguments),
    Token(token::Arguments),
    Migrate(migrate::Arguments),
    Import(import::Arguments),
    Audit(audit::Arguments),
    Review(review::Arguments),
}

/// Why a command ended without doing what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// Said on standard error.
    #[error("{0}")]
    Message(String),
    /// Somebody else could not be asked.
    #[error("{0}")]
    Unasked(String),
    /// What a command was to look at cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// All has been said already; only the exit code is left.
    #[error("")]
    Said,
    /// The reader of standard output has closed it, as `head` does.
    #[error("")]
    NotRead,
    /// The settings cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// There is no key to sign tokens with.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The token asked for cannot be made.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The records were not imported.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// There is no supergraph to serve.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// There is none in the file either.
    #[error(transparent)]
    Reload(#[from] ReloadError),
    /// Traces cannot be exported.
    #[error(transparent)]
    Traces(#[from] TracesError),
    /// The audit trail cannot be used.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// The joint schema cannot be served.
    #[error(transparent)]
    Joint(#[from] JointError),
}

impl CliError {
    fn new(message: impl Into<String>) -> Self {
        Self::Message(message.into())
    }

    /// Whether there is nothing to add on standard error.
    pub fn is_silent(&self) -> bool {
        matches!(self, Self::Said | Self::NotRead)
    }

    /// Whether each of its lines is by itself a problem with its place.
    pub fn is_list(&self) -> bool {
        matches!(self, Self::Import(ImportError::Problems(_)))
    }

    /// The exit code: 2 where nothing was looked at, as for a wrong flag, so that CI can tell it from
    /// problems that were found.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Unasked(_) | Self::Unreadable(_) => 2,
            // What a shell reports of a command that a closed pipe ended.
            Self::NotRead => 141,
            _ => 1,
        }
    }
}

impl CommandLine {
    /// Does what the command line says. The future is boxed, here and at the other entry points of this
    /// crate, so that it is compiled once: what an `async fn` does is compiled by each crate that awaits it.
    pub fn run(self) -> LocalBoxFuture<'static, Result<(), CliError>> {
        Box::pin(async move {
            match self.command {
                Command::Serve(arguments) => Box::pin(arguments.run(&self.common)).await,
                Command::Source(arguments) => arguments.run(&self.common).await,
                Command::Compose(arguments) => arguments.run().await,
                Command::Plan(arguments) => arguments.run(&self.common).await,
                Command::Migrate(arguments) => arguments.run(&self.common).await,
                Command::Import(arguments) => arguments.run(&self.common).await,
                Command::Audit(arguments) => arguments.run(&self.common).await,
                Command::Review(arguments) => arguments.run().await,
                Command::Schema(arguments) => arguments.run(),
                Command::Token(arguments) => arguments.run(&self.common).await,
            }
        })
    }
}

/// The text of a file that a flag names.
fn read(path: &Path) -> Result<String, CliError> {
    std::fs::read_to_string(path)
        .map_err(|error| CliError::Unreadable(format!("cannot read `{}`: {error}", path.display())))
}

impl Common {
    fn load(&self, flags: &Flags) -> Result<Config, CliError> {
        Ok(Config::load(self.settings.as_deref(), flags)?)
    }
}

/// Writes a line to standard output.
fn say(line: &str) -> Result<(), CliError> {
    say_text(&format!("{line}\n"))
}

/// Writes text to standard output as it is.
fn say_text(text: &str) -> Result<(), CliError> {
    let mut output = std::io::stdout();
    output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush())
        .map_err(|error| match error.kind() {
            ErrorKind::BrokenPipe => CliError::NotRead,
            _ => CliError::new(format!("standard output is closed: {error}")),
        })
}
