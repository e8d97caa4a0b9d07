//! What requests and the writer exchange.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, OwnedSemaphorePermit, oneshot};

use super::{draft::Draft, error::AuditError};

/// Where an entry is; the first of its parts where it has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The chain.
    pub chain: Arc<str>,
    /// Its place in the chain.
    pub sequence: i64,
    /// Its time.
    pub at: DateTime<Utc>,
}

/// An operation whose entries wait to be written.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) drafts: Vec<Draft>,
    pub(super) answer: oneshot::Sender<Result<Recorded, AuditError>>,
    /// Its share of the rows that may wait together.
    pub(super) room: OwnedSemaphorePermit,
}

/// How many rows entries are stored as.
pub(super) fn rows_of(drafts: &[Draft]) -> usize {
    drafts.iter().map(Draft::rows).sum()
}

/// How long so many rows may take: the time for any, and more where they are many.
pub(super) fn patience(any: Duration, rows: usize) -> Duration {
    any + Duration::from_micros(rows as u64 * 500)
}

/// What the writer and requests share.
#[derive(Debug, Default)]
pub(super) struct State {
    /// Answers that were given without an entry, and are not told of in the trail yet.
    pub(super) unrecorded: AtomicU64,
    /// Whether the last attempt to write failed.
    pub(super) is_failing: AtomicBool,
    /// The service stops.
    pub(super) stop: Notify,
}
