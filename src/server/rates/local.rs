//! Rates that one replica counts by itself.

use std::sync::atomic::{AtomicUsize, Ordering};

use governor::{Quota, RateLimiter, clock::Clock as _, state::keyed::DashMapStateStore};

use super::rate::{Rate, RateKey, seconds};

/// After how many requests what is kept is looked through.
const SWEEP: usize = 10_000;

/// A limiter with a state for each caller that asked within the last minute or so.
pub(super) struct LocalRates {
    limiter: RateLimiter<RateKey, DashMapStateStore<RateKey>, governor::clock::DefaultClock>,
    counted: AtomicUsize,
}

impl std::fmt::Debug for LocalRates {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("LocalRates")
    }
}

impl LocalRates {
    pub(super) fn new(rate: Rate) -> Self {
        let quota = Quota::per_minute(rate.per_minute).allow_burst(rate.burst);
        Self {
            limiter: RateLimiter::dashmap(quota),
            counted: AtomicUsize::new(0),
        }
    }

    /// Counts a request; the error has the seconds after which the next may come.
    pub(super) fn count(&self, key: &RateKey) -> Result<(), u64> {
        if self.counted.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            // Of callers that have not asked for long nothing has to be known.
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|refusal| {
            let wait = refusal.wait_time_from(self.limiter.clock().now());
            seconds(wait)
        })
    }
}
