//! What a type of record is, as files bring it: declared beside what it describes, imported and
//! documented by `import`, which reads these declarations alone.

mod cell;
mod record_type;
mod row;
pub(crate) mod rules;
pub(crate) mod shared;
mod suggestion;

pub(crate) use cell::Cell;
#[cfg(test)]
pub(crate) use cell::read as read_cell;
pub(crate) use record_type::{Composite, Data, Field, Kind, NO_RULE, Store, example, values};
pub use record_type::{History, RecordType};
pub(crate) use row::Row;
pub(crate) use suggestion::did_you_mean;
