//! The names of a supergraph's types, by id.

use apollo_compiler::collections::IndexSet;

use super::TypeId;

/// The names of a supergraph's types: a type's id is its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeNames(IndexSet<Box<str>>);

impl TypeNames {
    /// The id of a name; a new name gets one.
    pub fn intern(&mut self, name: &str) -> TypeId {
        let place = match self.0.get_index_of(name) {
            Some(place) => place,
            None => self.0.insert_full(name.into()).0,
        };
        TypeId(u32::try_from(place).unwrap_or(u32::MAX))
    }

    /// The id of a name.
    pub fn find(&self, name: &str) -> Option<TypeId> {
        let place = self.0.get_index_of(name)?;
        u32::try_from(place).ok().map(TypeId)
    }

    /// The name of a type; empty for an id of another supergraph.
    pub fn name(&self, id: TypeId) -> &str {
        self.0.get_index(id.0 as usize).map_or("", |name| name)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
