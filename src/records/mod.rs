//! What a type of record is, as files bring it: declared beside what it describes, imported and
//! documented by `import`, which reads these declarations alone.

mod cell;
mod field;
pub(crate) mod never;
pub(crate) mod printed;
mod record_type;
pub(crate) mod rules;
pub(crate) mod shared;

pub(crate) use cell::Cell;
#[cfg(test)]
pub(crate) use cell::read as read_cell;
pub(crate) use field::{Composite, Field, Kind, Store, values};
pub(crate) use record_type::{Data, NO_RULE, Row, SealedBy, example};
pub use record_type::{History, RecordType};
