//! Settings of the suppression of small counts.

use serde::{Deserialize, Serialize};

/// The lowest threshold: counts of 1 and 2 are never told where they can be suppressed.
const LOWEST: u32 = 3;

/// Counts from 1 to below these are suppressed in working figures, wherever they are finer than a total.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SuppressionSettings {
    /// Of figures on children.
    pub children: u32,
    /// Of figures on sexual violence.
    pub sexual_violence: u32,
    /// Of other figures.
    pub other: u32,
}

impl Default for SuppressionSettings {
    fn default() -> Self {
        Self {
            children: 10,
            sexual_violence: 10,
            other: 5,
        }
    }
}

impl SuppressionSettings {
    pub(super) fn check(self) -> Result<(), String> {
        let thresholds = [
            ("children", self.children),
            ("sexual_violence", self.sexual_violence),
            ("other", self.other),
        ];
        for (key, threshold) in thresholds {
            if threshold < LOWEST {
                return Err(format!(
                    "`suppression.{key}` must be at least {LOWEST}: counts of 1 and 2 are never told"
                ));
            }
            if threshold > 1000 {
                return Err(format!("`suppression.{key}` must be at most 1000"));
            }
        }
        Ok(())
    }
}
