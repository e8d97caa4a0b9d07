//! The time of day.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Utc};

/// Gives the time; tests have a clock that they set.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Seconds since 1970, UTC.
    fn now(&self) -> u64;

    /// The same as an instant, as fine as the clock is.
    fn instant(&self) -> DateTime<Utc> {
        let seconds = i64::try_from(self.now()).unwrap_or(i64::MAX);
        DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> u64 {
        system_time()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs())
    }

    fn instant(&self) -> DateTime<Utc> {
        system_time().into()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the machine's clock"
)]
fn system_time() -> SystemTime {
    SystemTime::now()
}
