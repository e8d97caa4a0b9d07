//! SDL texts by subgraph, and places in them as people count them.

use indexmap::IndexMap;

/// The SDL of each subgraph, by name.
#[derive(Clone, Debug, Default)]
pub struct Sources<'a>(IndexMap<&'a str, &'a str>);

impl<'a> FromIterator<(&'a str, &'a str)> for Sources<'a> {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// A line and a column, from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl<'a> Sources<'a> {
    /// The text of a subgraph.
    pub fn find(&self, subgraph: &str) -> Option<&'a str> {
        self.0.get(subgraph).copied()
    }
}

/// Where a byte offset is; past the end counts as the end.
pub(super) fn position(text: &str, offset: usize) -> Position {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Position {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}

/// The line that an offset is in, without its end.
pub(super) fn line_at(text: &str, offset: usize) -> &str {
    let offset = text.get(..offset).map_or(text.len(), str::len);
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let end = text[offset..]
        .find('\n')
        .map_or(text.len(), |at| offset + at);
    text[start..end].trim_end_matches('\r')
}
