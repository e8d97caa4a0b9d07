//! The facts of a supergraph as a table: its types, fields and keys, and which subgraph serves
//! what.

use std::sync::{Arc, OnceLock};

use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::{Name, Schema, ast::OperationType, validation::Valid};

use super::{
    FieldId, FieldSetId, LabelId, Selection, SubgraphId, TypeId, TypeNames, TypeSet,
    field_facts::FieldFacts,
    type_facts::{Key, SubgraphFacts, TypeFacts},
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

    /// Whether any argument has `@fromContext`.
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

    /// How an object of the query type is resolved in each subgraph with root fields: the subgraph
    /// is asked for the root fields, whatever the object is. Modelled as keys without fields.
    pub fn root_entries(&self) -> &[Key] {
        &self.root_entries
    }

    /// Whether a key is one of these, so that asking by it means asking for root fields.
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

/// Counts of what one document holds fit 32 bits: parsing bounds the text.
pub(super) fn to_id(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
