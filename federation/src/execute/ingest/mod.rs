//! An answer read into slots: from JSON text, or from a tree that is walked.
//!
//! In: an answer of a subgraph, and the plan's program for it. Out: new slots with its `data`, its
//! `errors` unchanged, and a note of each value that does not fit and became null; or why it is not
//! taken as a whole. Invariant: no object that was there before refers to the new slots until `merge`
//! puts them there, so an answer that is not taken leaves nothing behind.

pub(crate) mod answer;
pub(crate) mod answered;
pub(crate) mod builder;
pub(crate) mod driver;
pub(crate) mod frame;
pub(crate) mod ingested;
pub(crate) mod leaf;
pub(crate) mod tree;
