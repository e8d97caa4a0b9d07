//! What follows from the facts of the index: to which places an object can be taken, and which of
//! them serve its fields. A place is a vertex. In: the places of an object. Out: all places that
//! keys lead to, or those that serve a field. Invariant: more places to start from never give fewer
//! answers.

use std::cell::{Cell, RefCell};

use apollo_compiler::ast::OperationType;
use apollo_compiler::collections::IndexMap;

use super::{
    FieldId, FieldIdSet, FieldIn, FieldSetId, Index, Key, LabelSet, Selection, TypeId, TypeKind,
    TypeSet,
    vertex::{Pointer, Provided, ProvidedId, Vertex},
};
use crate::budget::Budget;

/// Labels of progressive override that are known to be on or off; the others can be either.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Labels {
    /// On.
    pub on: LabelSet,
    /// Off.
    pub off: LabelSet,
}

impl Labels {
    /// Labels that are on; all others of the index are off.
    pub fn chosen(index: &Index, on: &LabelSet) -> Self {
        let all = index.labels().map(|(id, _)| id);
        Self {
            off: all.filter(|id| !on.contains(*id)).collect(),
            on: on.clone(),
        }
    }
}

/// The places of one object, sorted.
pub type Places = Vec<Vertex>;

type Closures = IndexMap<(TypeId, Places), Places>;
type Obtained<'i> = IndexMap<(TypeId, Pointer<'i>, Places), bool>;

/// The facts for one caller and one choice of labels, with the answers computed so far.
#[derive(Debug)]
pub struct Facts<'i> {
    pub(super) index: &'i Index,
    labels: Labels,
    unreadable: FieldIdSet,
    provided: Provided<'i>,
    pub(crate) closures: RefCell<Closures>,
    pub(super) obtained: RefCell<Obtained<'i>>,
    /// The answers computed under other labels.
    parked: IndexMap<Labels, (Closures, Obtained<'i>)>,
    pub(super) pending: RefCell<Vec<(TypeId, Pointer<'i>, Places)>>,
    /// The lowest entry of `pending` that the answer being computed depends on.
    pub(crate) rests_on: Cell<usize>,
    /// Counts the steps of computing; once it is exceeded, nothing can be resolved.
    pub(crate) budget: Option<&'i Budget>,
}

impl<'i> Facts<'i> {
    /// The facts under a choice of labels, without fields that keys and `@requires` must not read.
    pub fn new(index: &'i Index, labels: Labels, unreadable: FieldIdSet) -> Self {
        Self {
            index,
            labels,
            unreadable,
            provided: Provided::new(),
            closures: RefCell::default(),
            obtained: RefCell::default(),
            parked: IndexMap::default(),
            pending: RefCell::default(),
            rests_on: Cell::new(usize::MAX),
            budget: None,
        }
    }

    /// Counts the steps of computing answers. Once the budget is exceeded, they must not be used.
    #[must_use]
    pub fn counted_by(mut self, budget: &'i Budget) -> Self {
        self.budget = Some(budget);
        self
    }

    /// Counts steps of what is computed with these facts; returns whether there were any left.
    pub fn step(&self, amount: usize) -> bool {
        self.budget.is_none_or(|budget| budget.step(amount))
    }

    /// The index they are facts of.
    pub fn index(&self) -> &'i Index {
        self.index
    }

    /// Chooses other labels. Places stay valid, and the answers under the old labels are kept.
    pub fn switch_labels(&mut self, labels: &Labels) {
        if self.labels == *labels {
            return;
        }
        let (closures, obtained) = self.parked.swap_remove(labels).unwrap_or_default();
        let before = (
            self.closures.replace(closures),
            self.obtained.replace(obtained),
        );
        let old_labels = std::mem::replace(&mut self.labels, labels.clone());
        self.parked.insert(old_labels, before);
    }

    /// The field of an object in one place, if that place has it and the labels let it answer;
    /// external fields only where they are provided.
    pub fn find_servable(&self, place: Vertex, name: &str) -> Option<(FieldId, &'i FieldIn)> {
        let id = self.index.find_field(place.as_type, name)?;
        let field = self.index.field(id).find_in(place.subgraph)?;
        if !self.is_label_met(field) {
            return None;
        }
        // An interface object is asked without its type, so an unreadable field could be read of
        // any type.
        if self.unreadable.contains(id) && !self.index.is_object(place.as_type) {
            return None;
        }
        let servable = !field.is_external || self.provided.has(place.provided, place.as_type, name);
        servable.then_some((id, field))
    }

    /// Whether a field is provided in a place, so that it needs no inputs.
    pub fn is_provided(&self, place: Vertex, name: &str) -> bool {
        self.provided.has(place.provided, place.as_type, name)
    }

    pub(super) fn is_label_met(&self, field: &FieldIn) -> bool {
        match field.label {
            Some((label, true)) => !self.labels.off.contains(label),
            Some((label, false)) => !self.labels.on.contains(label),
            None => true,
        }
    }

    /// Whether keys and `@requires` may read a field of an object in a place.
    pub fn may_read(&self, place: Vertex, object: TypeId, name: &str) -> bool {
        self.unreadable.is_empty()
            || self.may_read_of(place.as_type, name) && self.may_read_of(object, name)
    }

    fn may_read_of(&self, type_: TypeId, name: &str) -> bool {
        let field = self.index.find_field(type_, name);
        field.is_none_or(|field| !self.unreadable.contains(field))
    }

    /// Whether objects in lists of two subgraphs cannot be compared, since the keys that would tell
    /// which are the same may not be read.
    pub fn may_not_compare(&self, types: &TypeSet) -> bool {
        !self.unreadable.is_empty() && types.iter().any(|object| self.hides_keys(object))
    }

    fn hides_keys(&self, object: TypeId) -> bool {
        let interfaces = self.index.type_(object).interfaces.iter().copied();
        let keys = [object].into_iter().chain(interfaces).flat_map(|id| {
            let keys = self.index.type_(id).keys.iter();
            keys.map(move |key| (id, self.index.field_set(key.fields)))
        });
        let is_leaf = |one: &Selection| {
            one.field()
                .is_some_and(|field| field.selection_set.is_none())
        };
        let mut leaves = keys.filter(|(_, set)| set.iter().all(is_leaf)).peekable();
        let may_read = |id: TypeId, one: &Selection| {
            let name = one.field().map_or("", |field| &field.name);
            self.may_read_of(id, name) && self.may_read_of(object, name)
        };
        leaves.peek().is_some() && leaves.all(|(id, set)| !set.iter().all(|one| may_read(id, one)))
    }

    /// Whether there are fields that keys, `@requires` and contexts must not read.
    pub fn is_restricted(&self) -> bool {
        !self.unreadable.is_empty()
    }

    /// A key of leaves that each of some places can resolve for objects of a type.
    pub fn common_key(&self, object: TypeId, places: &[Vertex]) -> Option<FieldSetId> {
        let is_told = |place: Vertex, selection: &Selection| {
            selection.field().is_some_and(|field| {
                field.selection_set.is_none()
                    && self.may_read(place, object, &field.name)
                    && (self.find_servable(place, &field.name))
                        .is_some_and(|(_, field)| !needs_entry(field))
            })
        };
        let is_common = |key: &FieldSetId| {
            let set = self.index.field_set(*key);
            self.step(1 + places.len());
            (places.iter()).all(|place| set.iter().all(|field| is_told(*place, field)))
        };
        // A key that no subgraph resolves identifies the object as well.
        self.declared_keys(object).find(is_common)
    }

    /// Whether the objects of a type have keys, so that they can be identified.
    pub fn has_keys(&self, object: TypeId) -> bool {
        self.declared_keys(object).next().is_some()
    }

    fn declared_keys(&self, object: TypeId) -> impl Iterator<Item = FieldSetId> {
        let facts = self.index.type_(object);
        let interfaces = facts.interfaces.iter().map(|&id| self.index.type_(id));
        std::iter::once(facts)
            .chain(interfaces)
            .flat_map(|facts| facts.keys.iter().map(|key| key.fields))
    }

    /// What is provided below a field that a place serves.
    pub fn provided_below(&self, place: Vertex, field: &FieldIn, name: &str) -> ProvidedId {
        self.provided.below(self.index, place, field, name)
    }

    /// The vertex of an object of a type that a field in a place yields.
    pub fn yields(
        &self,
        place: Vertex,
        field: &FieldIn,
        name: &str,
        object: TypeId,
    ) -> Option<Vertex> {
        Some(Vertex {
            subgraph: place.subgraph,
            as_type: self.index.yielded_as(field, object)?,
            provided: self.provided_below(place, field, name),
        })
    }

    /// The keys by which an object of a type can be asked for, each with the type named in the
    /// representation and the place where the object then is. An object of the query type can be
    /// asked for in any subgraph.
    pub fn entries(&self, object: TypeId) -> impl Iterator<Item = (TypeId, &'i Key, Vertex)> {
        let is_query = self.index.root(OperationType::Query) == Some(object);
        let roots = self.index.root_entries().iter().filter(move |_| is_query);
        let roots = roots.map(move |key| {
            let place = Vertex {
                subgraph: key.subgraph,
                as_type: object,
                provided: ProvidedId::default(),
            };
            (object, key, place)
        });
        self.keys(object).chain(roots)
    }

    /// The keys by which `_entities` can be asked for an object of a type.
    pub(super) fn keys(&self, object: TypeId) -> impl Iterator<Item = (TypeId, &'i Key, Vertex)> {
        let facts = self.index.type_(object);
        let own = (object, facts);
        let interfaces = facts
            .interfaces
            .iter()
            .map(|&id| (id, self.index.type_(id)));
        std::iter::once(own)
            .chain(interfaces)
            .flat_map(|(id, facts)| facts.keys.iter().map(move |key| (id, facts, key)))
            .filter(|(_, _, key)| key.resolvable)
            .filter_map(move |(id, facts, key)| {
                let subgraph = key.subgraph;
                let as_type = if id == object || facts.interface_object_in.contains(subgraph) {
                    id
                } else {
                    facts.possible_in[subgraph.0 as usize]
                        .contains(object)
                        .then_some(object)?
                };
                let provided = ProvidedId::default();
                Some((
                    id,
                    key,
                    Vertex {
                        subgraph,
                        as_type,
                        provided,
                    },
                ))
            })
    }

    /// Every place an object of a type can be taken to from where it is, those included.
    pub fn closure(&self, object: TypeId, from: &[Vertex]) -> Places {
        let mut places = from.to_vec();
        places.sort_unstable();
        places.dedup();
        let key = (object, places.clone());
        if let Some(known) = self.closures.borrow().get(&key) {
            self.step(1);
            return known.clone();
        }
        let outer = self.rests_on.replace(usize::MAX);
        loop {
            let mut grown = false;
            for (asked_as, key, place) in self.entries(object) {
                if !places.contains(&place) && self.can_enter(object, asked_as, key, &places) {
                    let at = places.partition_point(|other| *other < place);
                    places.insert(at, place);
                    grown = true;
                }
            }
            if !grown {
                break;
            }
        }
        // An answer that depends on a question still open may be incomplete: it is not kept.
        if self.rests_on.get() == usize::MAX {
            self.closures.borrow_mut().insert(key, places.clone());
        }
        self.rests_on.set(outer.min(self.rests_on.get()));
        places
    }

    /// Whether an object in some places can be asked for by a key.
    pub fn can_enter(
        &self,
        object: TypeId,
        asked_as: TypeId,
        key: &Key,
        places: &[Vertex],
    ) -> bool {
        self.step(1);
        places
            .iter()
            .any(|place| self.index.is_known_as(place.as_type, asked_as))
            && self.obtain(object, self.index.field_set(key.fields), places)
    }

    /// The object types that a field can yield in some places.
    pub fn yielded_types(&self, servers: &[Vertex], name: &str) -> TypeSet {
        let mut types = TypeSet::new();
        for &place in servers {
            let Some((_, field)) = self.find_servable(place, name) else {
                continue;
            };
            let declared = self.index.type_(field.named_type);
            if declared.interface_object_in.contains(place.subgraph) {
                types.extend(&declared.possible);
            } else if let Some(possible) = declared.possible_in.get(place.subgraph.0 as usize) {
                types.extend(possible);
            }
        }
        types
    }

    /// The places that serve a field of an object, given all the places where it is.
    pub fn servers(&self, object: TypeId, name: &str, places: &[Vertex]) -> Places {
        self.step(places.len());
        places
            .iter()
            .copied()
            .filter(|&place| self.serves(object, name, place, places))
            .collect()
    }

    /// Whether one place serves a field of an object, given all the places where it is.
    pub fn serves(&self, object: TypeId, name: &str, place: Vertex, places: &[Vertex]) -> bool {
        if name == "__typename" {
            return self.index.type_(place.as_type).kind == TypeKind::Object;
        }
        let Some((_, field)) = self.find_servable(place, name) else {
            return false;
        };
        if !needs_entry(field) || self.is_provided(place, name) {
            return true;
        }
        let is_sent = field
            .requires
            .is_none_or(|set| self.obtain(object, self.index.field_set(set), places));
        is_sent
            && self.keys(object).any(|(asked_as, key, entered)| {
                entered.subgraph == place.subgraph
                    && entered.as_type == place.as_type
                    && self.can_enter(object, asked_as, key, places)
            })
    }
}

/// Whether a field can only be asked for through `_entities`.
pub fn needs_entry(field: &FieldIn) -> bool {
    field.requires.is_some() || !field.context_arguments.is_empty()
}
