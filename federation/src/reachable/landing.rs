//! Computes where the objects of a field arrive, which runtime types they can have there, and
//! whether the objects of several arrivals may be merged.

use apollo_compiler::collections::IndexSet;

use super::arrival::Arrival;
use crate::index::{Facts, Index, ProvidedId, SubgraphId, TypeId, TypeKind, TypeSet, Vertex};

/// The arrivals of the root object: one for every subgraph that has its type.
pub(crate) fn root_arrivals(index: &Index, declared: TypeId) -> IndexSet<Arrival> {
    let subgraphs = index.type_(declared).subgraphs.iter();
    let arrivals = subgraphs.map(|subgraph| Arrival {
        subgraph,
        declared,
        provided: ProvidedId::default(),
        round: 0,
    });
    arrivals.collect()
}

/// The runtime types that objects can have, of those that clients see.
pub(crate) fn runtime_types<'a>(
    index: &Index,
    declared: TypeId,
    mut arrivals: impl Iterator<Item = &'a Arrival> + Clone,
) -> TypeSet {
    let declared = index.type_(declared);
    let typed = arrivals
        .clone()
        .filter(|arrival| !arrival.is_untyped(index));
    let is_any_untyped = arrivals.any(|arrival| arrival.is_untyped(index));
    let possible = match declared.kind {
        // Subgraphs that share a field must return the same: a member of a union that one of them
        // cannot return, none returns.
        TypeKind::Union => typed
            .map(|arrival| arrival.possible(index).clone())
            .reduce(|all, some| all.intersection(&some))
            .unwrap_or_default(),
        _ if is_any_untyped => declared.possible.clone(),
        _ => typed.fold(TypeSet::new(), |all, arrival| {
            all.union(arrival.possible(index))
        }),
    };
    possible
        .intersection(&declared.possible)
        .intersection(index.visible())
}

/// Whether the objects that several arrivals deliver are merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joining {
    /// They are: a key tells which are the same, or the field yields a single object, which must be
    /// the same in all subgraphs.
    Always,
    /// Only where no single arrival serves all that is asked: no key tells which items of two lists
    /// are the same, and their order may differ.
    AtNeed,
    /// They are not: the caller may not read the keys that would tell which are the same.
    Never,
}

/// How objects that several arrivals deliver may be merged.
pub(crate) fn joining(
    facts: &Facts<'_>,
    declared: TypeId,
    arrivals: &[Arrival],
    is_list: bool,
) -> Joining {
    let index = facts.index();
    let possible = &index.type_(declared).possible;
    if arrivals.len() < 2 || !is_list {
        return Joining::Always;
    }
    if facts.may_not_compare(possible) {
        return Joining::Never;
    }
    let is_told = |object: TypeId| {
        let here = arrivals.iter();
        let here: Vec<Vertex> = here.filter_map(|one| one.vertex(index, object)).collect();
        here.len() < 2 || !facts.has_keys(object) || facts.common_key(object, &here).is_some()
    };
    facts.step(possible.len());
    if possible.iter().all(is_told) {
        Joining::Always
    } else {
        Joining::AtNeed
    }
}

pub(crate) fn landings_of(facts: &Facts<'_>, servers: &[Vertex], name: &str) -> Vec<Arrival> {
    servers
        .iter()
        .filter_map(|&place| arrival_below(facts, place, name, 0))
        .collect()
}

/// The arrival of the object below a field that is asked for at a vertex.
pub(crate) fn arrival_below(
    facts: &Facts<'_>,
    place: Vertex,
    name: &str,
    round: u16,
) -> Option<Arrival> {
    let (_, field) = facts.find_servable(place, name)?;
    Some(Arrival {
        subgraph: place.subgraph,
        declared: field.named_type,
        provided: facts.provided_below(place, field, name),
        round,
    })
}

/// Every subgraph that has a root type.
pub(crate) fn root_subgraphs(facts: &Facts<'_>, root: TypeId) -> Vec<SubgraphId> {
    facts.index().type_(root).subgraphs.iter().collect()
}
