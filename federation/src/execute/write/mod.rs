//! Writes the client's JSON from slots.
//!
//! In: the slots once no fetch is left, the plan's projections, and answers to introspection. Out:
//! the text of `data`, and an error for each null in a non-null place that no error explains.
//! Invariant: names and order are the operation's, and a null in a non-null place moves up to the
//! nearest place that may be null.

pub(crate) mod error;
pub(crate) mod frame;
pub(crate) mod lacking;
mod leaf;
pub(crate) mod lists;
pub(crate) mod writer;
