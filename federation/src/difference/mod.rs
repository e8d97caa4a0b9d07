//! Compares two API schemas; each change has a class that says what it does to clients.
//!
//! Two API schemas in, a sorted list of [`Change`]s out; the same two give the same list. What is
//! below a new element is not listed separately: a type that was added is one change, whatever its
//! fields.

mod applied;
mod arguments;
mod change;
mod change_kind;
mod coerced;
mod comparison;
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

pub use change::{Change, Class};
pub use change_kind::ChangeKind;
use comparison::Comparison;

/// All changes from one schema to another: breaking ones first, then by coordinate.
pub fn difference(old: &Schema, new: &Schema) -> Vec<Change> {
    let mut comparison = Comparison::new(old, new);
    directives::compare(&mut comparison);
    roots::compare(&mut comparison);
    types::compare(&mut comparison);
    let mut changes = comparison.into_changes();
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
