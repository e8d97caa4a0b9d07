//! The facts of one subgraph, one type, and one key of it.

use std::sync::Arc;

use apollo_compiler::Name;
use apollo_compiler::collections::{IndexMap, IndexSet};

use super::{FieldId, FieldSetId, Requirement, SubgraphId, SubgraphSet, TypeId, TypeSet};

/// A subgraph.
#[derive(Clone, Debug)]
pub struct SubgraphFacts {
    /// Its name.
    pub name: Arc<str>,
    /// Its address; empty where composition was given none.
    pub url: Arc<str>,
}

/// What kind of type it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TypeKind {
    /// An object type.
    Object,
    /// An interface.
    Interface,
    /// A union.
    Union,
    /// A scalar.
    Scalar,
    /// An enum.
    Enum,
    /// An input object type.
    Input,
}

/// A named type.
#[derive(Debug)]
pub struct TypeFacts {
    /// Its name.
    pub name: Name,
    /// Object, interface, union, scalar, enum or input.
    pub kind: TypeKind,
    /// Object types its values can be, hidden ones included.
    pub possible: TypeSet,
    /// The same in each subgraph, as that subgraph knows it; empty for an interface object.
    pub possible_in: Vec<TypeSet>,
    /// Subgraphs that have it.
    pub subgraphs: SubgraphSet,
    /// Subgraphs that have this interface as an object type.
    pub interface_object_in: SubgraphSet,
    /// Interfaces it implements.
    pub interfaces: Vec<TypeId>,
    /// Keys by which subgraphs know its objects.
    pub keys: Vec<Key>,
    /// Its fields.
    pub fields: IndexMap<Name, FieldId>,
    /// The values of an enum that clients see.
    pub values: Option<Arc<IndexSet<Box<str>>>>,
    /// Whether clients see it.
    pub is_visible: bool,
    /// What a caller must hold to see its values.
    pub requirement: Requirement,
    /// Its fields that keys and `@requires` read.
    pub read: Vec<Name>,
    /// Of an object type: types with the same number are alike to the planner (same keys, subgraphs
    /// and interfaces).
    pub likeness: Option<u32>,
}

/// A key of an entity in a subgraph.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The subgraph.
    pub subgraph: SubgraphId,
    /// The fields of the key.
    pub fields: FieldSetId,
    /// Whether the subgraph answers `_entities` for it.
    pub resolvable: bool,
}

impl TypeFacts {
    /// Whether it has fields of its own.
    pub fn is_composite(&self) -> bool {
        matches!(
            self.kind,
            TypeKind::Object | TypeKind::Interface | TypeKind::Union
        )
    }

    /// Whether its objects can be of several types.
    pub fn is_abstract(&self) -> bool {
        matches!(self.kind, TypeKind::Interface | TypeKind::Union)
    }
}
