//! Vertices: where an object can be, which is a subgraph, a type there, and what is provided on
//! this path.

use std::cell::RefCell;

use apollo_compiler::collections::IndexSet;
use smallvec::SmallVec;

use super::{FieldIn, Index, Selection, SubgraphId, TypeId, TypeKind};

/// The external fields that `@provides` makes resolvable below a field; none by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProvidedId(u32);

/// An object in a subgraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Vertex {
    /// The subgraph.
    pub subgraph: SubgraphId,
    /// The type it has there: its own, or an interface that the subgraph has as an object type
    /// (`@interfaceObject`), so that it does not know the object's own type.
    pub as_type: TypeId,
    /// External fields that are provided here.
    pub provided: ProvidedId,
}

/// Interned sets of what is provided.
#[derive(Debug)]
pub(super) struct Provided<'i> {
    sets: RefCell<IndexSet<SmallVec<[Pointer<'i>; 1]>>>,
}

/// Selections of the index, compared by address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pointer<'i>(pub(super) &'i [Selection]);

impl PartialEq for Pointer<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Pointer<'_> {}

impl std::hash::Hash for Pointer<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        std::ptr::hash(self.0, state);
    }
}

impl<'i> Provided<'i> {
    pub(super) fn new() -> Self {
        let mut sets = IndexSet::default();
        sets.insert(SmallVec::new());
        Self {
            sets: RefCell::new(sets),
        }
    }

    fn sets(&self, id: ProvidedId) -> SmallVec<[Pointer<'i>; 1]> {
        self.sets
            .borrow()
            .get_index(id.0 as usize)
            .cloned()
            .unwrap_or_default()
    }

    /// Whether a field of an object is provided.
    pub(super) fn has(&self, id: ProvidedId, object: TypeId, field: &str) -> bool {
        id != ProvidedId::default()
            && self
                .sets(id)
                .iter()
                .any(|Pointer(set)| matching(set, object, field).next().is_some())
    }

    /// What is provided below a field.
    pub(super) fn below(
        &self,
        index: &'i Index,
        place: Vertex,
        field: &FieldIn,
        name: &str,
    ) -> ProvidedId {
        let (id, object) = (place.provided, place.as_type);
        if id == ProvidedId::default() && field.provides.is_none() {
            return id;
        }
        let mut below: SmallVec<[Pointer<'i>; 1]> = SmallVec::new();
        below.extend(field.provides.map(|set| Pointer(index.field_set(set))));
        for Pointer(set) in self.sets(id) {
            for selection in matching(set, object, name) {
                let nested = selection
                    .field()
                    .and_then(|field| field.selection_set.as_ref());
                below.extend(nested.map(|set| Pointer(&set.selections)));
            }
        }
        let at = self.sets.borrow_mut().insert_full(below).0;
        ProvidedId(super::model::to_id(at))
    }
}

fn matching<'i>(
    set: &'i [Selection],
    object: TypeId,
    name: &str,
) -> impl Iterator<Item = &'i Selection> {
    set.iter().filter(move |selection| {
        selection.applies_to(object) && selection.field().is_some_and(|field| field.name == name)
    })
}

impl Index {
    /// Where the objects of one type are that a field yields in a subgraph: under their own type,
    /// or under the interface that the subgraph has as an object type. `None` if the field cannot
    /// yield them there.
    pub(super) fn yielded_as(&self, field: &FieldIn, object: TypeId) -> Option<TypeId> {
        let declared = self.type_(field.named_type);
        if declared.interface_object_in.contains(field.subgraph) {
            return Some(field.named_type);
        }
        let possible = declared.possible_in.get(field.subgraph.0 as usize)?;
        possible.contains(object).then_some(object)
    }

    /// Whether an object known as `from` is known to be a `to`.
    pub(crate) fn is_known_as(&self, from: TypeId, to: TypeId) -> bool {
        from == to || self.type_(from).interfaces.contains(&to)
    }

    /// Whether a type is an object type, so that its objects have exactly this type.
    pub fn is_object(&self, id: TypeId) -> bool {
        self.type_(id).kind == TypeKind::Object
    }
}
