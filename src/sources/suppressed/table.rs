//! The table to decide: what a year holds now, and what was told of what it held before.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, Utc};

use super::{
    SuppressedFigures, Version,
    draft::{Draft, Stood},
    sums::{self, Tables, standing},
};
use crate::{
    suppression::{Budget, Pattern, decide},
    vocabulary::Period,
};

/// Linear programs that a decision on one part of a table may solve.
const SOLVES: usize = 4000;

/// A decision on a period that was made before.
pub(super) struct Earlier {
    /// Code of the period.
    pub(super) period: String,
    /// The last row that it knew.
    pub(super) last_row: i64,
    /// When it was made.
    pub(super) decided_at: DateTime<Utc>,
    /// The cells that it suppressed.
    pub(super) suppressed: HashSet<String>,
}

/// What is known of a year.
pub(super) struct Year {
    /// The periods with working figures.
    pub(super) periods: Vec<Period>,
    /// Those that are to be decided.
    pub(super) stale: BTreeSet<Period>,
    /// Every version of every row.
    pub(super) versions: Vec<Version>,
    /// The earlier decisions, in their order.
    pub(super) earlier: Vec<Earlier>,
    /// What documents print.
    pub(super) tables: Tables,
    /// Counts from 1 to below this are suppressed.
    pub(super) threshold: u32,
}

/// What is decided.
pub(super) struct Outcome {
    /// The cells that are suppressed, by period.
    pub(super) suppressed: BTreeMap<Period, Vec<String>>,
    /// Whether that is everything that could be in some part of the year.
    pub(super) is_coarse: bool,
}

/// The cells that are suppressed in the periods of a year that are to be decided.
///
/// The second decision leaves the sums over periods out: where these leave a cell no choice, it is protected from
/// whoever does not compare it with them.
pub(super) fn suppressed(year: &Year, figures: &SuppressedFigures) -> Outcome {
    let apart = year.draft(figures);
    let mut together = apart.clone();
    year.add_sums(&mut together, figures);
    let (table, names) = together.table(&[]);
    let pattern = table.map(|table| year.decide(&table));
    let first = pattern.as_ref().map_or(&[][..], |one| &one.suppressed);
    let (table, _) = apart.table(first);
    let last = pattern.as_ref().and(table).map(|table| year.decide(&table));
    let mut outcome = Outcome {
        suppressed: BTreeMap::new(),
        is_coarse: pattern.is_none_or(|one| one.is_coarse)
            || last.as_ref().is_none_or(|one| one.is_coarse),
    };
    for period in &year.stale {
        outcome.suppressed.entry(*period).or_default();
    }
    for (index, name) in names.into_iter().enumerate() {
        let Some((period, name)) = name else { continue };
        let last = last.as_ref().and_then(|last| last.suppressed.get(index));
        if last.copied().unwrap_or(true) {
            let period = outcome.suppressed.entry(year.periods[period]);
            period.or_default().push(name);
        }
    }
    outcome
}

impl Year {
    fn decide(&self, table: &crate::suppression::Table) -> Pattern {
        decide(table, self.threshold, &mut Budget::solves(SOLVES))
    }

    /// What was told of each period, and what is to be decided.
    fn draft(&self, figures: &SuppressedFigures) -> Draft {
        let mut draft = Draft::default();
        for earlier in &self.earlier {
            let place = |period: &Period| period.to_string() == earlier.period;
            if let Some(place) = self.periods.iter().position(place) {
                let stood = self.stood(place, Some(earlier.last_row), figures);
                draft.add(&stood, Some(&earlier.suppressed));
            }
        }
        for (place, period) in self.periods.iter().enumerate() {
            if self.stale.contains(period) {
                draft.add(&self.stood(place, None, figures), None);
            }
        }
        draft
    }

    /// Adds what documents print or will print of the year, compared with all that stood.
    fn add_sums(&self, draft: &mut Draft, figures: &SuppressedFigures) {
        let printed = sums::printed(&self.versions, &self.tables, figures);
        let times: BTreeSet<_> = self.earlier.iter().map(|one| one.decided_at).collect();
        for time in times {
            let mut last_rows: BTreeMap<&str, i64> = BTreeMap::new();
            for earlier in self.earlier.iter().filter(|one| one.decided_at <= time) {
                last_rows.insert(&earlier.period, earlier.last_row);
            }
            let places = self.periods.iter().enumerate();
            let stood: Vec<_> = places
                .filter_map(|(place, period)| {
                    let last_row = last_rows.get(period.to_string().as_str())?;
                    Some(self.stood(place, Some(*last_row), figures))
                })
                .collect();
            sums::add(draft, &stood, &printed);
        }
        let places = 0..self.periods.len();
        let stood: Vec<_> = places.map(|one| self.stood(one, None, figures)).collect();
        sums::add(draft, &stood, &printed);
        if self.periods.len() == 12 / figures.by.months() as usize {
            sums::expect(draft, &stood, &printed, (&self.tables, figures));
        }
    }

    /// What stood of a period when a row was the last, or stands now.
    fn stood(&self, place: usize, last_row: Option<i64>, figures: &SuppressedFigures) -> Stood<'_> {
        let period = self.periods[place].to_string();
        let known = self.versions.iter().filter(|version| {
            version.published.is_none()
                && version.period == period
                && last_row.is_none_or(|last| version.row <= last)
        });
        let rows = standing(known);
        Stood {
            period: place,
            standing: (figures.standing)(&rows),
            rows,
        }
    }
}
