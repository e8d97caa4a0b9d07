//! What lies behind what a caller may not see is withheld as well: no key that may be read leads
//! there, or nothing that may be read tells what it is.

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::{
    arrival::Arrival,
    local::hides_types,
    looks::{looks_differ, yields_list},
    reach::{landings_of, root_arrivals, runtime_types},
};
use crate::{
    authorize::AuthorizedOperation,
    budget::Budget,
    index::{
        Facts, FieldSelection, Index, Places, Selected, Selection, SelectionSet, TypeId, TypeSet,
        Vertex,
    },
    operation::{NormalizedOperation, OperationKind},
};

/// Selections looked at; past that, what is left is withheld.
const MOST_SELECTIONS: u32 = 20_000;

/// Response names from the root of what is withheld because nothing that may be read leads there.
pub(super) type Behind = Vec<String>;

/// Withholds what cannot be had of any subgraph; `None` if there is no such, or nothing is left.
pub(super) fn withhold(
    facts: &Facts<'_>,
    operation: &AuthorizedOperation,
    budget: &Budget,
) -> Option<(AuthorizedOperation, Vec<Behind>)> {
    let whole = operation.operation();
    let mut search = Search {
        facts,
        index: facts.index(),
        withheld_types: operation.withheld_types(),
        above: Vec::new(),
        path: Vec::new(),
        behind: Vec::new(),
        left: MOST_SELECTIONS,
        budget,
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
    /// Selections that may still be looked at: objects of different types may part at each level.
    left: u32,
    /// Counts all steps of the planning.
    budget: &'s Budget,
}

/// The types of objects whose field arrives below in the same ways, and those ways.
type Landed = (TypeSet, IndexSet<Arrival>);

/// Who has a field, as far as can be told.
#[derive(Default)]
struct Served {
    /// The types whose objects it cannot be had of.
    lost: TypeSet,
    /// The others.
    landed: Vec<Landed>,
}

impl Search<'_, '_> {
    /// What can be had of root fields each of which is asked of one subgraph.
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
            selections.extend(self.of_one(&alone, arrivals)?.selections);
        }
        Some(SelectionSet {
            declared: set.declared,
            selections,
        })
    }

    /// What can be had of objects that come from one arrival alone: the one by which least is lost.
    fn of_one(&mut self, set: &SelectionSet, arrivals: &IndexSet<Arrival>) -> Option<SelectionSet> {
        let found = self.behind.len();
        let mut best: Option<(bool, SelectionSet, Vec<Behind>)> = None;
        for arrival in arrivals {
            let left = self.set(set, &[*arrival].into_iter().collect());
            let lost = self.behind.split_off(found);
            let Some(left) = left else { continue };
            let is_lost = left.selections.iter().any(|one| one.is_withheld);
            let is_better = (best.as_ref())
                .is_none_or(|(lost_too, _, more)| (is_lost, lost.len()) < (*lost_too, more.len()));
            if is_better {
                best = Some((is_lost, left, lost));
            }
        }
        let (_, left, lost) = best?;
        self.behind.extend(lost);
        Some(left)
    }

    /// What can be had of a selection; `None` if the objects cannot be told apart.
    fn set(&mut self, set: &SelectionSet, arrivals: &IndexSet<Arrival>) -> Option<SelectionSet> {
        self.left = self.left.checked_sub(1)?;
        if !self.budget.step(1 + arrivals.len()) {
            return None;
        }
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
            self.selection((set.declared, selection), arrivals, &mut selections);
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
        (declared, selection): (TypeId, &Selection),
        arrivals: &IndexSet<Arrival>,
        into: &mut Vec<Selection>,
    ) {
        let field = match &selection.selected {
            Selected::Field(field) if !selection.is_withheld => field,
            _ => return into.push(selection.clone()),
        };
        self.path.push(selection.response_name.to_string());
        let Served { mut lost, landed } = self.served(selection, &field.name, arrivals);
        let is_untold = selection.is_abstract && self.above.last().is_none_or(Objects::is_empty);
        if landed.is_empty() && lost.is_empty() && !is_untold {
            // No object that it is asked of arrives.
            self.path.pop();
            return into.push(selection.clone());
        }
        if !lost.is_empty() || landed.is_empty() {
            self.note();
        }
        let mut left: Vec<(TypeSet, FieldSelection)> = Vec::new();
        for (types, landings) in landed {
            let Some(below) = &field.selection_set else {
                self.budget.step(left.len());
                add(&mut left, types, field.clone());
                continue;
            };
            let found = self.behind.len();
            let possible = &self.index.type_(below.declared).possible;
            let is_apart = yields_list(self.index, declared, selection)
                && self.facts.may_not_compare(possible);
            let set = if is_apart {
                self.of_one(below, &landings)
            } else {
                self.set(below, &landings)
            };
            if set.is_none() {
                // Nothing is asked below, so nothing is withheld there.
                self.behind.truncate(found);
                self.note();
                lost.extend(&types);
                continue;
            }
            let field = field.selecting(set);
            self.budget.step(left.len() * (1 + field.size()));
            add(&mut left, types, field);
        }
        self.path.pop();
        if left.is_empty() {
            into.push(selection.withheld_on(selection.types.clone()));
            return;
        }
        if !lost.is_empty() {
            into.push(selection.withheld_on(lost.clone()));
        }
        let is_one = left.len() == 1;
        // What never arrives stays with the first.
        let mut rest = selection.types.difference(&lost);
        for (types, _) in &left {
            rest = rest.difference(types);
        }
        for (mut types, field) in left {
            types.extend(&std::mem::take(&mut rest));
            let mut part = selection.answered_by(Selected::Field(field));
            if !(is_one && lost.is_empty()) {
                part.narrow(types);
            }
            into.push(part);
        }
    }

    fn note(&mut self) {
        self.budget.step(self.path.len());
        self.behind.push(self.path.clone());
    }

    fn served(&self, selection: &Selection, name: &str, arrivals: &IndexSet<Arrival>) -> Served {
        let mut served = Served::default();
        let objects = self.above.last();
        let mut landed: IndexMap<Vec<Arrival>, TypeSet> = IndexMap::default();
        for (object, places) in objects.map_or_else(Vec::new, |all| asked_of(selection, all)) {
            self.budget.step(1 + self.above.len());
            let servers = self.facts.servers(object, name, places);
            if servers.is_empty() || !self.has_contexts(object, name) {
                served.lost.insert(object);
                continue;
            }
            let landings = landings_of(self.facts, &servers, name).into_iter();
            let mut landings: Vec<Arrival> = landings.collect();
            landings.sort_unstable();
            landings.dedup();
            landed.entry(landings).or_default().insert(object);
        }
        let landed = landed.into_iter();
        let landed = landed.map(|(landings, types)| (types, landings.into_iter().collect()));
        served.landed = landed.collect();
        if selection.is_abstract && objects.is_none_or(Objects::is_empty) {
            // Objects of an interface that nothing implements are of no type at all.
            let opaque = (arrivals.iter()).filter(|arrival| arrival.is_opaque(self.index));
            let opaque: Vec<Vertex> = opaque.map(Arrival::opaque_vertex).collect();
            if let Some(declared) = opaque.first().map(|vertex| vertex.as_type) {
                let places = self.facts.closure(declared, &opaque);
                let servers = self.facts.servers(declared, name, &places);
                if !servers.is_empty() {
                    let landings = landings_of(self.facts, &servers, name);
                    let landings = landings.into_iter().collect();
                    served.landed.push((TypeSet::new(), landings));
                }
            }
        }
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

/// Adds what is asked of objects of some types, to the same asked of others if it is.
fn add(left: &mut Vec<(TypeSet, FieldSelection)>, types: TypeSet, field: FieldSelection) {
    match left.iter_mut().find(|(_, other)| *other == field) {
        Some((more, _)) => more.extend(&types),
        None => left.push((types, field)),
    }
}

/// Asks by type for what is asked whatever the type.
pub(super) fn ask_by_type(operation: &AuthorizedOperation) -> AuthorizedOperation {
    let mut whole = operation.operation().clone();
    divide(&mut whole.selection_set);
    operation.with(whole)
}

fn divide(set: &mut SelectionSet) {
    for selection in set.selections.iter_mut().filter(|one| !one.is_withheld) {
        if selection.is_abstract && !selection.types.is_empty() {
            selection.narrow(selection.types.clone());
        }
        if let Selected::Field(field) = &mut selection.selected
            && let Some(below) = &mut field.selection_set
        {
            divide(below);
        }
    }
}
