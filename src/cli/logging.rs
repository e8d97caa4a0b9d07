//! Where log lines go: standard error.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::{EnvFilter, fmt};

use super::CliError;
use crate::config::{Log, LogFormat};

/// Starts logging; a second call changes nothing.
pub(super) fn start(log: &Log) -> Result<(), CliError> {
    let filter = EnvFilter::try_new(&log.filter).map_err(|error| {
        CliError::new(format!(
            "`log.filter`: {error}; write `info` or `upfront=debug`"
        ))
    })?;
    let builder = fmt().with_env_filter(filter).with_writer(stderr);
    // A failure means that a subscriber is there already, as in tests.
    let _ = match log.format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        // Colours are for a terminal; in a file they are noise.
        LogFormat::Text => builder.with_ansi(stderr().is_terminal()).try_init(),
    };
    Ok(())
}
