//! The text of `@key(fields:)`, `@requires(fields:)` and `@provides(fields:)`: parsed to
//! selections, and each of its fields found in a schema.

mod fields;
mod text;

pub use fields::{FieldOf, find_field, visit_fields};
pub(super) use text::prefix;
pub use text::{parse, split_context};
