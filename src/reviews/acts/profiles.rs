//! How joined profiles are read to be frozen: through the gateway, which this module does not know. Whoever serves
//! the graph connects it.

use std::{
    fmt::Debug,
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, NaiveDate, Utc};
use entities::terms::Classification;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, MutexGuard};

use super::plan::Planning;
use crate::auth::Clock;

/// Reads joined profiles.
pub trait ReadProfiles: Debug + Send + Sync {
    /// The profiles of the situations with these ids, in their order, for the review with an id and as of the end of its
    /// period. An error says why they cannot be frozen.
    fn read<'a>(
        &'a self,
        situations: &'a [String],
        at: (&'a str, NaiveDate),
    ) -> BoxFuture<'a, Result<Vec<ReadProfile>, String>>;
}

/// A joined profile as it was read.
#[derive(Clone, Debug)]
pub struct ReadProfile {
    /// The number of the supergraph; none without a registry.
    pub supergraph: Option<i32>,
    /// The operation.
    pub operation: String,
    /// The sources that were asked.
    pub sources: Vec<SourceRead>,
    /// What of it is told to whom.
    pub parts: Vec<ReadPart>,
}

/// A source that was asked, and how that ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceRead {
    /// Its name.
    pub name: String,
    /// How it ended: `OK`, or why it is missing.
    pub status: String,
    /// When it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<DateTime<Utc>>,
}

/// Up to which level a part was read, and with which scope for exact figures.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartScope {
    /// The level.
    pub level: Classification,
    /// The scope; empty for none.
    pub exact: String,
}

/// What of a profile is told up to a level.
#[derive(Clone, Debug)]
pub struct ReadPart {
    /// To whom.
    pub scope: PartScope,
    /// Canonical JSON; texts of records are encrypted in it.
    pub body: String,
}

/// What acts on the review need beside the records.
#[derive(Clone, Debug)]
pub struct ReviewParts {
    /// Reads profiles.
    pub profiles: Arc<dyn ReadProfiles>,
    /// The rule by which cycles are planned.
    pub planning: Planning,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// The place of these parts: connected once they are there.
#[derive(Clone, Debug, Default)]
pub struct ReviewCell(Arc<Cell>);

#[derive(Debug, Default)]
struct Cell {
    parts: OnceLock<ReviewParts>,
    freezing: Mutex<()>,
}

impl ReviewCell {
    /// The parts, once there are any.
    pub fn parts(&self) -> Option<&ReviewParts> {
        self.0.parts.get()
    }

    /// The rule by which cycles are planned; the usual one until one is connected.
    pub fn planning(&self) -> Planning {
        self.parts()
            .map_or_else(Planning::default, |parts| parts.planning.clone())
    }

    /// Waits until nobody else of this process freezes.
    pub(crate) async fn take_turn_to_freeze(&self) -> MutexGuard<'_, ()> {
        self.0.freezing.lock().await
    }

    /// Connects; the first parts stay.
    pub fn connect(&self, parts: ReviewParts) {
        let _ = self.0.parts.set(parts);
    }
}
