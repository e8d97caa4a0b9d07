//! The audit trail: who was given what above UNCLASSIFIED, one entry an operation, chained by hash.
//!
//! Each replica writes a chain of its own (`claim.rs`), through one task that commits together what has
//! gathered (`writer.rs`). A chain says from time to time where the others end (`anchor.rs`), so that
//! what is cut off one is missed by another. `verify.rs` finds what was changed, `read.rs` answers who
//! reached what. No text of a record, no variable and no document gets here (`entry.rs`).

mod anchor;
mod chain;
mod claim;
mod draft;
mod entry;
mod error;
mod export;
mod finding;
mod kind;
mod place;
mod policy;
mod read;
mod schema;
mod store;
mod tables;
mod trail;
mod verify;
mod waiting;
mod writer;

pub use chain::Head;
pub use entry::{AuditEntry, Client, Level, OperationKind, Outcome};
pub use error::AuditError;
pub use export::line;
pub use finding::{Fault, Finding};
pub use kind::Kind;
pub use place::{file_beside, open};
pub use policy::{may_go_unrecorded, needs_purpose};
pub use read::{Cursor, Filter, NoCursor, Order, Page, Record, Records, read};
pub use schema::{TrailCell, source};
pub use store::heads;
pub use trail::AuditTrail;
pub use verify::{Verification, verify};
pub use waiting::Recorded;
