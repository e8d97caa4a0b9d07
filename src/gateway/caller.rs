//! The caller of a request, and the fetches that were made for it.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use axum::http::HeaderMap;
use federation::error::SubgraphErrorKind;
use indexmap::IndexSet;

use super::{classified::ClassifiedRecords, record_ids::RecordsReached};
use crate::auth::Principal;

/// Handed through the engine to each fetch.
#[derive(Debug, Default)]
pub struct Caller {
    /// Who asks.
    pub principal: Arc<Principal>,
    /// The policies that were found to hold for it.
    pub policies: IndexSet<String>,
    /// The request's headers that a source may be sent, if it is configured so.
    pub headers: HeaderMap,
    fetches: Mutex<Vec<SourceFetch>>,
    /// The ids of the records that embedded sources returned, where they are asked for.
    records: Option<Mutex<RecordsReached>>,
    classified: Mutex<ClassifiedRecords>,
}

/// One fetch, as the transport saw it.
#[derive(Clone, Debug)]
pub struct SourceFetch {
    /// Name of the source.
    pub source: Arc<str>,
    /// How it ended.
    pub status: FetchStatus,
    /// When it was asked, if anything of its answer was taken: nothing newer is in it.
    pub as_of: Option<SystemTime>,
    /// How long it took, waiting and retries included.
    pub duration: Duration,
}

/// How a fetch ended, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FetchStatus {
    /// With an answer, which may hold errors that the source reports.
    Ok,
    /// With an answer that is none, or is not what was asked for.
    Invalid,
    /// Not in time.
    Timeout,
    /// Not at all, or without the records.
    Unavailable,
}

impl FetchStatus {
    /// As metrics and traces have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Invalid => "invalid",
            Self::Timeout => "timeout",
            Self::Unavailable => "unavailable",
        }
    }
}

impl From<SubgraphErrorKind> for FetchStatus {
    fn from(kind: SubgraphErrorKind) -> Self {
        match kind {
            SubgraphErrorKind::Invalid => Self::Invalid,
            SubgraphErrorKind::Timeout => Self::Timeout,
            SubgraphErrorKind::Unavailable => Self::Unavailable,
        }
    }
}

impl Caller {
    /// A caller at the start of a request.
    pub fn new(principal: Arc<Principal>) -> Self {
        Self {
            principal,
            policies: IndexSet::new(),
            headers: HeaderMap::new(),
            fetches: Mutex::default(),
            records: None,
            classified: Mutex::default(),
        }
    }

    /// Adds the request's headers.
    #[must_use]
    pub fn with_headers(mut self, headers: &HeaderMap) -> Self {
        self.headers.clone_from(headers);
        self
    }

    /// Has the ids of records noted.
    #[must_use]
    pub fn noting_records(mut self) -> Self {
        self.records = Some(Mutex::default());
        self
    }

    /// Notes a fetch; its number, for [`Caller::amend_fetch`].
    pub(super) fn note_fetch(&self, fetch: SourceFetch) -> usize {
        let mut fetches = self.lock();
        fetches.push(fetch);
        fetches.len() - 1
    }

    /// Changes what was noted of a fetch.
    pub(super) fn amend_fetch(&self, number: usize, change: impl FnOnce(&mut SourceFetch)) {
        if let Some(fetch) = self.lock().get_mut(number) {
            change(fetch);
        }
    }

    /// Notes the records that a source returned, where they are asked for.
    pub(super) fn note_records(&self, note: impl FnOnce(&mut RecordsReached)) {
        if let Some(records) = &self.records {
            note(&mut records.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// The records that embedded sources returned; they are taken away.
    pub fn take_records(&self) -> RecordsReached {
        let Some(records) = &self.records else {
            return RecordsReached::default();
        };
        std::mem::take(&mut records.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes the records above UNCLASSIFIED that a source returned.
    pub(super) fn note_classified(&self, note: impl FnOnce(&mut ClassifiedRecords)) {
        note(&mut self.classified());
    }

    /// The records above UNCLASSIFIED that sources returned so far.
    pub fn classified(&self) -> MutexGuard<'_, ClassifiedRecords> {
        let classified = self.classified.lock();
        classified.unwrap_or_else(PoisonError::into_inner)
    }

    /// The fetches so far, in the order in which they ended.
    pub fn fetches(&self) -> Vec<SourceFetch> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<SourceFetch>> {
        self.fetches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
