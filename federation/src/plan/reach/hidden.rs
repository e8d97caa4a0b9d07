//! Adds hidden entries and positions for what a key, a `@requires` or a context reads. In: a
//! position, a type and a field set. Out: an entry for each field of the set. Invariant: a leaf
//! that the client asks of the same type with the same arguments is not added again, and the length
//! of a chain of field sets, each read below another one, is bounded.

use std::rc::Rc;

use apollo_compiler::Name;
use apollo_compiler::collections::IndexMap;

use crate::{
    index::{Selected, Selection, SelectionSet, TypeId, TypeSet},
    plan::reach::tree::{
        Asked, Entry, EntryId, FEW, HiddenKey, MAX_HIDDEN_DEPTH, PathId, PathKey, PositionId, Tree,
    },
};

impl<'i> Tree<'i> {
    /// What a key or `@requires` asks of an object of a type at a position; a leaf that the client
    /// asks for is not asked twice. `None` if it is nested too deep.
    pub(crate) fn hidden(
        &mut self,
        position: PositionId,
        object: TypeId,
        set: &'i [Selection],
    ) -> Option<Vec<Option<EntryId>>> {
        set.iter()
            .filter(|selection| selection.applies_to(object))
            .filter(|selection| selection.field().is_some())
            .map(|selection| self.hidden_entry(position, object, selection).map(Some))
            .collect()
    }

    /// One field of what a key or `@requires` asks.
    pub(crate) fn hidden_entry(
        &mut self,
        position: PositionId,
        object: TypeId,
        selection: &'i Selection,
    ) -> Option<EntryId> {
        let field = selection.field()?;
        let below = field.selection_set.as_ref();
        self.name_entries(position);
        let place = self.position(position);
        let named = match self.by_name.get(&position) {
            Some((_, by_name)) => by_name.get(&field.name).map_or(&[][..], Vec::as_slice),
            None => &place.entries,
        };
        self.budget.step(1 + named.len());
        let (path, depth) = (place.path, place.hidden_depth + 1);
        let is_of_one = self.index.is_object(object);
        let of_client = named.iter().copied().find(|&id| {
            let entry = self.entry(id);
            entry.is_field(&field.name, &field.arguments)
                && entry.child().is_some() == below.is_some()
                && (entry.applies_to(object) || !is_of_one && entry.is_abstract)
        });
        if let (Some(id), None) = (of_client, below) {
            return Some(id);
        }
        let beside = of_client.and_then(|id| self.entry(id).response_name.clone());
        let key = HiddenKey {
            position,
            name: field.name.clone(),
            arguments: field.arguments.clone(),
            below: below.map_or(0, |set| set.selections.as_ptr() as usize),
            beside: beside.clone(),
        };
        if let Some(&id) = self.hidden.get(&key) {
            return Some(id);
        }
        if depth > MAX_HIDDEN_DEPTH {
            return None;
        }
        let child = below.map(|set| {
            let path_key = match beside.clone() {
                Some(name) => PathKey::Client(name),
                None => PathKey::Hidden(field.name.clone(), field.arguments.clone()),
            };
            let path = self.path(path, path_key);
            self.add_hidden(set, path, depth)
        });
        let id = self.push_entry(Entry {
            response_name: None,
            beside,
            types: TypeSet::new(),
            is_abstract: selection.is_abstract,
            asked: Asked::Field {
                name: field.name.clone(),
                arguments: field.arguments.clone(),
                child,
            },
        });
        self.hidden.insert(key, id);
        Some(id)
    }

    /// Indexes the entries of a position by field name, unless there are few.
    fn name_entries(&mut self, position: PositionId) {
        let entries = &self.positions[position.0 as usize].entries;
        let known = self.by_name.get(&position);
        if entries.len() < FEW || known.is_some_and(|(known, _)| Rc::ptr_eq(known, entries)) {
            return;
        }
        let entries = Rc::clone(entries);
        self.budget.step(entries.len());
        let mut by_name: IndexMap<Name, Vec<EntryId>> = IndexMap::default();
        for &id in entries.iter() {
            if let Asked::Field { name, .. } = &self.entry(id).asked {
                by_name.entry(name.clone()).or_default().push(id);
            }
        }
        self.by_name.insert(position, (entries, by_name));
    }

    fn add_hidden(&mut self, set: &'i SelectionSet, path: PathId, depth: u8) -> PositionId {
        self.budget.step(set.selections.len());
        let id = self.reserve(set.declared, path, depth);
        let entries: Vec<EntryId> = set
            .selections
            .iter()
            .filter_map(|selection| self.add_hidden_entry(selection, path, depth))
            .collect();
        self.positions[id.0 as usize].entries = entries.into();
        let possible = self.index.type_(set.declared).possible.clone();
        self.set_types(id, &possible);
        id
    }

    fn add_hidden_entry(
        &mut self,
        selection: &'i Selection,
        path: PathId,
        depth: u8,
    ) -> Option<EntryId> {
        let asked = match &selection.selected {
            Selected::Introspection => return None,
            Selected::Typename => Asked::Typename,
            Selected::Field(field) => {
                let key = PathKey::Hidden(field.name.clone(), field.arguments.clone());
                let child = field.selection_set.as_ref().map(|below| {
                    let path = self.path(path, key);
                    self.add_hidden(below, path, depth)
                });
                Asked::Field {
                    name: field.name.clone(),
                    arguments: field.arguments.clone(),
                    child,
                }
            }
        };
        Some(self.push_entry(Entry {
            response_name: None,
            beside: None,
            types: selection.types.clone(),
            is_abstract: selection.is_abstract,
            asked,
        }))
    }

    /// Asks objects of a type at a position for what arguments below read of them.
    pub(crate) fn demand_hidden(
        &mut self,
        position: PositionId,
        object: TypeId,
        set: &'i [Selection],
    ) {
        let ids = self.hidden(position, object, set).unwrap_or_default();
        let mut is_new = false;
        for id in ids.into_iter().flatten() {
            self.context_entries.insert(id);
            let is_abstract = !self.index.is_object(self.position(position).declared);
            let entry = &mut self.entries[id.0 as usize];
            if entry.response_name.is_some() {
                continue;
            }
            if is_abstract {
                entry.is_abstract = false;
                is_new |= entry.types.insert(object);
            }
            let entries = &self.positions[position.0 as usize].entries;
            self.budget.step(1 + entries.len() / 8);
            if !entries.contains(&id) {
                let entries = entries.iter().copied().chain([id]).collect();
                self.positions[position.0 as usize].entries = entries;
                is_new = true;
            }
        }
        if !is_new {
            return;
        }
        let classes = Rc::clone(&self.position(position).classes);
        let types = classes
            .iter()
            .fold(TypeSet::new(), |all, class| all.union(&class.types));
        self.set_types(position, &types);
    }
}
