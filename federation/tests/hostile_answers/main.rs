//! Answers made to cost: work and memory grow with the length of what is answered and no faster, up
//! to the budget, and then a clear error comes.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

#[path = "../execution/support.rs"]
#[expect(dead_code, reason = "shared with other tests, which use more of it")]
mod support;

mod bounds;
mod errors;
mod leaves;

use std::sync::{Arc, Mutex, MutexGuard};

use federation::{
    budget::{Allowance, Budget, Interrupt, Resource},
    query_plan::Plan,
};
use peak_alloc::PeakAlloc;
use support::{Canned, Reply, plan, run_with};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// The peak is the process's: one test at a time.
pub(crate) static ALONE: Mutex<()> = Mutex::new(());

pub(crate) fn alone() -> MutexGuard<'static, ()> {
    ALONE
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// What an execution took.
pub(crate) struct Cost {
    pub(crate) work: u64,
    pub(crate) values: u64,
    /// Bytes at the peak, over those before.
    pub(crate) peak: usize,
    pub(crate) data: bytes::Bytes,
    pub(crate) errors: Vec<String>,
}

pub(crate) fn cost(made: Plan, answers: Vec<(&str, Vec<u8>)>, allowance: Allowance) -> Cost {
    let made = plan(made);
    let answers = answers
        .into_iter()
        .map(|(name, text)| (name, Reply::Text(text)));
    let canned = Canned::new(answers.collect());
    let budget = Arc::new(Budget::new(allowance, Interrupt::default()));
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let (data, errors) = run_with(&made, &canned, &budget);
    Cost {
        work: budget.used(Resource::Work),
        values: budget.used(Resource::Values),
        peak: ALLOCATOR.peak_usage().saturating_sub(before),
        data,
        errors,
    }
}

/// Runs growing inputs: twice the input takes at most about twice the work and memory.
pub(crate) fn assert_linear(name: &str, sizes: [usize; 2], run: impl Fn(usize) -> (Cost, usize)) {
    let [(small, _), (large, length)] = sizes.map(&run);
    let growth = sizes[1] / sizes[0];
    let most = small.work * growth as u64 * 5 / 4 + 10_000;
    assert!(
        large.work <= most,
        "{name}: work {} of {}, {} of {}",
        small.work,
        sizes[0],
        large.work,
        sizes[1]
    );
    assert!(
        large.peak <= 16 * length + 100 * usize::try_from(large.values).unwrap() + (8 << 20),
        "{name}: {} bytes at the peak for {length} of text",
        large.peak
    );
    assert!(
        large.errors.len() <= 1_100,
        "{name}: {} errors",
        large.errors.len()
    );
}

pub(crate) fn repeated(before: &str, item: &str, times: usize, after: &str) -> Vec<u8> {
    let mut text = before.as_bytes().to_vec();
    text.reserve(times * (item.len() + 1));
    for at in 0..times {
        if at > 0 {
            text.push(b',');
        }
        text.extend_from_slice(item.as_bytes());
    }
    text.extend_from_slice(after.as_bytes());
    text
}

pub(crate) fn ids(times: usize) -> Vec<u8> {
    let items: Vec<String> = (0..times)
        .map(|at| format!(r#"{{"id":"{at}","name":"n"}}"#))
        .collect();
    format!("{{\"data\":{{\"products\":[{}]}}}}", items.join(",")).into_bytes()
}
