//! Says whether a field can be resolved for objects, from where they arrive, and where its own
//! objects then arrive. In: a selection and the arrivals of its objects. Out: the types for which
//! it cannot be resolved, and for the others the arrivals below.

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::{
    arrival::Arrival,
    landing::landings_of,
    search::{Objects, Search, Served, Ways},
    types::{hides_types, looks_differ},
};
use crate::index::{Places, Selected, Selection, SelectionSet, TypeId, TypeSet, Vertex};

impl Search<'_, '_> {
    pub(super) fn served(&self, selection: &Selection, name: &str, ways: &Ways) -> Served {
        let mut served = Served::default();
        let objects = self.above.last();
        let mut landed: IndexMap<Ways, TypeSet> = IndexMap::default();
        for (object, places) in objects.map_or_else(Vec::new, |all| asked_of(selection, all)) {
            self.budget.step(1 + self.above.len());
            let servers = self.facts.servers(object, name, places);
            if servers.is_empty() || !self.has_contexts(object, name) {
                served.lost.insert(object);
                continue;
            }
            let landings = Ways::all(landings_of(self.facts, &servers, name));
            landed.entry(landings).or_default().insert(object);
        }
        let landed = landed.into_iter();
        served.landed = landed.map(|(landings, types)| (types, landings)).collect();
        if self.is_of_no_type(selection) {
            // An interface that no type implements has no runtime types.
            let opaque = (ways.used.iter()).filter(|arrival| arrival.is_opaque(self.index));
            let opaque: Vec<Vertex> = opaque.map(Arrival::opaque_vertex).collect();
            if let Some(declared) = opaque.first().map(|vertex| vertex.as_type) {
                let places = self.facts.closure(declared, &opaque);
                let servers = self.facts.servers(declared, name, &places);
                if !servers.is_empty() {
                    let landings = landings_of(self.facts, &servers, name);
                    served.landed.push((TypeSet::new(), Ways::all(landings)));
                }
            }
        }
        served
    }

    /// Whether the contexts that a field's arguments read can be resolved on the objects above.
    fn has_contexts(&self, object: TypeId, name: &str) -> bool {
        let Some(field) = self.index.find_field(object, name) else {
            return true;
        };
        let subgraphs = self.index.field(field).subgraphs.iter();
        let mut arguments = subgraphs.flat_map(|own| &own.context_arguments);
        // The last are the objects with the field: they set no context for their own fields.
        let above = self.above.split_last().map_or(&[][..], |(_, above)| above);
        arguments.all(|argument| {
            let Some(types) = self.index.context_types(&argument.context) else {
                return true;
            };
            let sets_it = |id: &TypeId| types.contains(*id);
            // Where an ancestor can also be of types that do not set the context, the next above is
            // needed too.
            let sets_all = |objects: &&Objects| !objects.is_empty() && objects.keys().all(sets_it);
            let last = above.iter().rposition(|objects| sets_all(&objects));
            let mut nearest_first = above[last.unwrap_or(0)..].iter();
            nearest_first.all(|objects| {
                argument.selections.iter().all(|(id, set)| {
                    let places = objects.get(id).filter(|_| sets_it(id));
                    places.is_none_or(|places| {
                        self.facts.obtain(*id, self.index.field_set(*set), places)
                    })
                })
            })
        })
    }

    /// Whether the runtime types of objects can be known, as far as the selection needs them.
    pub(super) fn is_told(&self, set: &SelectionSet, ways: &Ways, objects: &Objects) -> bool {
        let is_concrete = self.index.is_object(set.declared);
        let is_untyped = ways
            .used
            .iter()
            .any(|arrival| arrival.is_untyped(self.index));
        let all_must = is_untyped
            && (hides_types(self.index, set.declared, self.withheld_types)
                || looks_differ(self.index, set, self.budget));
        let mut must: IndexSet<TypeId> = IndexSet::default();
        for one in set.selections.iter().filter(|one| !one.is_withheld) {
            let tells = match one.selected {
                Selected::Typename => !is_concrete,
                Selected::Introspection => false,
                Selected::Field(_) => is_untyped && !one.is_abstract,
            };
            if tells && !all_must {
                let own = asked_of(one, objects).into_iter().map(|(object, _)| object);
                must.extend(own);
            }
        }
        self.budget.step(set.selections.len() + must.len());
        objects.iter().all(|(&object, places)| {
            let must = all_must || must.contains(&object);
            !must || !self.facts.servers(object, "__typename", places).is_empty()
        })
    }
}

/// The objects that something is asked of.
fn asked_of<'o>(selection: &Selection, objects: &'o Objects) -> Vec<(TypeId, &'o Places)> {
    if selection.types.is_empty() {
        return objects.iter().map(|(id, places)| (*id, places)).collect();
    }
    let mut types = selection.types.clone();
    if selection.is_abstract {
        types.extend(&selection.written_on.iter().copied().collect());
    }
    let found = types.iter().map(|id| (id, objects.get(&id)));
    found
        .filter_map(|(id, places)| Some((id, places?)))
        .collect()
}
