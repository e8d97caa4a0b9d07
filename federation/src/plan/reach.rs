//! N3: which subgraphs can be at a position at all, and so which runtime types its object can have.

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::{
    arrival::Arrival,
    tree::{EntryId, PositionId, Tree},
};
use crate::index::{Facts, Index, SubgraphId, TypeId, TypeKind, TypeSet, Vertex};

type Landings = IndexMap<EntryId, IndexSet<Arrival>>;

/// Says the runtime types of every client position from one on, top-down.
pub(super) fn reach(
    tree: &mut Tree<'_>,
    facts: &Facts<'_>,
    position: PositionId,
    arrivals: &IndexSet<Arrival>,
) {
    let declared = tree.position(position).declared;
    let types = runtime_types(facts.index(), declared, arrivals);
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

/// The root object is there in every subgraph that has its type.
pub(super) fn root_arrivals(index: &Index, declared: TypeId) -> IndexSet<Arrival> {
    let subgraphs = index.type_(declared).subgraphs.iter();
    let arrivals = subgraphs.map(|subgraph| Arrival {
        subgraph,
        declared,
        provided: crate::index::ProvidedId::default(),
        level: 0,
    });
    arrivals.collect()
}

/// The types that objects can be, of those that clients may learn of.
pub(super) fn runtime_types(
    index: &Index,
    declared: TypeId,
    arrivals: &IndexSet<Arrival>,
) -> TypeSet {
    let declared = index.type_(declared);
    let typed = arrivals.iter().filter(|arrival| !arrival.is_untyped(index));
    let possible = match declared.kind {
        // Subgraphs that share a field which yields a union must mean the same members: what only
        // some of them can yield is yielded by none.
        TypeKind::Union => typed
            .map(|arrival| arrival.possible(index).clone())
            .reduce(|all, some| all.intersection(&some))
            .unwrap_or_default(),
        _ if arrivals.iter().any(|arrival| arrival.is_untyped(index)) => declared.possible.clone(),
        _ => typed.fold(TypeSet::new(), |all, arrival| {
            all.union(arrival.possible(index))
        }),
    };
    possible
        .intersection(&declared.possible)
        .intersection(index.visible())
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

pub(super) fn landings_of(facts: &Facts<'_>, servers: &[Vertex], name: &str) -> Vec<Arrival> {
    servers
        .iter()
        .filter_map(|&place| arrival_below(facts, place, name, 0))
        .collect()
}

/// How the object below a field arrives when one place is asked for the field.
pub(super) fn arrival_below(
    facts: &Facts<'_>,
    place: Vertex,
    name: &str,
    level: u16,
) -> Option<Arrival> {
    let (_, field) = facts.find_servable(place, name)?;
    Some(Arrival {
        subgraph: place.subgraph,
        declared: field.named_type,
        provided: facts.provided_below(place, field, name),
        level,
    })
}

/// Every subgraph that has a root type.
pub(super) fn root_subgraphs(facts: &Facts<'_>, root: TypeId) -> Vec<SubgraphId> {
    facts.index().type_(root).subgraphs.iter().collect()
}
