//! How many rows of one source a request may read.
//!
//! The graph has cycles through lists (factor, indicators, factor, …): without a bound, a short
//! operation multiplies its rows at each level.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::{Context, Error};

use super::error::bad_input;

const ROWS: usize = 100_000;

/// The rows that a request may still read.
#[derive(Debug)]
pub struct Budget(AtomicUsize);

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicUsize::new(ROWS))
    }
}

/// Rows, charged to the request and converted for its answer.
pub fn charged<R, T>(
    context: &Context<'_>,
    rows: Vec<R>,
    convert: impl Fn(R) -> T,
) -> Result<Vec<T>, Error> {
    charge(context, rows.len())?;
    Ok(rows.into_iter().map(convert).collect())
}

/// Charges rows to the request, or says that there are too many.
pub fn charge(context: &Context<'_>, rows: usize) -> Result<(), Error> {
    let Budget(left) = context.data()?;
    left.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
        left.checked_sub(rows)
    })
    .map(|_| ())
    .map_err(|_| {
        bad_input(format!(
            "the answer would hold more than {ROWS} rows of one source: ask for fewer at a time"
        ))
    })
}
