//! Makes the root positions of an operation and solves them: one position for a query; for a
//! mutation one for each run of neighbouring fields that one subgraph is asked for. In: an
//! operation. Out: for each root position its best solution. Invariant: the root fields of a
//! mutation keep their order.

use std::rc::Rc;

use apollo_compiler::collections::IndexSet;

use super::{
    explain::explain,
    planner::Planner,
    solution::{Costed, Solution},
};
use crate::{
    index::{Selection, SelectionSet},
    operation::{NormalizedOperation, OperationKind},
    plan::{
        error::{PlanError, check},
        reach::{
            classes::reach,
            contexts::add_context_entries,
            tree::{PathId, PositionId},
        },
    },
    reachable::{
        arrival::{Arrival, Target},
        landing::root_arrivals,
    },
};

/// A root position with the best way to serve it.
pub(crate) type Root = (PositionId, Rc<Solution>);

/// The best way to serve an operation: the roots of a mutation are fetched one after another.
pub(crate) fn search(
    planner: &mut Planner<'_>,
    operation: &NormalizedOperation,
) -> Result<Vec<Root>, PlanError> {
    if operation.kind == OperationKind::Mutation {
        return search_in_series(planner, operation);
    }
    let position = add_root(planner, &operation.selection_set);
    let solution = solve_root(planner, position)?;
    Ok(solution
        .into_iter()
        .map(|solution| (position, solution))
        .collect())
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
    reach(&mut planner.tree, &planner.facts, position, arrivals);
    add_context_entries(&mut planner.tree, (planner.index, planner.budget), position);
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
    check(planner.budget)?;
    match frontier.first() {
        Some(solution) => Ok(Some(Rc::clone(solution))),
        None => Err(explain(planner, position)),
    }
}

/// Serves the root fields of a mutation one after another, each by one subgraph.
fn search_in_series(
    planner: &mut Planner<'_>,
    operation: &NormalizedOperation,
) -> Result<Vec<Root>, PlanError> {
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
        check(planner.budget)?;
        let target = target.ok_or_else(|| explain(planner, position))?;
        match runs.last_mut() {
            Some((same, run)) if *same == target => run.push(selection.clone()),
            _ => runs.push((target, vec![selection.clone()])),
        }
    }
    let mut roots = Vec::with_capacity(runs.len());
    for (target, run) in runs {
        let mut arrivals = arrivals.clone();
        arrivals.retain(|arrival| arrival.subgraph == target.subgraph);
        let position = add_root_of(planner, &set_of(&run), &arrivals);
        let solutions = planner.place(position, &[], None, &[target]);
        check(planner.budget)?;
        let Some(solution) = solutions.into_iter().min_by_key(Costed::cost) else {
            return Err(explain(planner, position));
        };
        roots.push((position, solution));
    }
    Ok(roots)
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
