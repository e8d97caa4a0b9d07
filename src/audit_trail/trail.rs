//! The trail of a running service: what requests are recorded through.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use sea_orm::DbErr;
use tokio::{
    sync::{Mutex, Semaphore, mpsc, oneshot},
    task::JoinHandle,
    time::timeout,
};

use super::{
    draft::Draft,
    entry::AuditEntry,
    error::AuditError,
    place,
    read::{Filter, Page, Records, read},
    waiting::{Recorded, State, Waiting, patience, rows_of},
    writer::Writer,
};
use crate::{auth::Clock, config::AuditSettings, database::Database};

/// How long a request waits for its entry, room in the queue included. The writer answers sooner, be it
/// that it cannot write.
const PATIENCE: Duration = Duration::from_secs(15);

/// Rows that may wait together; about a hundred bytes each. An operation of more waits for all others.
const MOST_WAITING: usize = 400_000;

/// The trail of a running service.
#[derive(Debug)]
pub struct AuditTrail {
    trail: Database,
    queue: mpsc::Sender<Waiting>,
    /// One for each row that may wait: entries are counted by the queue, but one can reach many records.
    room: Arc<Semaphore>,
    state: Arc<State>,
    writing: Mutex<Option<JoinHandle<()>>>,
}

impl AuditTrail {
    /// Opens the trail of a service by its database and begins to write a chain.
    pub async fn start(
        database: &Database,
        settings: &AuditSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AuditError> {
        let trail = place::open(database).await?;
        let state = Arc::new(State::default());
        let (queue, entries) = mpsc::channel(settings.queue);
        let mut writer = Writer::new(trail.clone(), settings, clock, Arc::clone(&state));
        writer.begin().await?;
        let writing = tokio::spawn(writer.run(entries, settings.anchor_time()));
        Ok(Self {
            trail,
            queue,
            room: Arc::new(Semaphore::new(MOST_WAITING)),
            state,
            writing: Mutex::new(Some(writing)),
        })
    }

    /// Records an operation, and returns once its entries are on disk. After an error they are written or
    /// not, but never in part; what the operation answers must not be sent
    /// ([`super::may_go_unrecorded`] has the exception).
    pub async fn record(&self, entry: AuditEntry) -> Result<Recorded, AuditError> {
        let drafts = Draft::of(entry).map_err(|_| AuditError::Unavailable)?;
        let rows = rows_of(&drafts);
        let written = async {
            let (answer, answered) = oneshot::channel();
            let share = u32::try_from(rows.min(MOST_WAITING)).ok()?;
            let room = Arc::clone(&self.room).acquire_many_owned(share);
            let waiting = Waiting {
                drafts,
                answer,
                room: room.await.ok()?,
            };
            self.queue.send(waiting).await.ok()?;
            answered.await.ok()
        };
        match timeout(patience(PATIENCE, rows), written).await {
            Ok(Some(outcome)) => outcome,
            _ => Err(AuditError::Unavailable),
        }
    }

    /// An answer was given without an entry: the trail says how many, as soon as it can be written.
    pub fn note_unrecorded(&self) {
        self.state.unrecorded.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether the last attempt to write failed.
    pub fn is_failing(&self) -> bool {
        self.state.is_failing.load(Ordering::Relaxed)
    }

    /// Reads entries.
    pub async fn read(&self, filter: &Filter, page: &Page) -> Result<Records, DbErr> {
        read(&self.trail, filter, page).await
    }

    /// Where the trail is; for [`super::verify()`] and its like.
    pub fn database(&self) -> &Database {
        &self.trail
    }

    /// Writes what waits, and a last anchor; nothing can be recorded any more.
    pub async fn finish(&self) {
        self.state.stop.notify_one();
        if let Some(writing) = self.writing.lock().await.take()
            && let Err(error) = writing.await
        {
            tracing::error!(%error, "the writer of the audit trail ended too early");
        }
    }
}
