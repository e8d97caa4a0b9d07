//! An answer read into slots: from JSON text, or from a tree that is walked.

pub(crate) mod answer;
pub(crate) mod answered;
pub(crate) mod builder;
pub(crate) mod driver;
pub(crate) mod frame;
pub(crate) mod ingested;
pub(crate) mod leaf;
pub(crate) mod tree;
