//! From an operation to a query plan: which subgraph is asked for what, and what waits for what.
//!
//! In: a [`ReachableOperation`], the [`Index`] of its supergraph and the override labels that are on.
//! Out: a [`Plan`] that was verified, or a [`PlanError`]. Invariant: the same input gives the same plan,
//! and no plan reads a field that its caller may not see.
//!
//! [`plan_within`] runs these passes in this order, each in a folder of this name:
//!
//! 1. `reach` reads the operation as a tree of *positions*, places in the answer where an object
//!    stands, and says which subgraphs can deliver the object there and of which types it can be.
//! 2. `search` chooses. At a position the object has *arrived* from some subgraphs; what they do not
//!    resolve is had by *jumping*, with a key, to *targets*. For each set of targets the fields are
//!    *placed*: each gets a source and a round, and keys, `@requires` and contexts that a jump sends
//!    become hidden entries that are placed alike. Objects of types that are asked alike are one
//!    *class*. A solution is judged by rounds, then fetches, then fields; those that no other beats
//!    in rounds and fetches are kept, so that a parent can choose. What is below a position depends
//!    only on the position and on its arrivals, so each such pair is solved once.
//! 3. `fetch_graph` turns the decisions into fetches with selections, and what one sends and another
//!    brings into edges.
//! 4. `optimise` merges fetches to one subgraph that can be sent together.
//! 5. `emit` writes documents, the programs that read answers into slots, and those that write slots
//!    in the client's order.
//! 6. `verify` checks the plan against the operation and the subgraphs, by separate rules.
//!
//! An example. Subgraph `a`: `type Query { book: Book } type Book @key(fields: "id") { id: ID! }`;
//! subgraph `b`: `type Book @key(fields: "id") { id: ID! title: String pages: Int }`. For
//! `{ book { title pages } }`, `reach` makes two positions: the root, delivered by `a`, and `book`.
//! At `book` the object arrives from `a`, which resolves neither field. The only target is `b`, which
//! both fields force. The jump sends `id`: a hidden entry that `a` resolves in round 0, so `b` is
//! asked in round 1. The solution takes two rounds and two fetches. `fetch_graph` makes them with one
//! edge, `optimise` finds nothing to merge, and `emit` writes `{book{id}}` for `a`, and for `b`
//! `query($representations:[_Any!]!){_entities(representations:$representations){...on
//! Book{title pages}}}`.

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
    let facts = Facts::new(index, labels, operation.unreadable().clone()).counted_by(budget);
    let tree = Tree::new(index, operation.unreadable(), budget);
    let withheld_types = operation.withheld_types().clone();
    let mut planner = Planner::new(facts, tree, withheld_types, options.max_places, budget);
    let roots = search::search(&mut planner, operation.operation());
    let roots = roots.map_err(|error| name_unserved(error, (index, operation), options, budget))?;
    let mut graph = fetch_graph::build(&mut planner, operation.operation(), &roots);
    check(budget)?;
    optimise::optimise(&mut graph, index, budget);
    check(budget)?;
    let plan = emit::emit(index, operation, graph, (planner.places, budget))?;
    // In every build: a faulty plan may answer wrongly, or with what the caller may not see.
    let verified = verify(index, operation, (&options.labels, budget), &plan);
    check(budget)?;
    verified.map_err(|problems| PlanError::Faulty(problems.join("\n")))?;
    Ok(plan)
}

/// Names the field itself that no subgraph can be asked for, where the search names only its root
/// field.
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
