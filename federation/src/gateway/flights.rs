//! A cache whose results are computed once, however many requests wait for one; the computation is
//! cancelled when the last of them stops waiting.

use std::{
    borrow::Borrow,
    fmt,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use futures::future::{BoxFuture, FutureExt, Shared};
use indexmap::IndexMap;
use moka::sync::Cache;

use crate::budget::Interrupt;

/// A cache; requests for a result that is being computed wait for it together.
pub(super) struct Flights<K: Eq + Hash, V: Clone> {
    kept: Cache<K, V>,
    under_way: Arc<UnderWay<K, V>>,
}

/// The computations in progress. One exists as long as a request waits for it.
type UnderWay<K, V> = Mutex<IndexMap<K, Weak<Flight<K, V>>>>;

struct Flight<K: Eq + Hash, V: Clone> {
    key: K,
    outcome: Shared<BoxFuture<'static, V>>,
    interrupt: Interrupt,
    under_way: Weak<UnderWay<K, V>>,
}

impl<K: Eq + Hash, V: Clone> fmt::Debug for Flights<K, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Flights(..)")
    }
}

impl<K, V> Flights<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Keeps results in a cache.
    pub(super) fn new(kept: Cache<K, V>) -> Self {
        Self {
            kept,
            under_way: Arc::default(),
        }
    }

    /// A result that is kept.
    pub(super) fn find<Q>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.kept.get(key)
    }

    /// How many results are kept, and about how many bytes they take.
    pub(super) fn size(&self) -> (u64, u64) {
        self.kept.run_pending_tasks();
        (self.kept.entry_count(), self.kept.weighted_size())
    }

    /// The result for a key, computed unless that is in progress; it is kept if `true` is beside
    /// it. The interrupt is set once no request waits for it.
    pub(super) async fn make<F>(&self, key: K, work: impl FnOnce(Interrupt) -> F) -> V
    where
        F: Future<Output = (V, bool)> + Send + 'static,
    {
        let flight = self.join(key, work);
        // Each waiting request holds the flight, until the result is there or it stops waiting.
        flight.outcome.clone().await
    }

    fn join<F>(&self, key: K, work: impl FnOnce(Interrupt) -> F) -> Arc<Flight<K, V>>
    where
        F: Future<Output = (V, bool)> + Send + 'static,
    {
        let mut under_way = lock(&self.under_way);
        if let Some(flight) = under_way.get(&key).and_then(Weak::upgrade) {
            return flight;
        }
        let interrupt = Interrupt::default();
        let working = work(interrupt.clone());
        let (kept, kept_as) = (self.kept.clone(), key.clone());
        let outcome = async move {
            let (value, is_to_keep) = working.await;
            if is_to_keep {
                kept.insert(kept_as, value.clone());
            }
            value
        };
        let flight = Arc::new(Flight {
            key: key.clone(),
            outcome: outcome.boxed().shared(),
            interrupt,
            under_way: Arc::downgrade(&self.under_way),
        });
        under_way.insert(key, Arc::downgrade(&flight));
        flight
    }
}

impl<K: Eq + Hash, V: Clone> Drop for Flight<K, V> {
    fn drop(&mut self) {
        self.interrupt.set();
        let Some(under_way) = self.under_way.upgrade() else {
            return;
        };
        let mut under_way = lock(&under_way);
        // Another request may have started a new flight since.
        let is_over = |flight: &Weak<Self>| flight.strong_count() == 0;
        if under_way.get(&self.key).is_some_and(is_over) {
            under_way.swap_remove(&self.key);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use futures::{
        channel::oneshot,
        executor::block_on,
        future::{join, poll_immediate},
    };
    use moka::sync::Cache;

    use super::{Flights, lock};
    use crate::budget::Interrupt;

    fn flights() -> Flights<u8, u8> {
        Flights::new(Cache::new(10))
    }

    #[test]
    fn those_who_ask_meanwhile_wait_for_the_same() {
        let (flights, started) = (flights(), AtomicUsize::new(0));
        let (send, receive) = oneshot::channel::<u8>();
        let first = flights.make(1, |_| {
            started.fetch_add(1, Ordering::SeqCst);
            async { (receive.await.unwrap(), true) }
        });
        let second = flights.make(1, |_| {
            started.fetch_add(1, Ordering::SeqCst);
            async { (0, true) }
        });
        let answer = async {
            send.send(7).unwrap();
        };
        let ((one, other), ()) = block_on(join(join(first, second), answer));
        assert_eq!((one, other, started.into_inner()), (7, 7, 1));
        assert_eq!(flights.find(&1), Some(7));
        assert!(lock(&flights.under_way).is_empty());
    }

    #[test]
    fn the_last_to_leave_stops_the_work() {
        let flights = flights();
        let told = Arc::new(std::sync::OnceLock::<Interrupt>::new());
        let begin = || {
            let told = Arc::clone(&told);
            flights.make(1, move |interrupt| {
                let _ = told.set(interrupt);
                std::future::pending()
            })
        };
        let (mut first, mut second) = (Box::pin(begin()), Box::pin(begin()));
        assert_eq!(block_on(poll_immediate(&mut first)), None);
        assert_eq!(block_on(poll_immediate(&mut second)), None);
        drop(first);
        assert!(!told.get().unwrap().is_set());
        drop(second);
        assert!(told.get().unwrap().is_set());
        assert!(lock(&flights.under_way).is_empty());
        // The next request starts a new flight.
        assert_eq!(block_on(flights.make(1, |_| async { (3, false) })), 3);
        assert_eq!(flights.find(&1), None);
    }
}
