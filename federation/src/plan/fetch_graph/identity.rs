//! Adds a key to the selections of fetches that deliver the same objects, so that execution can
//! compare them: that two lists have objects at the same index does not say that these are the
//! same. In: the graph. Out: the graph, where all fetches that deliver objects of a type at one
//! shape also ask for a key that they share, if there is one; its slots are marked as the identity
//! of the object.

use apollo_compiler::Name;
use apollo_compiler::collections::IndexMap;

use super::{asked::AskedField, dag::Dag, ids::SelectionId};
use crate::{
    index::{Arguments, FieldSetId, TypeId, TypeSet, Vertex},
    plan::search::planner::Planner,
    query_plan::ShapeId,
    reachable::arrival::Arrival,
};

/// One fetch's selection of objects at some place.
#[derive(Clone, Copy)]
struct Delivery {
    node: usize,
    selection: SelectionId,
    arrival: Arrival,
}

/// Adds to each fetch that delivers the same objects a key of them.
pub(crate) fn add(planner: &Planner<'_>, dag: &mut Dag) {
    let mut by_place: IndexMap<ShapeId, Vec<Delivery>> = IndexMap::default();
    for (node, made) in dag.nodes.iter().enumerate() {
        for part in &made.parts {
            gather(planner, dag, (node, part.selection), &mut by_place);
        }
    }
    for (shape, deliveries) in by_place {
        // The fetches that deliver objects of a type, and those that deliver objects of unknown
        // type.
        let mut by_object: IndexMap<TypeId, Vec<usize>> = IndexMap::default();
        let mut of_any: Vec<usize> = Vec::new();
        for (at, delivery) in deliveries.iter().enumerate() {
            let is_untyped = delivery.arrival.is_untyped(planner.index);
            let types = types_of(planner, delivery);
            planner.budget.step(1 + types.len());
            of_any.extend(is_untyped.then_some(at));
            for object in types.iter() {
                let own = by_object.entry(object).or_default();
                own.extend((!is_untyped).then_some(at));
            }
        }
        by_object.sort_keys();
        for (object, mut own) in by_object {
            own.extend(&of_any);
            own.sort_unstable();
            if !planner.budget.step(1 + own.len()) {
                return;
            }
            let here: Vec<(Delivery, Vertex)> = (own.iter())
                .map(|&at| deliveries[at])
                .filter_map(|one| Some((one, one.arrival.vertex(planner.index, object)?)))
                .collect();
            let first = here.first().map(|(first, _)| first.node);
            if here.iter().all(|(other, _)| Some(other.node) == first) {
                continue;
            }
            let vertices: Vec<Vertex> = here.iter().map(|(_, vertex)| *vertex).collect();
            if let Some(key) = planner.facts.common_key(object, &vertices) {
                ask(planner, dag, (shape, object, key), &here);
            }
        }
    }
}

fn gather(
    planner: &Planner<'_>,
    dag: &Dag,
    (node, selection): (usize, SelectionId),
    by_place: &mut IndexMap<ShapeId, Vec<Delivery>>,
) {
    for field in dag.askings[selection.0].fields.iter() {
        if !planner.budget.step(1) {
            return;
        }
        let Some((below, arrival)) = field.below else {
            continue;
        };
        let asking = &dag.askings[below.0];
        if asking.is_touched {
            by_place.entry(asking.shape).or_default().push(Delivery {
                node,
                selection: below,
                arrival,
            });
            gather(planner, dag, (node, below), by_place);
        }
    }
}

fn types_of<'i>(planner: &Planner<'i>, delivery: &Delivery) -> &'i TypeSet {
    if delivery.arrival.is_untyped(planner.index) {
        &planner.index.type_(delivery.arrival.declared).possible
    } else {
        delivery.arrival.possible(planner.index)
    }
}

fn ask(
    planner: &Planner<'_>,
    dag: &mut Dag,
    (shape, object, key): (ShapeId, TypeId, FieldSetId),
    here: &[(Delivery, Vertex)],
) {
    for selection in planner.index.field_set(key) {
        let Some(field) = selection.field() else {
            continue;
        };
        let (name, arguments): (&Name, &Arguments) = (&field.name, &field.arguments);
        let (slot, _) = (dag.shapes).find_or_add(shape, None, (name, arguments), false);
        dag.shapes.identify(shape, slot, object);
        for (delivery, vertex) in here {
            let cost = dag.askings[delivery.selection.0].fields.cost();
            planner.budget.step(cost);
            let is_of_all = !planner.index.is_object(vertex.as_type)
                || planner.index.is_object(delivery.arrival.declared);
            let types = (!is_of_all).then(|| [object].into_iter().collect());
            dag.ask_leaf(
                delivery.selection,
                AskedField {
                    slot,
                    name: name.clone(),
                    arguments: arguments.clone(),
                    filled: Vec::new(),
                    types: types.clone(),
                    of_interface: None,
                    wanted_of: types,
                    below: None,
                },
            );
        }
    }
}
