//! Lists of parties that a report names, from the day it names them to the day they are taken off.

use async_graphql::{Context, Result};
use chrono::NaiveDate;

use crate::vocabulary::Viewer;

/// The listings that stand on the day of the request, or all of them.
pub(super) fn standing<R>(
    context: &Context<'_>,
    mut rows: Vec<R>,
    include_delisted: Option<bool>,
    delisted_on: impl Fn(&R) -> Option<NaiveDate>,
) -> Result<Vec<R>> {
    if include_delisted != Some(true) {
        let today = context.data::<Viewer>()?.today();
        rows.retain(|row| delisted_on(row).is_none_or(|taken_off| today < taken_off));
    }
    Ok(rows)
}
