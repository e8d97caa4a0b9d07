//! Leaves a source alone for a while after it failed repeatedly; then lets one request try it.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Counts failures in a row.
#[derive(Debug)]
pub(super) struct Breaker {
    threshold: u32,
    pause: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    Closed {
        failures: u32,
    },
    /// Left alone until then.
    Open {
        until: Instant,
    },
    /// One request is trying the source.
    Trying {
        since: Instant,
    },
}

/// Leave to ask. Dropped without a verdict (the client went away) it says nothing about the source:
/// otherwise a client could have a source left alone by breaking off.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    is_settled: bool,
}

impl Breaker {
    /// A closed breaker; a threshold of zero never opens.
    pub(super) fn new(threshold: u32, pause: Duration) -> Self {
        Self {
            threshold,
            pause,
            state: Mutex::new(State::Closed { failures: 0 }),
        }
    }

    /// Leave to ask, if the source is not being left alone.
    pub(super) fn enter(&self, now: Instant) -> Option<Pass<'_>> {
        let mut state = self.lock();
        match *state {
            State::Closed { .. } => {}
            State::Open { until } if until <= now => *state = State::Trying { since: now },
            State::Open { .. } | State::Trying { .. } => return None,
        }
        Some(Pass {
            breaker: self,
            is_settled: false,
        })
    }

    fn close(&self) {
        *self.lock() = State::Closed { failures: 0 };
    }

    fn count_failure(&self, now: Instant) {
        let mut state = self.lock();
        let failures = match *state {
            State::Closed { failures } => failures.saturating_add(1),
            State::Trying { .. } => self.threshold,
            // A straggler from before the breaker opened changes nothing.
            State::Open { .. } => return,
        };
        *state = if self.threshold > 0 && failures >= self.threshold {
            State::Open {
                until: now + self.pause,
            }
        } else {
            State::Closed { failures }
        };
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass<'_> {
    /// The source answered.
    pub(super) fn answered(mut self) {
        self.is_settled = true;
        self.breaker.close();
    }

    /// The source answered a question that tells nothing of those of clients: reason enough to let
    /// them try again, but what they met before still counts.
    pub(super) fn alive(mut self) {
        self.is_settled = true;
        let mut state = self.breaker.lock();
        if let State::Trying { .. } = *state {
            *state = State::Closed { failures: 0 };
        }
    }

    /// The source did not answer.
    pub(super) fn failed(mut self, now: Instant) {
        self.is_settled = true;
        self.breaker.count_failure(now);
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let mut state = self.breaker.lock();
        if let State::Trying { since } = *state
            && !self.is_settled
        {
            // The trial told nothing: the next request is the next trial.
            *state = State::Open { until: since };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_tries_once_and_closes() {
        let pause = Duration::from_secs(10);
        let breaker = Breaker::new(2, pause);
        let mut now = Instant::now();
        breaker.enter(now).unwrap().failed(now);
        drop(breaker.enter(now).unwrap());
        breaker.enter(now).unwrap().failed(now);
        assert!(breaker.enter(now).is_none());
        now += pause;
        let trial = breaker.enter(now).unwrap();
        assert!(breaker.enter(now).is_none(), "one trial at a time");
        trial.failed(now);
        assert!(breaker.enter(now).is_none());
        now += pause;
        drop(breaker.enter(now).unwrap());
        breaker.enter(now).unwrap().answered();
        breaker.enter(now).unwrap().failed(now);
        assert!(breaker.enter(now).is_some(), "the count began anew");
    }
}
