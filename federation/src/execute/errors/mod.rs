//! Errors in the client's terms: collected, placed at objects, and the nulls that they explain.
//!
//! In: the `errors` of answers, fetches that failed, and what did not fit or was missing. Out: errors
//! with paths of the client's answer, and a mark on each null that one of them explains. Invariant: what
//! errors take in steps and bytes is bounded; past the bound they are counted, not listed.

pub(crate) mod collected;
pub(crate) mod explain;
pub(crate) mod inconsistencies;
pub(crate) mod invalid;
pub(crate) mod placed;
pub(crate) mod relevance;
pub(crate) mod report;
pub(crate) mod reported;
pub(crate) mod unfilled;
