//! Settings of the audit trail.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Characters of a chain's name.
const MOST_NAME: usize = 64;

/// How the audit trail is written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditSettings {
    /// Seconds between two anchors of what other replicas wrote; zero writes none.
    pub anchor_seconds: u64,
    /// Entries that may wait to be written; requests beyond wait for room.
    pub queue: usize,
    /// From which level on a request has to say what it is for, in `Upfront-Purpose`.
    pub require_purpose: RequirePurpose,
    /// Whether CONFIDENTIAL data are served while the trail cannot be written. STRICTLY CONFIDENTIAL data
    /// never are.
    pub fail_open_confidential: bool,
    /// The name of this replica's chain; `replica` unless given. Where another process writes that one,
    /// a number is added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replica: Option<String>,
}

/// From which level on a request has to say what it is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequirePurpose {
    /// It never has to.
    #[default]
    Never,
    /// From CONFIDENTIAL on.
    Confidential,
    /// For STRICTLY CONFIDENTIAL.
    StrictlyConfidential,
}

impl Default for AuditSettings {
    fn default() -> Self {
        Self {
            anchor_seconds: 300,
            queue: 1_024,
            require_purpose: RequirePurpose::default(),
            fail_open_confidential: false,
            replica: None,
        }
    }
}

impl AuditSettings {
    /// The time between two anchors, where there are any.
    pub fn anchor_time(&self) -> Option<Duration> {
        (self.anchor_seconds > 0).then(|| Duration::from_secs(self.anchor_seconds))
    }

    /// The name that this replica's chain has by preference.
    pub fn chain(&self) -> &str {
        self.replica.as_deref().unwrap_or("replica")
    }

    /// A sentence on what is wrong with them.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.queue == 0 {
            return Err("`audit.queue` must be at least 1".to_owned());
        }
        let name = self.chain();
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        if name.is_empty() || name.len() > MOST_NAME || !name.chars().all(is_plain) {
            return Err(format!(
                "`audit.replica`: `{name}` cannot name a chain; write up to {MOST_NAME} letters, \
                 digits, `-`, `_` and `.`, such as `geneva-1`"
            ));
        }
        Ok(())
    }
}
