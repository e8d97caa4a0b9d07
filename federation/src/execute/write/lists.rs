//! Remembers where long lists of leaves were written, so that they are copied where they stand
//! again: an object may stand in many places of an answer.

use std::ops::Range;

use indexmap::IndexMap;

use crate::{execute::slots::Text, query_plan::OutputType};

/// Bytes from which on a list is kept.
const LONG: usize = 256;

/// A list of leaves in a field: its text, and the address of the field's output type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ListKey(Text, usize);

impl ListKey {
    /// The key of a text that is written by an output type.
    pub(crate) fn new(text: Text, output: &OutputType) -> Self {
        Self(text, std::ptr::from_ref(output).addr())
    }
}

/// Where long lists stand in the answer, in the order of their ends.
#[derive(Debug, Default)]
pub(crate) struct WrittenLists(IndexMap<ListKey, Range<usize>>);

impl WrittenLists {
    /// Where a list was written.
    pub(crate) fn find(&self, key: ListKey) -> Option<Range<usize>> {
        self.0.get(&key).cloned()
    }

    /// Keeps where a list was written last, if it is long.
    pub(crate) fn add(&mut self, key: ListKey, at: Range<usize>) {
        if at.len() >= LONG {
            self.0.insert(key, at);
        }
    }

    /// Forgets what ends behind a place: the answer was cut there.
    pub(crate) fn cut(&mut self, end: usize) {
        while self.0.last().is_some_and(|(_, at)| at.end > end) {
            self.0.pop();
        }
    }
}
