//! The difference of two API schemas, each change classed by what it does to clients.
//!
//! What stands below something new is not listed apart: a type that was added is one change,
//! whatever its fields.

mod applied;
mod arguments;
mod change;
mod compatibility;
mod default_value;
mod directives;
mod enums;
mod fields;
mod inputs;
mod pairs;
mod roots;
mod types;

use apollo_compiler::Schema;

pub use change::{Change, ChangeKind, Class};

/// What is compared, and what was found.
struct Comparison<'a> {
    old: &'a Schema,
    new: &'a Schema,
    changes: Vec<Change>,
}

impl Comparison<'_> {
    fn push(&mut self, change: Change) {
        self.changes.push(change);
    }
}

/// All changes from one schema to another: breaking ones first, then by coordinate.
pub fn difference(old: &Schema, new: &Schema) -> Vec<Change> {
    let mut comparison = Comparison {
        old,
        new,
        changes: Vec::new(),
    };
    directives::compare(&mut comparison);
    roots::compare(&mut comparison);
    types::compare(&mut comparison);
    let mut changes = comparison.changes;
    changes.sort_by(|a, b| {
        (a.class, &a.coordinate, a.kind, &a.message).cmp(&(
            b.class,
            &b.coordinate,
            b.kind,
            &b.message,
        ))
    });
    changes
}
