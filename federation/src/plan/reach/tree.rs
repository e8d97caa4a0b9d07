//! The tree of positions, and its making from a client's selection set. In: a selection set. Out:
//! positions and entries for all of it that is not withheld. Invariant: an id stays valid, since
//! positions and entries are only added; positions with one path share their objects.

use std::rc::Rc;

use apollo_compiler::Name;
use apollo_compiler::collections::{IndexMap, IndexSet};

use crate::{
    budget::Budget,
    index::{Arguments, FieldIdSet, Index, Selected, SelectionSet, TypeId, TypeSet},
    reachable::types::{looks_differ, yields_list},
};

/// Fewer entries than this are looked through one by one.
pub(crate) const FEW: usize = 8;

/// How many field sets may be read one below another, each at a hidden position of the one before;
/// a field set that needs more is not read.
pub(crate) const MAX_HIDDEN_DEPTH: u8 = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PositionId(pub(crate) u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct EntryId(pub(crate) u32);

/// A path in the answer: positions with the same path share their objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PathId(pub(crate) u32);

/// What runtime types of one class have in common.
type Likeness = (Option<u32>, Option<TypeId>, Vec<(EntryId, Option<u32>)>);

/// A path in the answer where an object stands, and what is asked of it.
#[derive(Debug)]
pub(crate) struct Position {
    /// Its declared type.
    pub(crate) declared: TypeId,
    /// What is asked of it.
    pub(crate) entries: Rc<[EntryId]>,
    /// Its runtime types, in classes that are alike.
    pub(crate) classes: Rc<[Class]>,
    pub(crate) path: PathId,
    /// Whether the client's answer looks different for objects of different types.
    pub(crate) differs_by_type: bool,
    /// Whether it is one object, not each of a list.
    pub(crate) is_single: bool,
    pub(crate) hidden_depth: u8,
}

impl Position {
    /// Whether it was added for a key, a `@requires` or a context, not for the client.
    pub(crate) fn is_hidden(&self) -> bool {
        self.hidden_depth > 0
    }
}

/// Runtime types of which the same is asked, so that one placement serves them all.
#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) types: TypeSet,
    /// One of them, to ask facts about.
    pub(crate) object: TypeId,
    /// What is asked of objects of these types.
    pub(crate) entries: Vec<EntryId>,
}

/// One field asked of the object at a position.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The name in the client's answer; `None` where a key or `@requires` asks.
    pub(crate) response_name: Option<Name>,
    /// The name of the client's field whose objects it completes, where a key or `@requires` asks
    /// for more of them.
    pub(crate) beside: Option<Name>,
    /// The runtime types it is asked of; empty for all.
    pub(crate) types: TypeSet,
    /// Whether it is asked whatever the type.
    pub(crate) is_abstract: bool,
    pub(crate) asked: Asked,
}

#[derive(Clone, Debug)]
pub(crate) enum Asked {
    Typename,
    /// Only whether the object exists: what a key of `__typename` alone asks.
    Existence,
    Field {
        name: Name,
        arguments: Arguments,
        child: Option<PositionId>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PathKey {
    Client(Name),
    Hidden(Name, Arguments),
}

#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct HiddenKey {
    pub(crate) position: PositionId,
    pub(crate) name: Name,
    pub(crate) arguments: Arguments,
    /// Address of the selection below: the index owns field sets and does not move them.
    pub(crate) below: usize,
    /// The client's field whose objects it completes differs by type.
    pub(crate) beside: Option<Name>,
}

/// The entries of a position, and the same by field name.
type Named = (Rc<[EntryId]>, IndexMap<Name, Vec<EntryId>>);

#[derive(Debug)]
pub(crate) struct Tree<'i> {
    pub(crate) index: &'i Index,
    unreadable: &'i FieldIdSet,
    pub(crate) budget: &'i Budget,
    pub(crate) positions: Vec<Position>,
    pub(crate) entries: Vec<Entry>,
    /// What arguments below read of an ancestor.
    pub(crate) context_entries: IndexSet<EntryId>,
    pub(crate) hidden: IndexMap<HiddenKey, EntryId>,
    pub(crate) existence: IndexMap<PositionId, EntryId>,
    paths: IndexSet<(PathId, PathKey)>,
    /// Entries of a position by name, with those that were sorted.
    pub(crate) by_name: IndexMap<PositionId, Named>,
}

impl Entry {
    pub(crate) fn name(&self) -> &str {
        match &self.asked {
            Asked::Typename | Asked::Existence => "__typename",
            Asked::Field { name, .. } => name,
        }
    }

    pub(crate) fn child(&self) -> Option<PositionId> {
        match &self.asked {
            Asked::Typename | Asked::Existence => None,
            Asked::Field { child, .. } => *child,
        }
    }

    /// The client's name of the slot that holds the field; `None` where the slot is for hidden
    /// entries only.
    pub(crate) fn slot_name(&self) -> Option<&Name> {
        self.response_name.as_ref().or(self.beside.as_ref())
    }

    pub(crate) fn applies_to(&self, object: TypeId) -> bool {
        self.types.is_empty() || self.types.contains(object)
    }

    pub(crate) fn is_field(&self, other: &Name, given: &Arguments) -> bool {
        matches!(&self.asked, Asked::Field { name, arguments, .. }
            if name == other && arguments == given)
    }
}

impl<'i> Tree<'i> {
    pub(crate) fn new(index: &'i Index, unreadable: &'i FieldIdSet, budget: &'i Budget) -> Self {
        Self {
            index,
            unreadable,
            budget,
            positions: Vec::new(),
            entries: Vec::new(),
            context_entries: IndexSet::default(),
            hidden: IndexMap::default(),
            existence: IndexMap::default(),
            paths: IndexSet::default(),
            by_name: IndexMap::default(),
        }
    }

    pub(crate) fn position(&self, id: PositionId) -> &Position {
        &self.positions[id.0 as usize]
    }

    pub(crate) fn entry(&self, id: EntryId) -> &Entry {
        &self.entries[id.0 as usize]
    }

    /// Adds the positions of a client's selection. Its runtime types are not yet known.
    pub(crate) fn add(&mut self, set: &SelectionSet, path: PathId) -> PositionId {
        let id = self.reserve(set.declared, path, 0);
        let is_concrete = self.index.is_object(set.declared);
        let mut entries = Vec::with_capacity(set.selections.len());
        for selection in &set.selections {
            if selection.is_withheld || !self.budget.step(1) {
                continue;
            }
            let asked = match &selection.selected {
                Selected::Introspection => continue,
                Selected::Typename if is_concrete => continue,
                Selected::Typename => Asked::Typename,
                Selected::Field(field) => {
                    let key = PathKey::Client(selection.response_name.clone());
                    let child = field.selection_set.as_ref().map(|below| {
                        let path = self.path(path, key);
                        self.add(below, path)
                    });
                    if let Some(child) = child {
                        let is_single = !yields_list(self.index, set.declared, selection);
                        self.positions[child.0 as usize].is_single = is_single;
                    }
                    Asked::Field {
                        name: field.name.clone(),
                        arguments: field.arguments.clone(),
                        child,
                    }
                }
            };
            entries.push(self.push_entry(Entry {
                response_name: Some(selection.response_name.clone()),
                beside: None,
                types: selection.types.clone(),
                is_abstract: selection.is_abstract,
                asked,
            }));
        }
        let position = &mut self.positions[id.0 as usize];
        position.entries = entries.into();
        position.differs_by_type = looks_differ(self.index, set, self.budget);
        id
    }

    pub(crate) fn path(&mut self, parent: PathId, key: PathKey) -> PathId {
        // Zero is the root's.
        PathId(to_id(self.paths.insert_full((parent, key)).0) + 1)
    }

    pub(crate) fn reserve(
        &mut self,
        declared: TypeId,
        path: PathId,
        hidden_depth: u8,
    ) -> PositionId {
        let id = PositionId(to_id(self.positions.len()));
        self.positions.push(Position {
            declared,
            entries: Rc::from([]),
            classes: Rc::from([]),
            path,
            differs_by_type: false,
            is_single: true,
            hidden_depth,
        });
        id
    }

    pub(crate) fn push_entry(&mut self, entry: Entry) -> EntryId {
        self.entries.push(entry);
        EntryId(to_id(self.entries.len() - 1))
    }

    /// Sets which runtime types the object at a position can have, and sorts them into classes.
    pub(crate) fn set_types(&mut self, id: PositionId, types: &TypeSet) {
        let mut classes: IndexMap<Likeness, TypeSet> = IndexMap::default();
        let position = self.position(id);
        let mut asked: IndexMap<TypeId, Vec<(EntryId, Option<u32>)>> =
            types.iter().map(|object| (object, Vec::new())).collect();
        for &id in position.entries.iter() {
            let entry = self.entry(id);
            let on = if entry.types.is_empty() {
                types.clone()
            } else {
                entry.types.intersection(types)
            };
            if !self.budget.step(1 + on.len()) {
                return;
            }
            for object in on.iter() {
                let field = self.index.find_field(object, entry.name());
                let likeness = field.map(|field| self.index.field(field).likeness);
                asked.entry(object).or_default().push((id, likeness));
            }
        }
        for (object, asked) in asked {
            let traits = (
                self.index.type_(object).likeness,
                self.set_apart(object),
                asked,
            );
            classes.entry(traits).or_default().insert(object);
        }
        let classes: Vec<Class> = classes
            .into_iter()
            .filter_map(|((_, _, asked), types)| {
                let object = types.iter().next()?;
                let entries = asked.into_iter().map(|(id, _)| id).collect();
                Some(Class {
                    types,
                    object,
                    entries,
                })
            })
            .collect();
        self.positions[id.0 as usize].classes = classes.into();
    }

    /// A type with a field that this caller's plans must not read is a class by itself.
    fn set_apart(&self, object: TypeId) -> Option<TypeId> {
        let facts = self.index.type_(object);
        let is_apart = !self.unreadable.is_empty()
            && facts
                .fields
                .values()
                .any(|&field| self.unreadable.contains(field));
        is_apart.then_some(object)
    }
}

fn to_id(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
