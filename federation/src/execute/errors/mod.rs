//! Errors in the client's terms: collected, placed at objects, and the nulls that they explain.

pub(crate) mod collected;
pub(crate) mod explain;
pub(crate) mod inconsistencies;
pub(crate) mod invalid;
pub(crate) mod placed;
pub(crate) mod relevance;
pub(crate) mod report;
pub(crate) mod reported;
