//! The facts of a supergraph as a table: its types, fields and keys, and which subgraph serves
//! what.

use std::sync::{Arc, OnceLock};

use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::{
    Name, Schema,
    ast::{OperationType, Type},
    validation::Valid,
};

use super::{
    FieldId, FieldSetId, LabelId, Requirement, Selection, SubgraphId, SubgraphSet, TypeId,
    TypeNames, TypeSet,
};
use crate::supergraph::Supergraph;

/// A supergraph as planning and satisfiability see it.
#[derive(Debug)]
pub struct Index {
    pub(super) subgraphs: Vec<SubgraphFacts>,
    pub(super) types: IndexMap<Name, TypeFacts>,
    pub(super) fields: Vec<FieldFacts>,
    pub(super) field_sets: IndexSet<Vec<Selection>>,
    pub(super) labels: IndexSet<String>,
    pub(super) contexts: IndexMap<String, TypeSet>,
    pub(super) roots: [Option<TypeId>; 3],
    pub(super) root_entries: Vec<Key>,
    pub(super) visible: TypeSet,
    pub(super) type_names: Arc<TypeNames>,
    pub(super) supergraph: Supergraph,
    pub(super) subgraph_schemas: OnceLock<Vec<Valid<Schema>>>,
}

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
    /// Types of one number are alike to a planner: same keys, same subgraphs, same interfaces.
    pub likeness: u32,
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

/// A field of an object type or an interface.
#[derive(Debug)]
pub struct FieldFacts {
    /// The type it is a field of.
    pub parent: TypeId,
    /// Its name.
    pub name: Name,
    /// Its type in the supergraph.
    pub ty: Type,
    /// The named type of that.
    pub named_type: TypeId,
    /// Names of its arguments.
    pub arguments: Vec<Name>,
    /// Whether clients see it.
    pub is_visible: bool,
    /// Whether an interface object somewhere has it for the objects of this type.
    pub from_interface_object: bool,
    /// Subgraphs that have it, in their order, each with how.
    pub subgraphs: Vec<FieldIn>,
    /// What a caller must hold to see it, its type's own demands apart.
    pub requirement: Requirement,
    /// Fields of one number are served alike.
    pub likeness: u32,
}

/// A field in a subgraph.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldIn {
    /// The subgraph.
    pub subgraph: SubgraphId,
    /// Whether it cannot be asked for here (`@external`, or overridden and kept for a key), unless
    /// something provides it.
    pub is_external: bool,
    /// Name of the subgraph that overrides it there, as reasons give it.
    pub is_overridden: bool,
    /// What must be sent along to have it.
    pub requires: Option<FieldSetId>,
    /// What comes along without being resolvable otherwise.
    pub provides: Option<FieldSetId>,
    /// Its type here.
    pub ty: Type,
    /// The named type of that.
    pub named_type: TypeId,
    /// Whether it is resolvable here only with the label on (true) or off (false).
    pub label: Option<(LabelId, bool)>,
    /// Arguments that come from an ancestor.
    pub context_arguments: Vec<ContextArgument>,
}

/// An argument that comes from an ancestor: `@fromContext`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ContextArgument {
    /// The argument's name.
    pub name: Name,
    /// Its type.
    pub ty: String,
    /// The context: the nearest ancestor of one of its types has the value.
    pub context: String,
    /// What to select there, as one field set for each of those types.
    pub selections: Vec<(TypeId, FieldSetId)>,
}

impl Index {
    /// The subgraphs, in the supergraph's order.
    pub fn subgraphs(&self) -> impl ExactSizeIterator<Item = (SubgraphId, &SubgraphFacts)> {
        self.subgraphs
            .iter()
            .enumerate()
            .map(|(at, facts)| (SubgraphId(to_id(at)), facts))
    }

    /// A subgraph.
    pub fn subgraph(&self, id: SubgraphId) -> &SubgraphFacts {
        &self.subgraphs[id.0 as usize]
    }

    /// How many subgraphs there are.
    pub fn subgraph_count(&self) -> usize {
        self.subgraphs.len()
    }

    /// The types, object types first.
    pub fn types(&self) -> impl ExactSizeIterator<Item = (TypeId, &TypeFacts)> {
        self.types
            .values()
            .enumerate()
            .map(|(at, facts)| (TypeId(to_id(at)), facts))
    }

    /// A type.
    pub fn type_(&self, id: TypeId) -> &TypeFacts {
        &self.types[id.0 as usize]
    }

    /// A type's id by its name.
    pub fn find_type(&self, name: &str) -> Option<TypeId> {
        self.types.get_index_of(name).map(|at| TypeId(to_id(at)))
    }

    /// The fields, those of one type together.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = (FieldId, &FieldFacts)> {
        self.fields
            .iter()
            .enumerate()
            .map(|(at, facts)| (FieldId(to_id(at)), facts))
    }

    /// A field.
    pub fn field(&self, id: FieldId) -> &FieldFacts {
        &self.fields[id.0 as usize]
    }

    /// A field's id by its type and name.
    pub fn find_field(&self, parent: TypeId, name: &str) -> Option<FieldId> {
        self.type_(parent).fields.get(name).copied()
    }

    /// What a key, `@requires` or `@provides` selects.
    pub fn field_set(&self, id: FieldSetId) -> &[Selection] {
        &self.field_sets[id.0 as usize]
    }

    /// The override labels.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = (LabelId, &str)> {
        self.labels
            .iter()
            .enumerate()
            .map(|(at, label)| (LabelId(to_id(at)), label.as_str()))
    }

    /// Whether any argument may come from an ancestor.
    pub fn has_contexts(&self) -> bool {
        !self.contexts.is_empty()
    }

    /// The object types of a context, by the context's name.
    pub fn context_types(&self, context: &str) -> Option<&TypeSet> {
        self.contexts.get(context)
    }

    /// Whether objects of a type set a context.
    pub fn sets_context(&self, object: TypeId) -> bool {
        let mut types = self.contexts.values();
        types.any(|types| types.contains(object))
    }

    /// The root type of a kind of operation.
    pub fn root(&self, kind: OperationType) -> Option<TypeId> {
        self.roots[kind as usize]
    }

    /// How an object of the query type is had of each subgraph that has root fields: whatever object
    /// it is, the subgraph is asked for them. Written as keys that send nothing.
    pub fn root_entries(&self) -> &[Key] {
        &self.root_entries
    }

    /// Whether to ask for an object of a type by a key is to ask for root fields.
    pub fn is_root_entry(&self, object: TypeId, key: FieldSetId) -> bool {
        self.root(OperationType::Query) == Some(object)
            && (self.root_entries.first()).is_some_and(|entry| entry.fields == key)
    }

    /// The supergraph's schema.
    pub fn schema(&self) -> &Schema {
        &self.supergraph.schema
    }

    /// The names of the types.
    pub fn type_names(&self) -> &Arc<TypeNames> {
        &self.type_names
    }

    /// The object types clients see.
    pub fn visible(&self) -> &TypeSet {
        &self.visible
    }
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

impl FieldFacts {
    /// The field in a subgraph.
    pub fn find_in(&self, subgraph: SubgraphId) -> Option<&FieldIn> {
        self.subgraphs
            .iter()
            .find(|entry| entry.subgraph == subgraph)
    }
}

/// Counts of what one document holds fit 32 bits: parsing bounds the text.
pub(super) fn to_id(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
