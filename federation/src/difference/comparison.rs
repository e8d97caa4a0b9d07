//! The state of a comparison: the two schemas that each step reads, and the changes that it adds.

use apollo_compiler::Schema;

use super::change::Change;

/// What is compared, and what was found.
pub(super) struct Comparison<'a> {
    pub(super) old: &'a Schema,
    pub(super) new: &'a Schema,
    changes: Vec<Change>,
}

impl<'a> Comparison<'a> {
    /// A comparison that has found nothing yet.
    pub(super) fn new(old: &'a Schema, new: &'a Schema) -> Self {
        Self {
            old,
            new,
            changes: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// The changes in the order in which they were found.
    pub(super) fn into_changes(self) -> Vec<Change> {
        self.changes
    }
}
