//! What is left of an operation once the caller's grants are applied.

use crate::{index::FieldIdSet, operation::NormalizedOperation};

/// An operation without what the caller may not see: the only one that can be planned.
#[derive(Clone, Debug)]
pub struct AuthorizedOperation {
    operation: NormalizedOperation,
    forbidden: FieldIdSet,
}

impl AuthorizedOperation {
    /// An operation of a caller who may see everything.
    pub fn unrestricted(operation: NormalizedOperation) -> Self {
        Self {
            operation,
            forbidden: FieldIdSet::new(),
        }
    }

    /// The operation; what is withheld is marked so.
    pub fn operation(&self) -> &NormalizedOperation {
        &self.operation
    }

    /// The fields that keys and `@requires` must not read for this caller.
    pub fn forbidden(&self) -> &FieldIdSet {
        &self.forbidden
    }
}
