//! Decides which small counts are suppressed, by the thresholds of the settings.

use super::CliError;
use crate::{
    auth::{Clock, SystemClock},
    config::Config,
    database::Database,
    sources::{Thresholds, suppress_small_counts},
};

/// Decides what is not decided yet. The number of tables.
pub(super) async fn suppress(config: &Config, database: &Database) -> Result<usize, CliError> {
    let settings = config.suppression;
    let thresholds = Thresholds {
        children: settings.children,
        sexual_violence: settings.sexual_violence,
        other: settings.other,
    };
    let decided = suppress_small_counts(database, thresholds, SystemClock.instant()).await;
    decided.map_err(|error| {
        CliError::new(format!(
            "cannot decide which small counts are suppressed: {}; figures finer than totals stay \
             suppressed until then",
            crate::database::without_values(&error)
        ))
    })
}
