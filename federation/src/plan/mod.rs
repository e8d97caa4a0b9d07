//! Operations to plans: which subgraph is asked what, and what waits for what.

mod emit;
mod error;
mod fetch_graph;
mod optimise;
mod reach;
mod search;
mod verify;

pub use error::{PlanError, check};

use crate::{
    budget::{Allowance, Budget, Interrupt},
    index::{Facts, Index, Labels},
    query_plan::Plan,
    reachable::ReachableOperation,
};
use reach::tree::Tree;
use search::planner::Planner;
use verify::verify;

/// Steps that planning an operation may take unless the host says otherwise.
pub const MAX_WORK: u64 = 1_000_000;

/// How to plan.
#[derive(Clone, Debug)]
pub struct Options {
    /// Labels of progressive override that are on; the others are off.
    pub labels: crate::index::LabelSet,
    /// Placements to try; past that the best plan so far is taken.
    pub max_places: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            labels: crate::index::LabelSet::new(),
            max_places: 1_000,
        }
    }
}

/// Plans an operation.
pub fn plan(
    index: &Index,
    operation: &ReachableOperation,
    options: &Options,
) -> Result<Plan, PlanError> {
    let budget = Budget::new(Allowance::of_work(MAX_WORK), Interrupt::default());
    plan_within(index, operation, options, &budget)
}

/// Plans an operation. All that it takes is counted in the budget: the search, the plan itself,
/// its verification. Past the budget, or once the host interrupts it, there is no plan.
pub fn plan_within(
    index: &Index,
    operation: &ReachableOperation,
    options: &Options,
    budget: &Budget,
) -> Result<Plan, PlanError> {
    let labels = Labels::chosen(index, &options.labels);
    let facts = Facts::new(index, labels, operation.forbidden().clone()).counted_by(budget);
    let tree = Tree::new(index, operation.forbidden(), budget);
    let withheld_types = operation.withheld_types().clone();
    let mut planner = Planner::new(facts, tree, withheld_types, options.max_places, budget);
    let roots = search::search(&mut planner, operation.operation());
    let roots = roots.map_err(|error| name_unserved(error, (index, operation), options, budget))?;
    let mut graph = fetch_graph::build(&mut planner, operation.operation(), &roots);
    check(budget)?;
    optimise::optimise(&mut graph, index, budget);
    check(budget)?;
    let plan = emit::emit(index, operation, graph, (planner.places, budget))?;
    // In every build: what a faulty plan answers may be wrong, or another's to know.
    let verified = verify(index, operation, (&options.labels, budget), &plan);
    check(budget)?;
    verified.map_err(|problems| PlanError::Faulty(problems.join("\n")))?;
    Ok(plan)
}

/// Names the field itself that no subgraph can be asked for, where the search knows its root alone.
fn name_unserved(
    error: PlanError,
    (index, operation): (&Index, &ReachableOperation),
    options: &Options,
    budget: &Budget,
) -> PlanError {
    let PlanError::NotServed { path } = error else {
        return error;
    };
    let unserved = operation.find_unserved(index, &options.labels, budget);
    check(budget).err().unwrap_or(PlanError::NotServed {
        path: unserved.unwrap_or(path),
    })
}
