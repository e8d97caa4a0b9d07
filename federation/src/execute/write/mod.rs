//! The client's JSON, written from slots.

pub(crate) mod error;
pub(crate) mod frame;
pub(crate) mod leaf;
pub(crate) mod lists;
pub(crate) mod writer;
