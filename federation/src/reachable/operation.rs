//! The operation that planning takes: [`ReachableOperation`].

use super::withhold::{facts, withhold_unreachable};
use crate::{
    authorize::AuthorizedOperation,
    budget::Budget,
    index::{FieldIdSet, Index, LabelSet, TypeSet},
    operation::NormalizedOperation,
};

/// An operation without what its caller may not see or cannot be served: the only one that can be
/// planned. What is withheld is marked so and selects nothing.
#[derive(Clone, Debug)]
pub struct ReachableOperation(pub(super) AuthorizedOperation);

impl ReachableOperation {
    /// An operation of a caller who may see everything.
    pub fn unrestricted(operation: NormalizedOperation) -> Self {
        Self(AuthorizedOperation::unrestricted(operation))
    }

    /// The operation; what is withheld is marked so and selects nothing.
    pub fn operation(&self) -> &NormalizedOperation {
        self.0.operation()
    }

    /// The fields that this caller may not see.
    pub fn forbidden(&self) -> &FieldIdSet {
        self.0.forbidden()
    }

    /// The fields that keys, `@requires` and contexts must not read for this caller.
    pub fn unreadable(&self) -> &FieldIdSet {
        self.0.unreadable()
    }

    /// The object types whose objects are null for this caller. Nothing is selected on them.
    pub fn withheld_types(&self) -> &TypeSet {
        self.0.withheld_types()
    }

    /// Response names, joined by points, of a field that no caller can be served; `None` if none is
    /// found.
    pub(crate) fn find_unserved(
        &self,
        index: &Index,
        labels: &LabelSet,
        budget: &Budget,
    ) -> Option<String> {
        let facts = facts(index, labels, FieldIdSet::new(), budget);
        let (_, unserved) = withhold_unreachable(&facts, &self.0, budget)?;
        unserved.first().map(|path| path.join("."))
    }
}
