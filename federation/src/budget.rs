//! Bounds what one planning, composition or execution may use: steps, values, errors and bytes are
//! counted, and refused at a bound.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

/// A flag that stops work in progress. The host sets it at a deadline or when the last client that
/// waits has left; clones share one state.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Sets it: from now on every budget that holds a clone refuses.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was set.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resource {
    /// Steps of planning, composing or verifying.
    Work,
    /// Values, objects and list items that an execution holds.
    Values,
    /// Entries of `errors`.
    Errors,
    /// Bytes that an execution holds beside its values.
    Bytes,
}

/// Why a budget refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Exceeded {
    /// A bound is reached.
    #[error("more {0:?} than allowed")]
    Limit(Resource),
    /// The host asked to stop.
    #[error("interrupted")]
    Interrupted,
}

/// The bounds of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Bound on [`Resource::Work`].
    pub work: u64,
    /// Bound on [`Resource::Values`].
    pub values: u64,
    /// Bound on [`Resource::Errors`].
    pub errors: u64,
    /// Bound on [`Resource::Bytes`].
    pub bytes: u64,
}

impl Allowance {
    /// A bound on steps alone.
    pub fn of_work(work: u64) -> Self {
        Self {
            work,
            values: u64::MAX,
            errors: u64::MAX,
            bytes: u64::MAX,
        }
    }
}

/// What one planning, composition or execution may use, and has used. It is never shared between
/// requests; the host's [`Interrupt`] is checked each time something is counted.
///
/// The counters are atomic so that a future that holds a reference may move between threads. One
/// task counts at a time, so counting needs no atomic read-modify-write.
#[derive(Debug)]
pub struct Budget {
    allowance: Allowance,
    interrupt: Interrupt,
    work: AtomicU64,
    values: AtomicU64,
    errors: AtomicU64,
    bytes: AtomicU64,
}

impl Budget {
    /// A budget of which nothing is used.
    pub fn new(allowance: Allowance, interrupt: Interrupt) -> Self {
        Self {
            allowance,
            interrupt,
            work: AtomicU64::new(0),
            values: AtomicU64::new(0),
            errors: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
        }
    }

    /// Counts `amount` of a resource before it is used; the error names the resource at its bound.
    /// A refused amount stays counted, so a budget that is exceeded stays so until something is
    /// given back.
    pub fn spend(&self, resource: Resource, amount: u64) -> Result<(), Exceeded> {
        if self.interrupt.is_set() {
            return Err(Exceeded::Interrupted);
        }
        let counter = self.counter(resource);
        let used = counter.load(Ordering::Relaxed).saturating_add(amount);
        counter.store(used, Ordering::Relaxed);
        if used > self.bound(resource) {
            return Err(Exceeded::Limit(resource));
        }
        Ok(())
    }

    /// A separate budget for a side task: one of `parts` parts of the steps that are left here. What
    /// it uses does not count here.
    #[must_use]
    pub fn share_work(&self, parts: u64) -> Self {
        let work = self.left(Resource::Work) / parts;
        Self::new(
            Allowance {
                work,
                ..self.allowance
            },
            self.interrupt.clone(),
        )
    }

    /// Counts steps of [`Resource::Work`]; returns whether there were any left. They count also
    /// where the caller ignores that.
    pub fn step(&self, amount: usize) -> bool {
        let amount = u64::try_from(amount).unwrap_or(u64::MAX);
        self.spend(Resource::Work, amount).is_ok()
    }

    /// Takes back what was counted of a resource and is no longer held: it was dropped, or refused.
    pub fn give_back(&self, resource: Resource, amount: u64) {
        let counter = self.counter(resource);
        let used = counter.load(Ordering::Relaxed).saturating_sub(amount);
        counter.store(used, Ordering::Relaxed);
    }

    /// How much of a resource is asked for, given back what was dropped.
    pub fn used(&self, resource: Resource) -> u64 {
        self.counter(resource).load(Ordering::Relaxed)
    }

    /// How much of a resource may still be asked for.
    pub fn left(&self, resource: Resource) -> u64 {
        self.bound(resource).saturating_sub(self.used(resource))
    }

    /// What of a resource is allowed in all.
    pub fn bound(&self, resource: Resource) -> u64 {
        match resource {
            Resource::Work => self.allowance.work,
            Resource::Values => self.allowance.values,
            Resource::Errors => self.allowance.errors,
            Resource::Bytes => self.allowance.bytes,
        }
    }

    fn counter(&self, resource: Resource) -> &AtomicU64 {
        match resource {
            Resource::Work => &self.work,
            Resource::Values => &self.values,
            Resource::Errors => &self.errors,
            Resource::Bytes => &self.bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Allowance, Budget, Exceeded, Interrupt, Resource};

    const ALLOWANCE: Allowance = Allowance {
        work: 3,
        values: 1,
        errors: 1,
        bytes: 1,
    };

    #[test]
    fn a_bound_refuses_and_stays_refused() {
        let budget = Budget::new(ALLOWANCE, Interrupt::default());
        assert_eq!(budget.spend(Resource::Work, 3), Ok(()));
        let refused = Err(Exceeded::Limit(Resource::Work));
        assert_eq!(budget.spend(Resource::Work, 1), refused);
        assert_eq!(budget.spend(Resource::Work, 0), refused);
        assert_eq!(budget.spend(Resource::Values, 1), Ok(()));
        assert_eq!(budget.used(Resource::Work), 4);
    }

    #[test]
    fn what_is_given_back_may_be_used_again() {
        let budget = Budget::new(ALLOWANCE, Interrupt::default());
        let refused = Err(Exceeded::Limit(Resource::Work));
        assert_eq!(budget.spend(Resource::Work, 5), refused);
        budget.give_back(Resource::Work, 4);
        assert_eq!(budget.left(Resource::Work), 2);
        assert_eq!(budget.spend(Resource::Work, 2), Ok(()));
        assert_eq!(budget.left(Resource::Work), 0);
    }

    #[test]
    fn an_interrupt_refuses_everything() {
        let interrupt = Interrupt::default();
        let budget = Budget::new(ALLOWANCE, interrupt.clone());
        interrupt.set();
        assert_eq!(budget.spend(Resource::Work, 0), Err(Exceeded::Interrupted));
    }
}
