//! What lies behind what a caller may not see is withheld as well: no key that may be read leads
//! there, or nothing that may be read tells what it is.

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::{
    arrival::Arrival,
    local::hides_types,
    reach::{landings_of, root_arrivals, runtime_types},
    tree::looks_differ,
};
use crate::{
    authorize::{AuthorizedOperation, Behind},
    index::{Facts, Index, Places, Selected, Selection, SelectionSet, TypeId, TypeSet, Vertex},
    operation::{NormalizedOperation, OperationKind},
};

/// Withholds what cannot be had of any subgraph; `None` if there is no such, or nothing is left.
pub(super) fn withhold(
    facts: &Facts<'_>,
    operation: &AuthorizedOperation,
) -> Option<(AuthorizedOperation, Vec<Behind>)> {
    let whole = operation.operation();
    let mut search = Search {
        facts,
        index: facts.index(),
        withheld_types: operation.withheld_types(),
        above: Vec::new(),
        path: Vec::new(),
        behind: Vec::new(),
    };
    let arrivals = root_arrivals(search.index, whole.selection_set.declared);
    let selection_set = if whole.kind == OperationKind::Mutation {
        search.each_of_one(&whole.selection_set, &arrivals)?
    } else {
        search.set(&whole.selection_set, &arrivals)?
    };
    let left = NormalizedOperation {
        selection_set,
        ..whole.clone()
    };
    (!search.behind.is_empty()).then(|| (operation.with(left), search.behind))
}

/// Where objects at some position can be taken, by their type.
type Objects = IndexMap<TypeId, Places>;

struct Search<'s, 'i> {
    facts: &'s Facts<'i>,
    index: &'i Index,
    withheld_types: &'s TypeSet,
    /// The objects on the way from the root.
    above: Vec<Objects>,
    path: Vec<String>,
    behind: Vec<Behind>,
}

/// Who has a field, as far as can be told.
struct Served {
    /// The types whose objects it cannot be had of.
    lost: TypeSet,
    /// Whether it can be had of no object at all.
    is_lost: bool,
    /// How its objects arrive.
    landings: IndexSet<Arrival>,
}

impl Search<'_, '_> {
    /// What can be had of root fields each of which is asked of one subgraph: of the one by which
    /// least is lost.
    fn each_of_one(
        &mut self,
        set: &SelectionSet,
        arrivals: &IndexSet<Arrival>,
    ) -> Option<SelectionSet> {
        let mut selections = Vec::new();
        for selection in &set.selections {
            let alone = SelectionSet {
                declared: set.declared,
                selections: vec![selection.clone()],
            };
            let found = self.behind.len();
            let mut best: Option<(bool, Vec<Selection>, Vec<Behind>)> = None;
            for arrival in arrivals {
                let left = self.set(&alone, &[*arrival].into_iter().collect());
                let lost = self.behind.split_off(found);
                let Some(left) = left else { continue };
                let is_lost = left.selections.iter().any(|one| one.is_withheld);
                let is_better = (best.as_ref()).is_none_or(|(lost_too, _, more)| {
                    (is_lost, lost.len()) < (*lost_too, more.len())
                });
                if is_better {
                    best = Some((is_lost, left.selections, lost));
                }
            }
            let (_, left, lost) = best?;
            selections.extend(left);
            self.behind.extend(lost);
        }
        Some(SelectionSet {
            declared: set.declared,
            selections,
        })
    }

    /// What can be had of a selection; `None` if the objects cannot be told apart.
    fn set(&mut self, set: &SelectionSet, arrivals: &IndexSet<Arrival>) -> Option<SelectionSet> {
        let types = runtime_types(self.index, set.declared, arrivals);
        let objects = types.iter().map(|object| {
            let vertices = arrivals.iter();
            let here: Vec<Vertex> = vertices
                .filter_map(|arrival| arrival.vertex(self.index, object))
                .collect();
            (object, self.facts.closure(object, &here))
        });
        self.above.push(objects.collect());
        let mut selections = Vec::with_capacity(set.selections.len());
        for selection in &set.selections {
            self.selection(selection, arrivals, &mut selections);
        }
        let objects = self.above.pop().unwrap_or_default();
        let mut left = SelectionSet {
            declared: set.declared,
            selections,
        };
        left.narrow(&set.asked_of_all());
        self.is_told(&left, arrivals, &objects).then_some(left)
    }

    fn selection(
        &mut self,
        selection: &Selection,
        arrivals: &IndexSet<Arrival>,
        into: &mut Vec<Selection>,
    ) {
        let field = match &selection.selected {
            Selected::Field(field) if !selection.is_withheld => field,
            _ => return into.push(selection.clone()),
        };
        self.path.push(selection.response_name.to_string());
        let Served {
            mut lost,
            mut is_lost,
            landings,
        } = self.served(selection, &field.name, arrivals);
        let mut rest = selection.clone();
        if is_lost || !lost.is_empty() {
            self.note(&field.name, lost.clone());
        }
        if let (false, Some(below)) = (is_lost, &field.selection_set) {
            let found = self.behind.len();
            match (self.set(below, &landings), &mut rest.selected) {
                (Some(left), Selected::Field(field)) => field.selection_set = Some(left),
                _ => {
                    // Nothing is asked below, so nothing is withheld there.
                    self.behind.truncate(found);
                    let types = runtime_types(self.index, below.declared, &landings);
                    self.note(&field.name, types);
                    is_lost = true;
                }
            }
        }
        self.path.pop();
        if is_lost {
            lost.clone_from(&selection.types);
        }
        let kept = selection.types.difference(&lost);
        if is_lost || !lost.is_empty() {
            into.push(selection.withheld_on(lost));
        }
        match kept {
            _ if is_lost => {}
            kept if kept == selection.types => into.push(rest),
            kept if kept.is_empty() => {}
            kept => {
                rest.narrow(kept);
                into.push(rest);
            }
        }
    }

    fn note(&mut self, field: &apollo_compiler::Name, types: TypeSet) {
        self.behind.push(Behind {
            path: self.path.clone(),
            field: field.clone(),
            types,
        });
    }

    fn served(&self, selection: &Selection, name: &str, arrivals: &IndexSet<Arrival>) -> Served {
        let mut served = Served {
            lost: TypeSet::new(),
            is_lost: false,
            landings: IndexSet::default(),
        };
        let objects = self.above.last();
        let asked = objects.into_iter().flatten();
        let asked = asked.filter(|(object, _)| selection.applies_to(**object));
        let mut kept = false;
        for (&object, places) in asked {
            let servers = self.facts.servers(object, name, places);
            if servers.is_empty() || !self.has_contexts(object, name) {
                served.lost.insert(object);
            } else {
                kept = true;
                let landings = landings_of(self.facts, &servers, name);
                served.landings.extend(landings);
            }
        }
        if selection.is_abstract {
            let opaque = arrivals
                .iter()
                .filter(|arrival| arrival.is_opaque(self.index));
            let opaque: Vec<Vertex> = opaque.map(Arrival::opaque_vertex).collect();
            if let Some(declared) = opaque.first().map(|vertex| vertex.as_type) {
                let places = self.facts.closure(declared, &opaque);
                let servers = self.facts.servers(declared, name, &places);
                kept |= !servers.is_empty() && served.lost.is_empty();
                let landings = landings_of(self.facts, &servers, name);
                served.landings.extend(landings);
            }
        }
        served.is_lost = !kept && (!served.lost.is_empty() || selection.is_abstract);
        served
    }

    /// Whether what the arguments of a field read of objects above can be had.
    fn has_contexts(&self, object: TypeId, name: &str) -> bool {
        let Some(field) = self.index.find_field(object, name) else {
            return true;
        };
        let subgraphs = self.index.field(field).subgraphs.iter();
        let mut arguments = subgraphs.flat_map(|own| &own.context_arguments);
        // The objects with the field are the last, and no context of their own.
        let above = self.above.split_last().map_or(&[][..], |(_, above)| above);
        arguments.all(|argument| {
            let Some(types) = self.index.context_types(&argument.context) else {
                return true;
            };
            let has_it = |objects: &&Objects| objects.keys().any(|id| types.contains(*id));
            let nearest = above.iter().rev().find(has_it);
            argument.selections.iter().all(|(id, set)| {
                let places = nearest.and_then(|objects| objects.get(id));
                places
                    .is_none_or(|places| self.facts.obtain(*id, self.index.field_set(*set), places))
            })
        })
    }

    /// Whether the types of objects can be told, where they must be.
    fn is_told(&self, set: &SelectionSet, arrivals: &IndexSet<Arrival>, objects: &Objects) -> bool {
        let is_concrete = self.index.is_object(set.declared);
        let is_untyped = arrivals
            .iter()
            .any(|arrival| arrival.is_untyped(self.index));
        let all_must = is_untyped
            && (hides_types(self.index, set.declared, self.withheld_types)
                || looks_differ(self.index, set));
        objects.iter().all(|(&object, places)| {
            let own = set
                .selections
                .iter()
                .filter(|one| !one.is_withheld && one.applies_to(object));
            let mut own = own.filter(|one| match one.selected {
                Selected::Typename => !is_concrete,
                Selected::Introspection => false,
                Selected::Field(_) => is_untyped && !one.is_abstract,
            });
            let must = all_must || own.next().is_some();
            !must || !self.facts.servers(object, "__typename", places).is_empty()
        })
    }
}
