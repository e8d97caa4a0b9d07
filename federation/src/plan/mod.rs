//! Operations to plans: which subgraph is asked what, and what waits for what.
//!
//! The passes: reach (N3), local (N4), solve with candidates, place and evaluate (N5), dag (N6),
//! merge with fold (N7), emit (N8).

mod asked;
mod before;
mod candidates;
mod conclude;
mod context;
mod dag;
mod dominate;
mod emit;
mod errand;
mod error;
mod evaluate;
mod fetches;
mod fold;
mod groups;
mod identity;
mod keys;
mod local;
mod merge;
pub mod model;
mod place;
mod projection;
mod reach;
mod render;
mod representation;
mod shape;
mod share;
mod solution;
mod solve;
mod split;
mod tree;
mod verify;
mod walk;

use std::{rc::Rc, sync::Arc};

use apollo_compiler::collections::IndexSet;

pub use error::{PlanError, check};

use crate::{
    budget::{Allowance, Budget, Interrupt},
    index::{Facts, Index, Labels, Selection, SelectionSet},
    operation::NormalizedOperation,
    reachable::{
        ReachableOperation,
        arrival::{Arrival, Target},
        landing::root_arrivals,
    },
};
use dag::{Dag, NodeId};
use model::{Ingest, OperationKind, Plan, PlanCost, ShapeId};
use projection::Projecting;
use shape::Shapes;
use solution::{Costed, Solution};
use solve::Planner;
use tree::{PathId, PositionId, Tree};
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
    let plan = match make(index, operation, options, budget) {
        Err(PlanError::NotServed { path }) => {
            let unserved = operation.find_unserved(index, &options.labels, budget);
            error::check(budget)?;
            return Err(PlanError::NotServed {
                path: unserved.unwrap_or(path),
            });
        }
        made => made?,
    };
    // In every build: what a faulty plan answers may be wrong, or another's to know.
    let verified = verify(index, operation, (&options.labels, budget), &plan);
    error::check(budget)?;
    verified.map_err(|problems| PlanError::Faulty(problems.join("\n")))?;
    Ok(plan)
}

/// Makes a plan that is not verified yet.
fn make(
    index: &Index,
    operation: &ReachableOperation,
    options: &Options,
    budget: &Budget,
) -> Result<Plan, PlanError> {
    let (forbidden, withheld_types) = (operation.forbidden(), operation.withheld_types());
    let operation = operation.operation();
    let labels = Labels::chosen(index, &options.labels);
    let facts = Facts::new(index, labels, forbidden.clone()).counted_by(budget);
    let tree = Tree::new(index, forbidden, budget);
    let withheld_types = withheld_types.clone();
    let mut planner = Planner::new(facts, tree, withheld_types, options.max_places, budget);
    let mut dag = Dag::new(Shapes::new(index, &operation.selection_set));
    dag.client_variables = operation
        .variables
        .keys()
        .map(ToString::to_string)
        .collect();
    if operation.kind == OperationKind::Mutation {
        solve_in_series(&mut planner, operation, &mut dag)?;
    } else {
        let position = add_root(&mut planner, &operation.selection_set);
        if let Some(solution) = solve_root(&mut planner, position)? {
            dag.add(&mut planner, position, &solution, &IndexSet::default());
        }
    }
    error::check(budget)?;
    finish((index, operation), dag, planner)
}

fn add_root(planner: &mut Planner<'_>, set: &SelectionSet) -> PositionId {
    let arrivals = root_arrivals(planner.index, set.declared);
    add_root_of(planner, set, &arrivals)
}

/// Adds a root position that is asked for of some subgraphs only.
fn add_root_of(
    planner: &mut Planner<'_>,
    set: &SelectionSet,
    arrivals: &IndexSet<Arrival>,
) -> PositionId {
    let position = planner.tree.add(set, PathId(0));
    reach::reach(&mut planner.tree, &planner.facts, position, arrivals);
    context::add_context_entries(planner, position);
    position
}

/// The best solution of a root position; `None` where nothing is asked of any subgraph.
fn solve_root(
    planner: &mut Planner<'_>,
    position: PositionId,
) -> Result<Option<Rc<Solution>>, PlanError> {
    if planner.tree.position(position).entries.is_empty() {
        return Ok(None);
    }
    let frontier = planner.solve(position, &[]);
    error::check(planner.budget)?;
    match frontier.first() {
        Some(solution) => Ok(Some(Rc::clone(solution))),
        None => Err(error::explain(planner, position)),
    }
}

/// Plans the root fields of a mutation one after another, each by one subgraph.
fn solve_in_series(
    planner: &mut Planner<'_>,
    operation: &NormalizedOperation,
    dag: &mut Dag,
) -> Result<(), PlanError> {
    let declared = operation.selection_set.declared;
    let set_of = |selections: &[Selection]| SelectionSet {
        declared,
        selections: selections.to_vec(),
    };
    let arrivals = root_arrivals(planner.index, declared);
    // Neighbours that one subgraph serves share a document: it runs them in series itself.
    let mut runs: Vec<(Target, Vec<Selection>)> = Vec::new();
    for selection in &operation.selection_set.selections {
        let set = set_of(std::slice::from_ref(selection));
        let position = add_root(planner, &set);
        if planner.tree.position(position).entries.is_empty() {
            continue;
        }
        let last = runs.last().map(|(target, _)| *target);
        let target = best_target(planner, &set, last);
        error::check(planner.budget)?;
        let target = target.ok_or_else(|| error::explain(planner, position))?;
        match runs.last_mut() {
            Some((same, run)) if *same == target => run.push(selection.clone()),
            _ => runs.push((target, vec![selection.clone()])),
        }
    }
    let mut after: IndexSet<NodeId> = IndexSet::default();
    for (target, run) in runs {
        let mut arrivals = arrivals.clone();
        arrivals.retain(|arrival| arrival.subgraph == target.subgraph);
        let position = add_root_of(planner, &set_of(&run), &arrivals);
        let solutions = planner.place(position, &[], None, &[target]);
        error::check(planner.budget)?;
        let Some(solution) = solutions.into_iter().min_by_key(Costed::cost) else {
            return Err(error::explain(planner, position));
        };
        let first = dag.nodes.len();
        dag.add(planner, position, &solution, &after);
        dag.order_roots(first);
        // What came before that, its root fetches wait for.
        if first < dag.nodes.len() {
            after = (first..dag.nodes.len()).map(NodeId).collect();
        }
    }
    Ok(())
}

/// The one subgraph to ask for a root field: of equals, the one asked before. What others could
/// answer, of types that it does not know, is not asked for.
fn best_target(
    planner: &mut Planner<'_>,
    set: &SelectionSet,
    last: Option<Target>,
) -> Option<Target> {
    let mut best: Option<(_, bool, Target)> = None;
    for arrival in root_arrivals(planner.index, set.declared) {
        let mut fields = set.selections.iter().filter_map(Selection::field);
        let vertex = arrival.opaque_vertex();
        if !fields.all(|field| planner.facts.find_servable(vertex, &field.name).is_some()) {
            continue;
        }
        let target = Target::of(vertex, planner.index);
        let position = add_root_of(planner, set, &[arrival].into_iter().collect());
        for solution in planner.place(position, &[], None, &[target]) {
            let found = (solution.cost(), last != Some(target), target);
            if best.is_none_or(|best| found < best) {
                best = Some(found);
            }
        }
    }
    best.map(|(_, _, target)| target)
}

fn finish(
    (index, operation): (&Index, &NormalizedOperation),
    mut dag: Dag,
    planner: Planner<'_>,
) -> Result<Plan, PlanError> {
    let budget = planner.budget;
    identity::add(&planner, &mut dag);
    merge::merge(&mut dag, budget);
    split::split_by_type(index, &mut dag, budget);
    error::check(budget)?;
    let projections = {
        let mut projecting = Projecting {
            index,
            budget,
            shapes: &mut dag.shapes,
            withheld_types: &planner.withheld_types,
            projections: Vec::new(),
        };
        projecting.project(&operation.selection_set, ShapeId(0));
        projecting.projections
    };
    let mut ingests: Vec<Ingest> = Vec::new();
    let made = fetches::emit_fetches(index, operation, (&dag, budget), &mut ingests)?;
    error::check(budget)?;
    let levels = fetches::levels(&dag.nodes);
    let cost = PlanCost {
        rounds: levels
            .iter()
            .map(|level| to_count(level + 1))
            .max()
            .unwrap_or(0),
        fetches: made.iter().map(fetches::count).sum(),
        requests: to_count(made.len()),
        places: planner.places,
    };
    Ok(Plan {
        kind: operation.kind,
        types: Arc::clone(index.type_names()),
        fetches: made,
        shapes: dag.shapes.into_model(),
        ingests,
        projections,
        withheld_types: planner.withheld_types,
        cost,
    })
}

fn to_count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
