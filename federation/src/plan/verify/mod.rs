//! Sixth pass: checks a plan against what it was made from, without the planner's own reasoning. In:
//! a plan, its operation, the index and the override labels. Out: nothing, or the list of problems.
//!
//! A plan without problems has this: every document is valid in its subgraph and asks only for what
//! the subgraph resolves; every value sent is fetched by an earlier fetch; every field asked for is
//! fetched; nothing forbidden is read.

mod answers;
mod documents;
mod graph;
#[cfg(test)]
mod tests;
mod written;

use apollo_compiler::collections::IndexMap;

use crate::{
    budget::Budget,
    index::{Index, LabelSet},
    query_plan::{FetchId, Plan},
    reachable::ReachableOperation,
};
use written::{Problems, Written};

/// Checks a plan of an operation, made with some override labels on.
pub(super) fn verify(
    index: &Index,
    operation: &ReachableOperation,
    (labels, budget): (&LabelSet, &Budget),
    plan: &Plan,
) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let mut written = Written::default();
    for at in 0..plan.fetches.len() {
        let mut check = documents::Documents {
            index,
            operation,
            labels,
            budget,
            plan,
            written: &mut written,
            problems: &mut problems,
            entries: IndexMap::default(),
        };
        check.fetch(FetchId(u32::try_from(at).unwrap_or(u32::MAX)));
    }
    graph::check(plan, budget, &written, &mut problems);
    answers::check((index, budget), operation, &written, plan, &mut problems);
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}
