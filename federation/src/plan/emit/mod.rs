//! Fifth pass: the plan that the executor runs. In: a graph of fetches. Out: documents in the
//! subgraphs' own names, programs that read their answers into slots, and programs that write the
//! slots in the client's names and order. Invariant: each fetch stands behind those that it waits for,
//! and a response name of a document is one slot with one shape.

mod documents;
mod fetches;
mod keys;
mod projection;
mod text;

use std::sync::Arc;

use projection::Projecting;

use super::{
    error::{PlanError, check},
    fetch_graph::dag::{Dag, rounds_of},
};
use crate::{
    budget::Budget,
    index::Index,
    query_plan::{Ingest, Plan, PlanCost, ShapeId},
    reachable::ReachableOperation,
};

/// Emits the plan of an operation; `places` is how many placements the search tried.
pub(crate) fn emit(
    index: &Index,
    operation: &ReachableOperation,
    mut dag: Dag,
    (places, budget): (u64, &Budget),
) -> Result<Plan, PlanError> {
    let withheld_types = operation.withheld_types().clone();
    let operation = operation.operation();
    let mut projecting = Projecting {
        index,
        budget,
        shapes: &mut dag.shapes,
        withheld_types: &withheld_types,
        projections: Vec::new(),
    };
    projecting.project(&operation.selection_set, ShapeId(0));
    let projections = projecting.projections;
    let mut ingests: Vec<Ingest> = Vec::new();
    let made = fetches::emit_fetches(index, operation, (&dag, budget), &mut ingests)?;
    check(budget)?;
    let rounds = rounds_of(&dag.nodes);
    let sure = || made.iter().filter(|fetch| fetch.instead_of.is_none());
    let cost = PlanCost {
        rounds: rounds
            .iter()
            .map(|round| to_count(round + 1))
            .max()
            .unwrap_or(0),
        fetches: sure().map(fetches::count).sum(),
        requests: to_count(sure().count()),
        places,
    };
    Ok(Plan {
        kind: operation.kind,
        types: Arc::clone(index.type_names()),
        fetches: made,
        shapes: dag.shapes.into_model(),
        ingests,
        projections,
        withheld_types,
        cost,
    })
}

fn to_count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
