//! Sealing: an owner takes a record out of everything at once, in all revisions; two persons then destroy the key
//! that its texts are encrypted with. In: a record, by its id or its type and natural key, and who asks. Out: its
//! seal, which is what remains of it.
//!
//! `act` says what an act on a seal comes to, `record` finds what may be sealed, `store` applies both in one
//! transaction, `service` is these steps in order, `erase` has what was destroyed leave the database's files,
//! `schema` is the subgraph.

mod act;
mod erase;
mod error;
mod record;
mod schema;
mod service;
mod store;

pub use erase::keep_erasing;
pub use schema::source;
