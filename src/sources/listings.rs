//! Lists of parties that a report names, from the day it names them to the day they are taken off.

use async_graphql::{Context, Result};
use chrono::{DateTime, NaiveDate, Utc};
use entities::terms;

use crate::vocabulary::{Classification, Viewer};

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

/// The level of a listing: one that is held back is CONFIDENTIAL until it is public.
pub(super) fn level(
    context: &Context<'_>,
    own: terms::Classification,
    known_from: DateTime<Utc>,
) -> Result<Classification> {
    let own = Classification::from(own);
    let is_held_back = context.data::<Viewer>()?.is_held_back(known_from);
    Ok(if is_held_back {
        own.max(Classification::Confidential)
    } else {
        own
    })
}
