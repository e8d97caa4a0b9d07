//! Marks which slots identify an object that several of the fetches made by `without_inputs` bring,
//! so that execution can compare such objects: that two lists have objects at the same index does
//! not say that these are the same. In: the groups of a selection's fields, and all selections of
//! its objects. Out: in the shapes, the slots of a key that each of these selections asks for,
//! where there is one.

use apollo_compiler::collections::IndexMap;

use super::sorted::Sorted;
use crate::{
    budget::Budget,
    index::{Index, SubgraphId, TypeId},
    plan::fetch_graph::{
        asked::AskedField,
        dag::{Dag, Part},
        ids::SelectionId,
    },
    query_plan::{ShapeId, SlotId},
    reachable::arrival::Arrival,
};

/// The selections of objects, by their shape.
pub(crate) type Deliveries = IndexMap<ShapeId, Vec<SelectionId>>;

/// All selections of the fetches of a graph.
pub(crate) fn deliveries(dag: &Dag, budget: &Budget) -> Deliveries {
    let mut all = Deliveries::default();
    let parts = dag.nodes.iter().flat_map(|node| &node.parts);
    let mut open: Vec<SelectionId> = parts.map(|part: &Part| part.selection).collect();
    while let Some(selection) = open.pop() {
        let fields = &dag.askings[selection.0].fields;
        if !budget.step(1 + fields.len()) {
            break;
        }
        for below in fields.iter().filter_map(|field| field.below) {
            let asking = &dag.askings[below.0.0];
            if asking.is_touched {
                all.entry(asking.shape).or_default().push(below.0);
                open.push(below.0);
            }
        }
    }
    all
}

/// Marks the identity of objects that several groups of a selection's fields bring.
pub(crate) fn identify(
    index: &Index,
    dag: &mut Dag,
    (subgraph, budget): (SubgraphId, &Budget),
    deliveries: &Deliveries,
    (selection, sorted): (SelectionId, &[Sorted]),
) {
    let fields = dag.askings[selection.0].fields.iter();
    let below: Vec<Option<(SelectionId, Arrival)>> = fields.map(|field| field.below).collect();
    for (below, own) in below.into_iter().zip(sorted) {
        let Some((below, arrival)) = below.filter(|_| own.is_of_several()) else {
            continue;
        };
        let shape = dag.askings[below.0].shape;
        let others = deliveries.get(&shape).map_or(&[][..], Vec::as_slice);
        if !budget.step(1 + others.len()) {
            return;
        }
        // Where other fetches bring them too, `fetch_graph` has marked their identity.
        if dag.shapes.identity_of(shape).is_empty() && !arrival.is_untyped(index) {
            for object in arrival.possible(index).iter() {
                for slot in find_key(index, dag, (object, subgraph), (below, others)) {
                    dag.shapes.identify(shape, slot, object);
                }
            }
        }
        identify(
            index,
            dag,
            (subgraph, budget),
            deliveries,
            (below, own.below()),
        );
    }
}

/// The slots of a key of leaves that all selections ask for of objects of a type; none where there is
/// no such key.
fn find_key(
    index: &Index,
    dag: &Dag,
    (object, subgraph): (TypeId, SubgraphId),
    (first, others): (SelectionId, &[SelectionId]),
) -> Vec<SlotId> {
    let is_of_object = |field: &AskedField| {
        (field.types.as_ref()).is_none_or(|types| types.contains(object))
            && field.below.is_none()
            && field.filled.is_empty()
            && field.of_interface.is_none()
    };
    let slot_of = |name: &str| {
        let mut fields = dag.askings[first.0].fields.iter();
        let found = fields.find(|field| field.name == name && is_of_object(field))?;
        let is_in = |other: &SelectionId| {
            let mut fields = dag.askings[other.0].fields.iter();
            fields.any(|field| field.slot == found.slot && is_of_object(field))
        };
        others.iter().all(is_in).then_some(found.slot)
    };
    let keys = index.type_(object).keys.iter();
    let mut keys = keys.filter(|key| key.subgraph == subgraph);
    let slots = keys.find_map(|key| -> Option<Vec<SlotId>> {
        let set = index.field_set(key.fields).iter();
        let mut own = set.filter(|selection| selection.applies_to(object));
        own.try_fold(Vec::new(), |mut slots, selection| {
            let field = selection
                .field()
                .filter(|field| field.selection_set.is_none())?;
            slots.push(slot_of(&field.name)?);
            Some(slots)
        })
    });
    slots.unwrap_or_default()
}
