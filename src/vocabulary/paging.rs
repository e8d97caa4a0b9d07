//! Pages of a list, as clients ask for them and get them.

use async_graphql::{Error, SimpleObject};

use super::error::bad_input;

/// The most rows of one page.
const LARGEST: i32 = 100;

/// Where a page stands in its list.
#[derive(SimpleObject, Clone, Debug, Default, PartialEq, Eq)]
#[graphql(shareable, tag = "unclassified")]
pub struct PageInfo {
    /// Whether rows follow.
    pub has_next_page: bool,
    /// Whether rows precede.
    pub has_previous_page: bool,
    /// Cursor of the first row.
    pub start_cursor: Option<String>,
    /// Cursor of the last row.
    pub end_cursor: Option<String>,
}

/// How many rows a page may have: the number asked for, or what is wrong with it.
pub fn page_size(first: Option<i32>, default: i32) -> Result<u32, Error> {
    let first = first.unwrap_or(default);
    u32::try_from(first).ok().filter(|_| (1..=LARGEST).contains(&first)).ok_or_else(|| {
        bad_input(format!(
            "`first: {first}` is out of bounds: ask for 1 to {LARGEST} rows and go on with `after`"
        ))
    })
}

/// One page of rows with their cursors, and whether rows follow.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows, each with its cursor.
    pub rows: Vec<(String, T)>,
    /// Whether rows follow.
    pub has_next: bool,
    /// The number of rows in the whole list, where it was asked for.
    pub total: Option<i64>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            has_next: false,
            total: None,
        }
    }
}

impl<T> Page<T> {
    /// A page of `size` out of rows of which one more was read, to see whether any follow.
    pub fn cut(mut rows: Vec<(String, T)>, size: u32) -> Self {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let has_next = rows.len() > size;
        rows.truncate(size);
        Self {
            rows,
            has_next,
            total: None,
        }
    }

    /// The same page of other things.
    pub fn map<U>(self, turn: impl Fn(T) -> U) -> Page<U> {
        let rows = self
            .rows
            .into_iter()
            .map(|(cursor, row)| (cursor, turn(row)))
            .collect();
        Page {
            rows,
            has_next: self.has_next,
            total: self.total,
        }
    }

    /// Where the page stands, given whether it began after a cursor.
    pub fn info(&self, is_after: bool) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: is_after,
            start_cursor: self.rows.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: self.rows.last().map(|(cursor, _)| cursor.clone()),
        }
    }
}
