//! Where log lines go: standard error. And where spans go, where they are exported.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::{FilterExt, filter_fn},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use super::CliError;
use crate::{
    config::{Log, LogFormat},
    telemetry::{Traces, is_logged},
};

/// Starts logging, and the export of spans; a second call changes nothing.
pub(super) fn start(log: &Log, traces: Option<&Traces>) -> Result<(), CliError> {
    let filter = EnvFilter::try_new(&log.filter).map_err(|error| {
        CliError::new(format!(
            "`log.filter`: {error}; write `info` or `upfront=debug`"
        ))
    })?;
    let lines = fmt::layer().with_writer(stderr);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match log.format {
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
        // Colours are for a terminal; in a file they are noise.
        LogFormat::Text => lines.with_ansi(stderr().is_terminal()).boxed(),
    };
    // What is exported is not for the settings of the log to say.
    let subscriber =
        tracing_subscriber::registry().with(lines.with_filter(filter.and(filter_fn(is_logged))));
    // A failure means that a subscriber is there already, as in tests.
    let _ = subscriber.with(traces.map(Traces::layer)).try_init();
    Ok(())
}
