//! Counts the steps of long loops and yields to the async runtime, so that other tasks run in
//! between.

use std::{
    future::poll_fn,
    task::Poll::{Pending, Ready},
};

use crate::budget::{Budget, Exceeded, Resource};

/// Steps of one turn: some hundred microseconds.
pub(crate) const TURN: u64 = 4096;

/// Counts the steps of a loop.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    steps: u64,
}

impl Pace {
    /// Counts steps; returns whether the turn is over and [`Pace::rest`] is due.
    pub(crate) fn step(&mut self, steps: u64) -> bool {
        self.steps = self.steps.saturating_add(steps);
        self.steps >= TURN
    }

    /// Counts the turn as work and lets other tasks run.
    pub(crate) async fn rest(&mut self, budget: &Budget) -> Result<(), Exceeded> {
        self.count(budget)?;
        pause().await;
        Ok(())
    }

    /// Counts what was not yet counted.
    pub(crate) fn count(&mut self, budget: &Budget) -> Result<(), Exceeded> {
        budget.spend(Resource::Work, std::mem::take(&mut self.steps))
    }
}

/// Pending once and woken at once, so that the executor may run other tasks first.
async fn pause() {
    let mut is_paused = false;
    poll_fn(|context| {
        if std::mem::replace(&mut is_paused, true) {
            return Ready(());
        }
        context.waker().wake_by_ref();
        Pending
    })
    .await;
}
