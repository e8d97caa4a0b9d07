//! Where long work of the engine runs: threads that no request waits for, fewer than there are cores.

use std::{
    num::NonZero,
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use tokio::{runtime::Handle, sync::Semaphore, task};
use tracing::Span;

/// One core is left to requests that are answered without planning. A request that ends while it
/// waits for a place leaves the queue.
static PLACES: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(places()));
static WAITING: Waiting = Waiting(AtomicUsize::new(0));

fn places() -> usize {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    cores.saturating_sub(1).max(1)
}

/// How much work there is for these threads at the moment, in the whole process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preparing {
    /// Work that runs.
    pub in_flight: usize,
    /// Work that waits for a place.
    pub waiting: usize,
}

/// How much work there is at the moment.
pub fn preparing() -> Preparing {
    Preparing {
        in_flight: places().saturating_sub(PLACES.available_permits()),
        waiting: WAITING.number(),
    }
}

/// How many wait for something.
#[derive(Debug, Default)]
pub(super) struct Waiting(AtomicUsize);

/// One of them, until it is dropped.
#[derive(Debug)]
pub(super) struct Waits<'a>(&'a Waiting);

impl Waiting {
    /// One more waits.
    pub(super) fn enter(&self) -> Waits<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Waits(self)
    }

    /// How many wait.
    pub(super) fn number(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Runs work to its end; `None` if it panicked. The place is held as long as the work runs, also if
/// no request waits for it any more.
pub(super) async fn run_blocking<R: Send + 'static>(
    work: impl FnOnce() -> R + Send + 'static,
) -> Option<R> {
    if Handle::try_current().is_err() {
        // Without a runtime this thread serves no other request.
        return Some(work());
    }
    let waits = WAITING.enter();
    let place = PLACES.acquire().await.ok()?;
    drop(waits);
    let span = Span::current();
    let running = task::spawn_blocking(move || {
        let _place = place;
        span.in_scope(work)
    });
    match running.await {
        Ok(result) => Some(result),
        Err(error) => {
            tracing::error!(%error, "an operation could not be prepared");
            None
        }
    }
}
