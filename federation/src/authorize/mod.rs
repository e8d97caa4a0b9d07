//! Withholds what a caller may not see from an operation, by the caller's grants.
//!
//! In: a normalised operation, and the caller's grants. Out: an [`AuthorizedOperation`], which
//! nothing else makes. Invariant: this is decided before planning, so what a caller may not see is
//! never fetched for the caller, neither as a key nor for a `@requires`.

mod requirements;
mod restricted;
mod withhold;

pub use requirements::{Relevant, Requirements, Satisfied};
pub(crate) use restricted::restricted;
pub use withhold::authorize;
pub(crate) use withhold::{minimal, tell};

use crate::{
    index::{FieldIdSet, TypeSet},
    operation::NormalizedOperation,
};

/// An operation without what the caller may not see.
#[derive(Clone, Debug)]
pub struct AuthorizedOperation {
    operation: NormalizedOperation,
    forbidden: FieldIdSet,
    unreadable: FieldIdSet,
    withheld_types: TypeSet,
}

impl AuthorizedOperation {
    /// An operation of a caller who may see everything.
    pub fn unrestricted(operation: NormalizedOperation) -> Self {
        Self {
            operation,
            forbidden: FieldIdSet::new(),
            unreadable: FieldIdSet::new(),
            withheld_types: TypeSet::new(),
        }
    }

    /// The same caller's operation with more withheld.
    pub(crate) fn with(&self, operation: NormalizedOperation) -> Self {
        Self {
            operation,
            ..self.clone()
        }
    }

    /// The operation; what is withheld is marked so and selects nothing.
    pub fn operation(&self) -> &NormalizedOperation {
        &self.operation
    }

    /// The fields that this caller may not see.
    pub fn forbidden(&self) -> &FieldIdSet {
        &self.forbidden
    }

    /// The fields that keys, `@requires` and contexts must not read for this caller: the forbidden
    /// ones, and those of objects that can be of a type the caller may not see. Of these the client is
    /// answered null; a subgraph would be sent the type's name.
    pub fn unreadable(&self) -> &FieldIdSet {
        &self.unreadable
    }

    /// The object types whose objects are null for this caller. Nothing is selected on them.
    pub fn withheld_types(&self) -> &TypeSet {
        &self.withheld_types
    }
}
