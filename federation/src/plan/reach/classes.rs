//! Finds which subgraphs can deliver the object at each client position, and so which runtime types
//! it can have. In: the positions, and the arrivals of the root object. Out: for each position its
//! runtime types, in classes. Invariant: a class has the types of which the same is asked and that
//! the index takes for alike.

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::tree::{EntryId, PositionId, Tree};
use crate::{
    index::{Facts, Vertex},
    reachable::{
        arrival::Arrival,
        landing::{landings_of, runtime_types},
    },
};

type Landings = IndexMap<EntryId, IndexSet<Arrival>>;

/// Sets the runtime types of a client position and of all below it, top-down.
pub(crate) fn reach(
    tree: &mut Tree<'_>,
    facts: &Facts<'_>,
    position: PositionId,
    arrivals: &IndexSet<Arrival>,
) {
    let declared = tree.position(position).declared;
    let types = runtime_types(facts.index(), declared, arrivals.iter());
    tree.set_types(position, &types);
    let landings = land(tree, facts, position, arrivals);
    if !facts.step(1 + arrivals.len()) {
        return;
    }
    for (entry, landed) in landings {
        if let Some(child) = tree.entry(entry).child() {
            reach(tree, facts, child, &landed);
        }
    }
}

fn land(
    tree: &Tree<'_>,
    facts: &Facts<'_>,
    position: PositionId,
    arrivals: &IndexSet<Arrival>,
) -> Landings {
    let index = facts.index();
    let mut landings = Landings::default();
    for &id in tree.position(position).entries.iter() {
        if tree.entry(id).child().is_some() {
            landings.insert(id, IndexSet::default());
        }
    }
    for class in tree.position(position).classes.iter() {
        let from: Vec<Vertex> = arrivals
            .iter()
            .filter_map(|arrival| arrival.vertex(index, class.object))
            .collect();
        let places = facts.closure(class.object, &from);
        for &id in &class.entries {
            if let Some(landed) = landings.get_mut(&id) {
                let servers = facts.servers(class.object, tree.entry(id).name(), &places);
                landed.extend(landings_of(facts, &servers, tree.entry(id).name()));
            }
        }
    }
    let opaque: Vec<Vertex> = arrivals
        .iter()
        .filter(|arrival| arrival.is_opaque(index))
        .map(Arrival::opaque_vertex)
        .collect();
    if !opaque.is_empty() {
        let declared = opaque[0].as_type;
        let places = facts.closure(declared, &opaque);
        for (&id, landed) in &mut landings {
            if tree.entry(id).is_abstract {
                let servers = facts.servers(declared, tree.entry(id).name(), &places);
                landed.extend(landings_of(facts, &servers, tree.entry(id).name()));
            }
        }
    }
    landings
}
