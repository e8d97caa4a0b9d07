//! Rows of the records that an act concerns.

use std::collections::HashMap;

use super::super::state::{InputKey, ItemKey};

/// What entries of the log are of which tell of the review.
pub(crate) const MANDATE: &str = "reviews";

/// What an entry is called that tells of an input which was cleared and is changed.
pub(crate) const REOPENED: &str = "INPUT_REOPENED";

/// Surrogate keys of what is loaded.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) cycles: HashMap<String, i64>,
    pub(super) situations: HashMap<String, i64>,
    pub(super) items: HashMap<ItemKey, i64>,
    pub(super) actions: HashMap<String, i64>,
    /// The current revisions of inputs.
    pub(super) inputs: HashMap<InputKey, i64>,
}
