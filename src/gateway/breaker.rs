//! A circuit breaker: a source that failed repeatedly is not asked for a while; then one request
//! tries it.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
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
struct State {
    phase: Phase,
    /// Counts the changes of phase: a pass from an earlier phase has no effect.
    generation: u64,
}

#[derive(Debug)]
enum Phase {
    Closed {
        failures: u32,
    },
    /// Not asked until then.
    Open {
        until: Instant,
    },
    /// One request is trying the source.
    Trying {
        since: Instant,
    },
}

/// Which phase a breaker is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerState {
    /// The source is asked.
    Closed,
    /// The source is not asked.
    Open,
    /// One request is trying it.
    HalfOpen,
}

impl BreakerState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Closed, Self::Open, Self::HalfOpen];

    /// As metrics have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
        }
    }
}

/// A pass to ask the source. If it is dropped without a verdict (the client left, or the request
/// was never sent), it has no effect: otherwise a client could open the breaker by cancelling
/// requests.
#[derive(Debug)]
pub(super) struct Pass {
    breaker: Arc<Breaker>,
    generation: u64,
}

impl Breaker {
    /// A closed breaker; a threshold of zero never opens.
    pub(super) fn new(threshold: u32, pause: Duration) -> Arc<Self> {
        Arc::new(Self {
            threshold,
            pause,
            state: Mutex::new(State {
                phase: Phase::Closed { failures: 0 },
                generation: 0,
            }),
        })
    }

    /// A pass to ask the source, unless the breaker is open.
    pub(super) fn enter(self: &Arc<Self>, now: Instant) -> Option<Pass> {
        let mut state = self.lock();
        match state.phase {
            Phase::Closed { .. } => {}
            Phase::Open { until } if until <= now => state.enter(Phase::Trying { since: now }),
            Phase::Open { .. } | Phase::Trying { .. } => return None,
        }
        Some(Pass {
            breaker: Arc::clone(self),
            generation: state.generation,
        })
    }

    /// Which phase it is in.
    pub(super) fn state(&self) -> BreakerState {
        match self.lock().phase {
            Phase::Closed { .. } => BreakerState::Closed,
            Phase::Open { .. } => BreakerState::Open,
            Phase::Trying { .. } => BreakerState::HalfOpen,
        }
    }

    /// Why the source is not asked, for clients.
    pub(super) fn describe(&self, now: Instant) -> String {
        let next = match self.lock().phase {
            Phase::Open { until } => {
                let left = until.saturating_duration_since(now);
                let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
                format!("the next try is within {} s", seconds.max(1))
            }
            Phase::Trying { .. } | Phase::Closed { .. } => "one request is trying it".to_owned(),
        };
        match self.threshold {
            1 => format!("open after 1 failure; {next}"),
            failures => format!("open after {failures} failures; {next}"),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.generation += 1;
    }
}

impl Pass {
    /// The source answered.
    pub(super) fn answered(self) {
        self.settle(|state| match &mut state.phase {
            Phase::Closed { failures } => *failures = 0,
            _ => state.enter(Phase::Closed { failures: 0 }),
        });
    }

    /// The source answered a health probe, or refused a request: clients may try again, but earlier
    /// failures still count.
    pub(super) fn alive(self) {
        self.settle(|state| {
            if let Phase::Trying { .. } = state.phase {
                state.enter(Phase::Closed { failures: 0 });
            }
        });
    }

    /// The source did not answer.
    pub(super) fn failed(self, now: Instant) {
        let (threshold, pause) = (self.breaker.threshold, self.breaker.pause);
        self.settle(|state| {
            let failures = match &mut state.phase {
                Phase::Closed { failures } => {
                    *failures = failures.saturating_add(1);
                    *failures
                }
                Phase::Trying { .. } | Phase::Open { .. } => threshold,
            };
            if threshold > 0 && failures >= threshold {
                state.enter(Phase::Open { until: now + pause });
            }
        });
    }

    /// Applies a verdict, unless the breaker has changed since the pass was given.
    fn settle(self, apply: impl FnOnce(&mut State)) {
        let mut state = self.breaker.lock();
        if state.generation == self.generation {
            apply(&mut state);
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut state = self.breaker.lock();
        // A verdict on the test request has changed the phase.
        if let Phase::Trying { since } = state.phase
            && state.generation == self.generation
        {
            // The test request ended without a verdict: the next request is the test.
            state.enter(Phase::Open { until: since });
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
        let test = breaker.enter(now).unwrap();
        assert!(breaker.enter(now).is_none(), "one test request at a time");
        test.failed(now);
        assert!(breaker.enter(now).is_none());
        now += pause;
        drop(breaker.enter(now).unwrap());
        breaker.enter(now).unwrap().answered();
        breaker.enter(now).unwrap().failed(now);
        assert!(breaker.enter(now).is_some(), "the count began anew");
    }

    #[test]
    fn a_pass_of_an_earlier_phase_decides_nothing() {
        let pause = Duration::from_secs(10);
        let breaker = Breaker::new(2, pause);
        let mut now = Instant::now();
        let [first, second, late_failure, late_answer, next_answer] =
            std::array::from_fn(|_| breaker.enter(now).unwrap());
        first.failed(now);
        second.failed(now);
        late_answer.answered();
        assert!(breaker.enter(now).is_none(), "an old answer closes nothing");
        now += pause;
        let test = breaker.enter(now).unwrap();
        late_failure.failed(now);
        next_answer.answered();
        assert!(
            breaker.enter(now).is_none(),
            "the test request is still under way"
        );
        test.answered();
        assert!(
            breaker.enter(now).is_some(),
            "the test request alone decided"
        );
    }

    #[test]
    fn a_late_failure_does_not_count_against_the_next_generation() {
        let pause = Duration::from_secs(10);
        let breaker = Breaker::new(1, pause);
        let mut now = Instant::now();
        let (first, late) = (breaker.enter(now).unwrap(), breaker.enter(now).unwrap());
        first.failed(now);
        now += pause;
        breaker.enter(now).unwrap().alive();
        late.failed(now);
        assert!(breaker.enter(now).is_some());
    }
}
