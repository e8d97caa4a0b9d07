//! Third pass: from decisions to fetches. In: the solutions of the root positions. Out: a graph of
//! fetches, each with what it asks, of which objects, and which fetches it waits for. Invariant: an
//! edge is a value that one fetch sends and another brings, or the order of a mutation's fields.

pub(crate) mod asked;
mod context;
pub(crate) mod dag;
mod descend;
mod groups;
mod identity;
pub(crate) mod ids;
mod representation;
pub(crate) mod shape;
mod walk;

use apollo_compiler::collections::IndexSet;
use dag::{Dag, NodeKind, ObjectPath};
use ids::NodeId;
use shape::Shapes;
use walk::Walk;

use super::{
    reach::tree::PositionId,
    search::{Root, planner::Planner, solution::Solution},
};
use crate::{
    operation::{NormalizedOperation, OperationKind},
    query_plan::ShapeId,
};

/// Builds the graph of an operation's fetches.
pub(crate) fn build(
    planner: &mut Planner<'_>,
    operation: &NormalizedOperation,
    roots: &[Root],
) -> Dag {
    let mut dag = Dag::new(Shapes::new(planner.index, &operation.selection_set));
    dag.client_variables = operation
        .variables
        .keys()
        .map(ToString::to_string)
        .collect();
    let is_in_series = operation.kind == OperationKind::Mutation;
    let mut after: IndexSet<NodeId> = IndexSet::default();
    for (position, solution) in roots {
        let first = dag.nodes.len();
        add_root(&mut dag, planner, (*position, solution), &after);
        if is_in_series {
            dag.order_roots(first);
        }
        // The fetches of the next root wait for these.
        if is_in_series && first < dag.nodes.len() {
            after = (first..dag.nodes.len()).map(NodeId).collect();
        }
    }
    identity::add(planner, &mut dag);
    dag
}

/// Adds the fetches of a root position; each root fetch waits for the fetches `after`.
fn add_root(
    dag: &mut Dag,
    planner: &mut Planner<'_>,
    (position, solution): (PositionId, &Solution),
    after: &IndexSet<NodeId>,
) {
    let place = ObjectPath {
        position,
        shape: ShapeId(0),
        path: Vec::new(),
    };
    let first = dag.nodes.len();
    Walk {
        dag,
        planner,
        ancestors: Vec::new(),
    }
    .visit(&place, &[], solution);
    for node in &mut dag.nodes[first..] {
        if node.kind == NodeKind::Root {
            node.needs.extend(after.iter().copied());
        }
    }
}
