//! Small counts in working figures: what is finer than a total of the mechanism's own period is suppressed for
//! whoever does not hold the mandate's own scope.
//!
//! A mandate says of each row of its figures to which cells of a table it adds. A table is the figures of one
//! situation in one year: its periods are decided together, since annual figures that documents print are sums
//! over them ([`sums`]). Which of its cells are suppressed is decided once for what the table holds ([`decide`]),
//! stored by period, and read with the figures ([`Decisions`]); no question changes it. What is not decided yet
//! has all its cells suppressed.

mod decide;
mod draft;
mod held;
mod read;
mod sums;
mod table;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use sea_orm::{DatabaseConnection, DbErr};

use crate::vocabulary::{Period, PeriodKind};

pub(crate) use decide::decide_all;
pub(crate) use read::{Decisions, Told};

/// Counts from 1 to below these are suppressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Of figures on children.
    pub children: u32,
    /// Of figures on sexual violence.
    pub sexual_violence: u32,
    /// Of other figures.
    pub other: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            children: 10,
            sexual_violence: 10,
            other: 5,
        }
    }
}

/// Figures that are suppressed by table.
pub(crate) struct SuppressedFigures {
    /// Name of their type of record; of two kinds of table of one type, what tells them apart.
    pub(crate) name: &'static str,
    /// The database's table.
    pub(crate) table: &'static str,
    /// Whether the database's table holds published figures as well.
    pub(crate) has_published: bool,
    /// Which threshold holds for them.
    pub(crate) threshold: fn(Thresholds) -> u32,
    /// The periods that the mechanism gives working figures for.
    pub(crate) by: PeriodKind,
    /// Every version of every row of a situation in a year, published ones too.
    pub(crate) versions: ReadVersions,
    /// What adds nothing and is part of the table whatever rows there are, so that a row that stands alone can
    /// be one of several.
    pub(crate) standing: fn(&[&Version]) -> Vec<Part>,
    /// What a published table is broken down by that tells the annual figure of a cell; of a cell that is told,
    /// too.
    pub(crate) printed_by: fn(&str) -> Vec<&'static str>,
}

/// Reads the versions of the rows of a situation in a year.
type ReadVersions =
    for<'a> fn(&'a DatabaseConnection, i64, Period) -> BoxFuture<'a, Result<Vec<Version>, DbErr>>;

/// A revision of a row.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    /// Its surrogate key.
    pub(crate) row: i64,
    /// The natural key of its record.
    pub(crate) record: String,
    /// Which revision it is.
    pub(crate) revision: i32,
    /// Since when it is known here.
    pub(crate) known_from: DateTime<Utc>,
    /// Code of its period.
    pub(crate) period: String,
    /// Where it is published; none of a working figure.
    pub(crate) published: Option<Publication>,
    /// What it adds to cells; nothing where no field returns it.
    pub(crate) parts: Vec<Part>,
}

/// A count of a row and the cells that it is part of.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Its name within the row.
    pub(crate) name: String,
    /// The count; none where nobody collected it, so that no cell with it is told.
    pub(crate) value: Option<i32>,
    /// Names of cells that can be suppressed.
    pub(crate) cells: Vec<String>,
    /// Names of cells that are always told to whoever may read the figures.
    pub(crate) told: Vec<String>,
}

/// Where a figure is published.
#[derive(Clone, Debug)]
pub(crate) struct Publication {
    /// Symbol of the document; a figure without one is not told.
    pub(crate) document: Option<String>,
}

impl Publication {
    /// That of a row, if it is published.
    pub(crate) fn of(is_published: bool, document: Option<&String>) -> Option<Self> {
        is_published.then(|| Self {
            document: document.cloned(),
        })
    }
}
