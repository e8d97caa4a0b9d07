//! The facts of one field: as the supergraph has it, and in each subgraph that has it.

use apollo_compiler::{Name, ast::Type};

use super::{FieldSetId, LabelId, Requirement, SubgraphId, TypeId};

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
    /// The field in each subgraph that has it, in their order.
    pub subgraphs: Vec<FieldIn>,
    /// What a caller must hold to see it, without the requirements of its type.
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
    /// The fields that its `@requires` selects.
    pub requires: Option<FieldSetId>,
    /// The external fields that its `@provides` selects.
    pub provides: Option<FieldSetId>,
    /// Its type here.
    pub ty: Type,
    /// The named type of that.
    pub named_type: TypeId,
    /// Whether it is resolvable here only with the label on (true) or off (false).
    pub label: Option<(LabelId, bool)>,
    /// Arguments with `@fromContext`.
    pub context_arguments: Vec<ContextArgument>,
}

/// An argument that comes from an ancestor: `@fromContext`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ContextArgument {
    /// The argument's name.
    pub name: Name,
    /// Its type.
    pub ty: Type,
    /// The context: the nearest ancestor of one of its types has the value.
    pub context: String,
    /// What to select there, as one field set for each of those types.
    pub selections: Vec<(TypeId, FieldSetId)>,
}

impl FieldFacts {
    /// The field in a subgraph.
    pub fn find_in(&self, subgraph: SubgraphId) -> Option<&FieldIn> {
        self.subgraphs
            .iter()
            .find(|entry| entry.subgraph == subgraph)
    }
}
