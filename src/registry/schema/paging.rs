//! How many entries of a list are answered at once.

use crate::vocabulary::bad_input;

/// The most entries that one field answers.
const MOST_ENTRIES: i32 = 100;

/// The number of entries that are wanted, or what is wrong with it.
pub(super) fn page_of(first: i32) -> async_graphql::Result<u64> {
    if !(0..=MOST_ENTRIES).contains(&first) {
        return Err(bad_input(format!(
            "`first` must lie between 0 and {MOST_ENTRIES}."
        )));
    }
    Ok(u64::try_from(first).unwrap_or_default())
}
