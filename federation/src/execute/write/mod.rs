//! The client's JSON, written from slots.
//!
//! In: the slots once no fetch is left, the plan's projections, and answers to introspection. Out: the
//! text of `data`, and an error for each null that may not be and that none explains. Invariant: names
//! and order are the operation's, and null where none may be goes up to the nearest place where it may.

pub(crate) mod error;
pub(crate) mod frame;
pub(crate) mod lacking;
mod leaf;
pub(crate) mod lists;
pub(crate) mod writer;
