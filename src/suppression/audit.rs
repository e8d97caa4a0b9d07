//! The reader's view: the range of each suppressed cell.

use microlp::OptimizationDirection;

use super::lp::{Exact, Query, TOLERANCE, to_count};
use super::table::{Pattern, Reduced, Table};

/// The values a reader cannot rule out for one suppressed cell by linear
/// programming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Position of the cell in the table.
    pub cell: usize,
    /// The least possible value.
    pub min: u32,
    /// The greatest possible value; `None` when there is no upper limit.
    pub max: Option<u32>,
}

/// Computes the interval of every suppressed cell under a pattern.
///
/// The reader knows every cell that is not suppressed and that counts are not
/// negative. When the solver fails for a cell, the cell's interval is its true
/// value alone, so that a failure is never read as protection.
#[must_use]
pub fn audit(table: &Table, pattern: &Pattern) -> Vec<Interval> {
    let reduced = Reduced::new(table);
    let hidden = reduced.hidden(pattern);
    let mut known: Vec<Option<(u32, Option<u32>)>> = vec![None; reduced.figures.len()];
    let mut intervals = Vec::new();
    for (cell, &figure) in reduced.figure_of_cell().iter().enumerate() {
        if !pattern.suppressed.get(cell).copied().unwrap_or(false) {
            continue;
        }
        let bounds = known[figure].unwrap_or_else(|| range(&reduced, &hidden, figure));
        known[figure] = Some(bounds);
        let (min, max) = bounds;
        intervals.push(Interval { cell, min, max });
    }
    intervals
}

/// The range of a figure, or its true value when the solver fails.
fn range(reduced: &Reduced, hidden: &[bool], figure: usize) -> (u32, Option<u32>) {
    let value = reduced.figures[figure].value;
    bounds(reduced, hidden, figure).unwrap_or((value, Some(value)))
}

/// The range of a figure; `None` when the solver fails.
pub(super) fn bounds(
    reduced: &Reduced,
    hidden: &[bool],
    figure: usize,
) -> Option<(u32, Option<u32>)> {
    let query = Query {
        reduced,
        hidden,
        exact: Exact::Fixed,
        integer: false,
        blocks: None,
    };
    let low = query
        .extreme(figure, OptimizationDirection::Minimize)
        .ok()??;
    let high = query
        .extreme(figure, OptimizationDirection::Maximize)
        .ok()?;
    let min = to_count((low - TOLERANCE).ceil())?;
    match high {
        None => Some((min, None)),
        Some(high) => Some((min, Some(to_count((high + TOLERANCE).floor())?))),
    }
}
