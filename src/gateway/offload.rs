//! Where long work of the engine runs: threads that no request waits for, fewer than there are cores.

use std::{num::NonZero, sync::LazyLock, thread};

use tokio::{runtime::Handle, sync::Semaphore, task};
use tracing::Span;

/// One core is left to those who are answered without planning. Whoever gives up while waiting for a
/// place leaves the queue.
static PLACES: LazyLock<Semaphore> = LazyLock::new(|| {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    Semaphore::new(cores.saturating_sub(1).max(1))
});

/// Runs work to its end; `None` if it panicked. The place is held as long as the work runs, whether
/// or not anybody still waits for it.
pub(super) async fn run_blocking<R: Send + 'static>(
    work: impl FnOnce() -> R + Send + 'static,
) -> Option<R> {
    if Handle::try_current().is_err() {
        // Without a runtime nobody else is served by this thread.
        return Some(work());
    }
    let place = PLACES.acquire().await.ok()?;
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
