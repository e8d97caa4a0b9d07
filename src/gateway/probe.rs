//! The health probe of one source: when it is due, and what the source answered last.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// When a source is asked, and what it answered last.
#[derive(Debug)]
pub(super) struct Probe {
    /// `None` never asks.
    pause: Option<Duration>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    last: Instant,
    is_up: Option<bool>,
}

impl Probe {
    pub(super) fn new(pause: Duration, now: Instant) -> Self {
        Self {
            pause: Some(pause).filter(|pause| !pause.is_zero()),
            state: Mutex::new(State {
                last: now,
                is_up: None,
            }),
        }
    }

    /// Whether it answered last time; `None` as long as it was not asked.
    pub(super) fn is_up(&self) -> Option<bool> {
        self.lock().is_up
    }

    pub(super) fn note(&self, source: &str, is_up: bool) {
        let before = self.lock().is_up.replace(is_up);
        match (before, is_up) {
            (Some(false), true) => tracing::info!(source, "answers its health probe again"),
            (None | Some(true), false) => {
                tracing::warn!(source, "does not answer its health probe");
            }
            _ => {}
        }
    }

    /// Whether a probe is due; then the next one is scheduled.
    pub(super) fn takes_turn(&self, now: Instant) -> bool {
        let mut state = self.lock();
        let is_due = self
            .pause
            .is_some_and(|pause| now.saturating_duration_since(state.last) >= pause);
        if is_due {
            state.last = now;
        }
        is_due
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_round_after_its_pause() {
        let start = Instant::now();
        let probe = Probe::new(Duration::from_secs(2), start);
        assert!(!probe.takes_turn(start + Duration::from_secs(1)));
        assert!(probe.takes_turn(start + Duration::from_secs(2)));
        assert!(!probe.takes_turn(start + Duration::from_secs(3)));
        let never = Probe::new(Duration::ZERO, start);
        assert!(!never.takes_turn(start + Duration::from_hours(1)));
    }
}
