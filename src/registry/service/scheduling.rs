//! Decides in which order compositions run. They take long, so few run at once; one entity must not
//! delay the others, and checks of versions must not delay an act that ends a consent or a source.

use std::{
    collections::HashMap,
    num::NonZero,
    sync::{Arc, LazyLock, Mutex, PoisonError},
    thread,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::RegistryError;

/// One core is left for answering requests.
static VERSIONS: LazyLock<Semaphore> = LazyLock::new(places);
static OTHERS: LazyLock<Semaphore> = LazyLock::new(places);

fn places() -> Semaphore {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    Semaphore::new(cores.saturating_sub(1).max(1))
}

/// What is composed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::registry) enum Purpose {
    /// A version of a source is to be checked or published.
    Version,
    /// Anything else: it never waits for versions.
    Other,
}

/// Runs what takes long off the threads that answer requests, after what waited longer for the same
/// purpose. A panic in it is an internal error; it is logged with its text.
pub(in crate::registry) async fn blocking<T: Send + 'static>(
    purpose: Purpose,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, RegistryError> {
    let places = match purpose {
        Purpose::Version => &VERSIONS,
        Purpose::Other => &OTHERS,
    };
    let place = places.acquire().await.map_err(|_| RegistryError::Fault)?;
    let running = tokio::task::spawn_blocking(move || {
        let _place = place;
        work()
    });
    running.await.map_err(|error| {
        tracing::error!(%error, "work on the joint schema broke off");
        RegistryError::Fault
    })
}

/// One permit for each entity, so that an entity waits for no more than one check or publication of each
/// other. There are as many as entities that may register sources.
#[derive(Debug, Default)]
pub(super) struct EntityPermits(Mutex<HashMap<String, Arc<Semaphore>>>);

/// Marks a check or publication as in progress, as long as it lives.
#[derive(Debug)]
pub(super) struct EntityPermit {
    _place: OwnedSemaphorePermit,
}

impl EntityPermits {
    /// Begins a check or publication of an entity, once its earlier ones have ended.
    pub(super) async fn begin(&self, entity: &str) -> Result<Arc<EntityPermit>, RegistryError> {
        let of_entity = {
            let mut permits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let new = || Arc::new(Semaphore::new(1));
            Arc::clone(permits.entry(entity.to_owned()).or_insert_with(new))
        };
        let place = of_entity.acquire_owned().await;
        let place = place.map_err(|_| RegistryError::Fault)?;
        Ok(Arc::new(EntityPermit { _place: place }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_fault_of_our_own() {
        let breaks = || -> i32 { std::panic::panic_any("composition broke") };
        let outcome = blocking(Purpose::Version, breaks).await;
        let error = outcome.expect_err("it panicked");
        assert!(matches!(error, RegistryError::Fault), "{error:?}");
        assert_eq!(error.code(), "SOURCE_ERROR");
        assert!(!error.to_string().contains("meanwhile"), "{error}");
    }

    #[tokio::test]
    async fn an_entity_waits_for_its_own_permits_alone() {
        let permits = EntityPermits::default();
        let first = permits.begin("RELIEF").await.unwrap();
        let mut second = Box::pin(permits.begin("RELIEF"));
        assert!(futures::poll!(&mut second).is_pending());
        assert!(permits.begin("OTHER").await.is_ok());
        // Work in progress keeps its permit, also if no request waits for it.
        let at_work = Arc::clone(&first);
        drop(first);
        assert!(futures::poll!(&mut second).is_pending());
        drop(at_work);
        assert!(second.await.is_ok());
    }
}
