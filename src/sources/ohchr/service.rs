//! The rules of casualty figures (what a figure covers, what is summed, what is never returned as
//! zero) and of the levels of letters.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use entities::{casualty, communication, terms};

use super::{group::Group, suppressed::cell, terms::CasualtyDimension};
use crate::{
    sources::{printed::Printed, suppressed::Told},
    vocabulary::{
        Classification, Count, CountUnit, Period, PeriodKind, Provenance, RowPlace, Span,
        Unreadable, provenance,
    },
};

/// The level of a letter on a day: confidential until the day it is public, and open from then on,
/// whatever its record was marked with when it was made.
pub(crate) fn level_on(letter: &communication::Model, day: NaiveDate) -> Classification {
    let is_public = letter.public_on.is_some_and(|from| from <= day);
    match letter.classification {
        terms::Classification::StrictlyConfidential => Classification::StrictlyConfidential,
        _ if is_public => Classification::Unclassified,
        _ => Classification::Confidential,
    }
}

/// The most figures of one answer, over all periods and groups.
const LARGEST: usize = 5000;

/// Working figures are kept by month.
const MECHANISM: PeriodKind = PeriodKind::Month;

/// By which periods figures are kept: released ones are annual.
pub(crate) const fn kept_by(is_published: bool) -> PeriodKind {
    if is_published {
        PeriodKind::Year
    } else {
        MECHANISM
    }
}

/// Which figures are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CasualtyArguments {
    /// Of which days.
    pub(crate) span: Span,
    /// Broken down by what; sorted, each once.
    by: Vec<CasualtyDimension>,
    /// The released figures rather than the working ones.
    pub(crate) is_published: bool,
}

impl CasualtyArguments {
    /// The arguments as asked, or what is wrong with them.
    pub(crate) fn new(
        span: Span,
        mut by: Vec<CasualtyDimension>,
        is_published: bool,
    ) -> Result<Self, String> {
        by.sort_unstable();
        by.dedup();
        let arguments = Self {
            span,
            by,
            is_published,
        };
        let (periods, groups) = (
            span.periods(kept_by(is_published)).count(),
            arguments.groups().len(),
        );
        if groups * periods > LARGEST {
            return Err(format!(
                "{periods} periods in {groups} groups are more than {LARGEST} figures: shorten \
                 `periods` or leave a dimension out of `by`"
            ));
        }
        Ok(arguments)
    }

    /// What the rows of a table are broken down by that prints these figures.
    pub(crate) fn printed_by(&self) -> BTreeSet<&'static str> {
        let name = |dimension: &CasualtyDimension| match dimension {
            CasualtyDimension::Sex => "SEX",
            CasualtyDimension::Age => "AGE",
            CasualtyDimension::Status => "STATUS",
            CasualtyDimension::Cause => "CAUSE",
        };
        self.by.iter().map(name).collect()
    }

    fn groups(&self) -> Vec<Group> {
        let mut groups = vec![Group::default()];
        for dimension in &self.by {
            groups = groups
                .iter()
                .flat_map(|group| group.split(*dimension))
                .collect();
        }
        groups
    }

    fn group_of(&self, row: &casualty::Model) -> Group {
        let mut group = Group::default();
        for dimension in &self.by {
            match dimension {
                CasualtyDimension::Sex => group.sex = Some(row.sex.into()),
                CasualtyDimension::Age => group.age = Some(row.age.into()),
                CasualtyDimension::Status => group.status = Some(row.status.into()),
                CasualtyDimension::Cause => group.cause = Some(row.cause.into()),
            }
        }
        group
    }
}

/// One figure.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// Of when.
    pub(crate) period: Period,
    /// Of whom.
    pub(crate) group: Group,
    /// How many.
    pub(crate) killed: Count,
    /// Whether it can be compared with that of the period before.
    pub(crate) is_comparable: bool,
    /// Where it comes from; none where nothing was recorded.
    pub(crate) provenance: Option<Provenance>,
}

impl Figure {
    /// Nothing was recorded: not zero.
    fn unrecorded(period: Period, group: Group) -> Self {
        let killed = Count::not_collected(CountUnit::PersonsKilled);
        Self {
            period,
            group,
            killed,
            is_comparable: false,
            provenance: None,
        }
    }

    fn recorded(period: Period, group: Group, row: &casualty::Model) -> Self {
        Self {
            period,
            group,
            killed: Count::from_collected(row.killed, CountUnit::PersonsKilled),
            is_comparable: row.comparable_with_previous,
            provenance: Some(provenance!(row)),
        }
    }

    fn with(self, row: &casualty::Model) -> Self {
        let other = Self::recorded(self.period, self.group, row);
        let Some(provenance) = self.provenance else {
            return other;
        };
        Self {
            killed: self.killed.plus(other.killed),
            is_comparable: self.is_comparable && other.is_comparable,
            provenance: other.provenance.map(|other| provenance.joined(other)),
            ..other
        }
    }
}

/// The figures from the rows of one situation: by period, then by group. Working figures are dense,
/// so that a gap shows as a gap; published ones are those of the tables that break them down as asked, each
/// document's apart.
pub(crate) fn casualties(
    arguments: &CasualtyArguments,
    rows: &[casualty::Model],
    printed: &Printed,
    told: &Told<'_>,
) -> Result<Vec<Figure>, Unreadable> {
    let mut figures = BTreeMap::new();
    if !arguments.is_published {
        let groups = arguments.groups();
        for period in arguments.span.periods(MECHANISM) {
            for group in &groups {
                figures.insert((period, *group, None), Figure::unrecorded(period, *group));
            }
        }
    }
    for row in rows {
        let period = Period::of_row(
            RowPlace {
                table: "casualties",
                id: row.id,
            },
            &row.period,
        )?;
        let group = arguments.group_of(row);
        let document = row
            .document_symbol
            .as_deref()
            .filter(|_| arguments.is_published);
        let print = printed.of_document(document);
        if arguments.is_published && print.is_none() {
            continue;
        }
        let mut figure = match figures.remove(&(period, group, document)) {
            Some(figure) => Figure::with(figure, row),
            None => Figure::recorded(period, group, row),
        };
        if let Some(print) = print {
            figure.provenance = figure.provenance.map(|one| one.printed_in(&print.table));
        }
        figures.insert((period, group, document), figure);
    }
    let figures = figures.into_values().map(|figure| {
        let group = figure.group;
        // The count of all groups is told.
        if group == Group::default() {
            return figure;
        }
        let killed = told.count(figure.period, cell(group).as_deref(), figure.killed);
        Figure { killed, ..figure }
    });
    Ok(figures.collect())
}
