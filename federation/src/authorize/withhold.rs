//! Withholds what a caller may not see. In: an operation, and which requirements its caller
//! satisfies. Out: an [`AuthorizedOperation`], and what was withheld, with the scopes and policies
//! that would be needed. Invariant: a selection that is withheld selects nothing.

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::{AuthorizedOperation, Requirements, Satisfied};
use crate::{
    index::{
        FieldSelection, Index, Requirement, Selected, Selection, SelectionSet, TypeId, TypeKind,
        TypeSet,
    },
    operation::NormalizedOperation,
    response::Withheld,
};

/// How many alternative sets of scopes are listed for one field.
const TOLD_ALTERNATIVES: usize = 32;

/// Withholds what needs requirements that are not satisfied. A requirement that was not found to be
/// relevant counts as not satisfied.
pub fn authorize(
    index: &Index,
    requirements: &Requirements,
    satisfied: &Satisfied,
    operation: NormalizedOperation,
) -> (AuthorizedOperation, Vec<Withheld>) {
    if requirements.is_empty() {
        return (AuthorizedOperation::unrestricted(operation), Vec::new());
    }
    let mut verdict = Verdict {
        index,
        requirements,
        satisfied,
        path: Vec::new(),
        withheld: IndexMap::default(),
    };
    let selection_set = verdict.set(operation.selection_set);
    let objects = index
        .types()
        .filter(|(id, facts)| facts.kind == TypeKind::Object && verdict.is_type_withheld(*id));
    let withheld_types = objects.map(|(id, _)| id).collect();
    let is_lacking = |number: usize| !satisfied.contains(number);
    let fields = || index.fields().map(|(id, _)| id);
    let forbidden = fields().filter(|id| requirements.of_field(index, *id).any(is_lacking));
    let unreadable = fields().filter(|id| requirements.of_read(index, *id).any(is_lacking));
    let (forbidden, unreadable) = (forbidden.collect(), unreadable.collect());
    let authorized = AuthorizedOperation {
        operation: NormalizedOperation {
            selection_set,
            ..operation
        },
        forbidden,
        unreadable,
        withheld_types,
    };
    let withheld = verdict.withheld.into_iter().map(|(path, needed)| {
        let needed = needed.iter().filter_map(|number| requirements.get(*number));
        tell(path, &needed.collect::<Vec<_>>())
    });
    (authorized, withheld.collect())
}

struct Verdict<'a> {
    index: &'a Index,
    requirements: &'a Requirements,
    satisfied: &'a Satisfied,
    path: Vec<String>,
    /// By path, what is needed and not held.
    withheld: IndexMap<Vec<String>, IndexSet<usize>>,
}

impl Verdict<'_> {
    fn is_met(&self, number: usize) -> bool {
        self.satisfied.contains(number)
    }

    fn is_type_withheld(&self, id: TypeId) -> bool {
        let needed = self.requirements.of_type(id);
        needed.is_some_and(|number| !self.is_met(number))
    }

    fn note(&mut self, path: Vec<String>, needed: impl IntoIterator<Item = usize>) {
        self.withheld.entry(path).or_default().extend(needed);
    }

    fn set(&mut self, set: SelectionSet) -> SelectionSet {
        let asked = set.asked_of_all();
        let mut selections = Vec::with_capacity(set.selections.len());
        for selection in set.selections {
            self.selection(selection, &mut selections);
        }
        let mut left = SelectionSet {
            declared: set.declared,
            selections,
        };
        left.narrow(&asked);
        left
    }

    fn selection(&mut self, selection: Selection, into: &mut Vec<Selection>) {
        let (kept, lost, needed) = self.divide(&selection);
        let was_whatever = selection.types.is_empty();
        let is_whole = lost.is_empty() && kept == selection.types;
        if was_whatever && !needed.is_empty() {
            self.note_field(&selection, &needed);
            into.push(selection.withheld_on(TypeSet::new()));
            return;
        }
        if !lost.is_empty() {
            self.note_field(&selection, &needed);
            into.push(selection.withheld_on(lost));
        }
        if kept.is_empty() && !was_whatever {
            return;
        }
        let mut rest = selection;
        if !is_whole {
            rest.narrow(kept);
        }
        if let Selected::Field(field) = rest.selected {
            self.path.push(rest.response_name.to_string());
            rest.selected = Selected::Field(FieldSelection {
                selection_set: field.selection_set.map(|set| self.set(set)),
                ..field
            });
            self.path.pop();
        }
        into.push(rest);
    }

    fn note_field(&mut self, selection: &Selection, needed: &IndexSet<usize>) {
        let mut path = self.path.clone();
        path.push(selection.response_name.to_string());
        self.note(path, needed.iter().copied());
    }

    /// The types it may be seen on, the types it is withheld on, and the requirements that are
    /// lacking there. Types that may not be seen at all are in neither: their objects are null.
    fn divide(&mut self, selection: &Selection) -> (TypeSet, TypeSet, IndexSet<usize>) {
        let (mut kept, mut lost) = (TypeSet::new(), TypeSet::new());
        let mut needed = IndexSet::default();
        let name = match &selection.selected {
            Selected::Field(field) => Some(&*field.name),
            Selected::Typename | Selected::Introspection => None,
        };
        if selection.types.is_empty() {
            for &on in &selection.written_on {
                needed.extend(self.lacking(on, name));
            }
            return (kept, lost, needed);
        }
        let is_root = self.path.is_empty();
        for object in selection.types.iter() {
            if self.is_type_withheld(object) && !is_root {
                let lacking = self.requirements.of_type(object);
                self.note(self.path.clone(), lacking);
                continue;
            }
            // The name of the root type is no secret.
            let lacking = match (is_root, name) {
                (true, None) => Vec::new(),
                _ => self.lacking_on(selection, object, name),
            };
            if lacking.is_empty() {
                kept.insert(object);
            } else {
                lost.insert(object);
                needed.extend(lacking);
            }
        }
        (kept, lost, needed)
    }

    /// The requirements that are lacking to see a field of an object, by the types it was written
    /// on (the object's own or interfaces), of which one suffices.
    fn lacking_on(&self, selection: &Selection, object: TypeId, name: Option<&str>) -> Vec<usize> {
        let mut lacking = self.lacking(object, name);
        let on = selection
            .written_on
            .iter()
            .filter(|on| **on == object || self.index.type_(**on).possible.contains(object));
        let ways: Vec<Vec<usize>> = on.map(|on| self.lacking(*on, name)).collect();
        if !ways.iter().any(Vec::is_empty) {
            lacking.extend(ways.into_iter().flatten());
        }
        lacking
    }

    fn lacking(&self, on: TypeId, name: Option<&str>) -> Vec<usize> {
        let field = name.and_then(|name| self.index.find_field(on, name));
        let needed = field.map(|field| self.requirements.of_field(self.index, field));
        let needed = needed.into_iter().flatten();
        let needed = needed.chain(self.requirements.of_type(on));
        needed.filter(|number| !self.is_met(*number)).collect()
    }
}

/// The report of what would be needed: all the requirements together.
pub(crate) fn tell(path: Vec<String>, needed: &[&Requirement]) -> Withheld {
    let of = |part: fn(&Requirement) -> &Option<Vec<Vec<String>>>| {
        let parts = needed
            .iter()
            .filter_map(|requirement| part(requirement).as_ref());
        parts.fold(Vec::new(), |all, sets| both(&all, sets))
    };
    Withheld {
        path,
        scopes: of(|requirement| &requirement.scopes),
        policies: of(|requirement| &requirement.policies),
    }
}

/// The sets that satisfy both lists of alternatives.
fn both(all: &[Vec<String>], more: &[Vec<String>]) -> Vec<Vec<String>> {
    if all.is_empty() || more.is_empty() {
        return [all, more].concat();
    }
    let mut sets: IndexSet<Vec<String>> = IndexSet::default();
    for one in all {
        for other in more {
            let names: IndexSet<&String> = one.iter().chain(other).collect();
            let mut names: Vec<String> = names.into_iter().cloned().collect();
            names.sort_unstable();
            sets.insert(names);
        }
    }
    minimal(&sets)
}

/// Those of some alternatives that no other one is a part of.
pub(crate) fn minimal(sets: &IndexSet<Vec<String>>) -> Vec<Vec<String>> {
    let is_minimal = |set: &Vec<String>| {
        let contains = |other: &Vec<String>| other.iter().all(|name| set.contains(name));
        !sets.iter().any(|other| other != set && contains(other))
    };
    let minimal = sets.iter().filter(|set| is_minimal(set));
    minimal.take(TOLD_ALTERNATIVES).cloned().collect()
}
