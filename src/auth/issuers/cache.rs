//! The current keys of one issuer. In: the ids that tokens name. Out: a set of keys. Invariant: however
//! many ask, one fetch runs at a time, and after a fetch, whatever came of it, none begins before its
//! pause has passed; keys stay in use while the issuer cannot be asked, for a bounded time.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use arc_swap::ArcSwapOption;
use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use jsonwebtoken::Algorithm;

use super::{keys::KeySet, source::KeySource};
use crate::{auth::Clock, config::IssuerSettings};

/// Seconds between two attempts where there are no keys to use.
const WITHOUT_KEYS: u64 = 2;
/// Seconds for which a file of keys counts as current.
const FRESH_FILE: u64 = 10;

/// Called when a key was taken away or replaced: what it verified counts no longer.
pub(in crate::auth) type OnRemoval = Box<dyn Fn() + Send + Sync>;

/// The keys of one issuer, fetched when they are needed.
pub(super) struct KeyCache {
    issuer: String,
    source: KeySource,
    algorithms: Vec<Algorithm>,
    clock: Arc<dyn Clock>,
    /// Seconds, of the settings.
    fresh: u64,
    kept: u64,
    pause: u64,
    current: ArcSwapOption<Current>,
    fetching: Mutex<Fetching>,
    on_removal: OnRemoval,
}

#[derive(Debug)]
struct Current {
    keys: Arc<KeySet>,
    fetched_at: u64,
    fresh_until: u64,
}

type Flight = Shared<BoxFuture<'static, ()>>;

#[derive(Default)]
struct Fetching {
    running: Option<Flight>,
    /// When the last attempt began.
    began: Option<u64>,
    /// Whether it failed, so that a failure is logged once.
    has_failed: bool,
}

impl std::fmt::Debug for KeyCache {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("KeyCache")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

impl KeyCache {
    pub(super) fn new(
        settings: &IssuerSettings,
        algorithms: Vec<Algorithm>,
        clock: Arc<dyn Clock>,
        on_removal: OnRemoval,
    ) -> Result<Arc<Self>, String> {
        let source = KeySource::new(settings)?;
        let of_file = source.is_file();
        Ok(Arc::new(Self {
            issuer: settings.issuer.clone(),
            algorithms,
            clock,
            fresh: if of_file {
                FRESH_FILE
            } else {
                settings.keys_fresh_seconds.max(1)
            },
            kept: settings.keys_kept_seconds,
            pause: if of_file {
                1
            } else {
                settings.unknown_key_seconds
            },
            source,
            current: ArcSwapOption::empty(),
            fetching: Mutex::default(),
            on_removal,
        }))
    }

    /// Whether what its keys verified counts: they are in use. Where they are no longer current, new ones
    /// are fetched meanwhile.
    pub(super) fn is_in_use(self: &Arc<Self>) -> bool {
        let now = self.clock.now();
        let current = self.usable(now);
        if current
            .as_ref()
            .is_some_and(|current| now >= current.fresh_until)
        {
            drop(self.begin_fetch(self.pause));
        }
        current.is_some()
    }

    /// The keys in use. Where they are no longer current, new ones are fetched meanwhile; where there
    /// are none, they are waited for.
    pub(super) async fn keys(self: &Arc<Self>) -> Option<Arc<KeySet>> {
        let now = self.clock.now();
        if let Some(current) = self.usable(now) {
            if now >= current.fresh_until {
                // It runs in a task; nobody has to wait for it.
                drop(self.begin_fetch(self.pause));
            }
            return Some(Arc::clone(&current.keys));
        }
        if let Some(flight) = self.begin_fetch(WITHOUT_KEYS) {
            flight.await;
        }
        let current = self.usable(self.clock.now())?;
        Some(Arc::clone(&current.keys))
    }

    /// The keys after another look, since a token names one that is not among them. Where the last look
    /// is not long ago, those there are.
    pub(super) async fn keys_after_look(self: &Arc<Self>) -> Option<Arc<KeySet>> {
        if let Some(flight) = self.begin_fetch(self.pause) {
            flight.await;
        }
        let current = self.usable(self.clock.now())?;
        Some(Arc::clone(&current.keys))
    }

    /// Whether the last fetch failed.
    pub(super) fn is_failing(&self) -> bool {
        self.lock().has_failed
    }

    fn usable(&self, now: u64) -> Option<Arc<Current>> {
        let current = self.current.load_full()?;
        (now <= current
            .fetched_at
            .saturating_add(self.kept)
            .max(current.fresh_until))
        .then_some(current)
    }

    /// The fetch under way, or a new one unless the last began less than `pause` seconds ago. It runs in
    /// a task of its own, so that it goes on when those who wait for it leave.
    fn begin_fetch(self: &Arc<Self>, pause: u64) -> Option<Flight> {
        let now = self.clock.now();
        let mut fetching = self.lock();
        if let Some(running) = &fetching.running {
            return Some(running.clone());
        }
        // A clock that was set back must not stop all fetches.
        let is_too_soon = |began: u64| began <= now && now < began.saturating_add(pause);
        if fetching.began.is_some_and(is_too_soon) {
            return None;
        }
        fetching.began = Some(now);
        let this = Arc::clone(self);
        let task = tokio::spawn(async move {
            // A panic has been logged by the panic handler; the next fetch is another attempt.
            let _ = AssertUnwindSafe(this.fetch()).catch_unwind().await;
            this.lock().running = None;
        });
        let flight: BoxFuture<'static, ()> = Box::pin(task.map(|_| ()));
        let flight = flight.shared();
        fetching.running = Some(flight.clone());
        Some(flight)
    }

    async fn fetch(&self) {
        let fetched = self.source.fetch().await;
        let read = fetched.and_then(|fetched| {
            let keys = KeySet::parse(&fetched.bytes, &self.algorithms)?;
            Ok((keys, fetched.fresh))
        });
        let now = self.clock.now();
        let outcome =
            read.map(|(keys, fresh)| self.replace(keys, fresh.unwrap_or(self.fresh), now));
        let mut fetching = self.lock();
        match outcome {
            Ok(()) if fetching.has_failed => {
                fetching.has_failed = false;
                tracing::info!(issuer = self.issuer, "the issuer's keys can be read again");
            }
            Ok(()) => {}
            Err(error) if fetching.has_failed => {
                tracing::debug!(
                    issuer = self.issuer,
                    error,
                    "the issuer's keys cannot be read"
                );
            }
            Err(error) => {
                fetching.has_failed = true;
                let until_then = if self.current.load().is_some() {
                    "the last ones stay in use for a time"
                } else {
                    "its tokens cannot be checked"
                };
                tracing::warn!(
                    issuer = self.issuer,
                    error,
                    "the issuer's keys cannot be read; {until_then}"
                );
            }
        }
    }

    fn replace(&self, keys: KeySet, fresh: u64, now: u64) {
        if keys.is_empty() {
            tracing::warn!(
                issuer = self.issuer,
                "the issuer publishes no key that its tokens can be checked with: all are refused"
            );
        }
        let keys = Arc::new(keys);
        let before = self.current.swap(Some(Arc::new(Current {
            keys: Arc::clone(&keys),
            fetched_at: now,
            fresh_until: now.saturating_add(fresh),
        })));
        if before.is_some_and(|before| keys.lacks_some_of(&before.keys)) {
            (self.on_removal)();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Fetching> {
        self.fetching.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
