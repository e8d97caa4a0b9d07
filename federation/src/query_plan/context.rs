//! Variables with values from contexts (`@fromContext`): they come from objects above those that a
//! fetch completes.

use std::sync::Arc;

use apollo_compiler::collections::IndexSet;

use super::{Step, leaf_kind::LeafKind};

/// A variable filled from an ancestor of the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextVariable {
    /// Name of the variable in the document.
    pub variable: Box<str>,
    /// Its type: a value that does not fit is not sent, since a subgraph refuses the request as a whole.
    pub input: InputType,
    /// Paths to the value; several where the selection differs by type, or where the types decide
    /// which ancestor sets the context. The first path that fits the objects leads to it. A list on
    /// the path makes a list of the value.
    pub paths: Vec<ContextPath>,
}

/// A path to the value of a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextPath {
    /// How many steps of the target's path lead to the object that holds the value.
    pub depth: usize,
    /// The steps from there to the value.
    pub steps: Vec<Step>,
}

/// The type of a variable, as far as it says which values may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputType {
    /// Which JSON a leaf of it may be.
    pub kind: LeafKind,
    /// The values that the subgraph knows of an enum.
    pub values: Option<Arc<IndexSet<Box<str>>>>,
    /// How many lists are around the leaves.
    pub lists: u32,
    /// Where null is allowed: bit 0 for the value, bit n for an item n lists deep.
    pub nullable: u32,
}

impl InputType {
    /// Whether null is allowed so many lists deep.
    pub(crate) fn may_be_null(&self, depth: u32) -> bool {
        self.nullable.checked_shr(depth).unwrap_or(0) & 1 != 0
    }
}
