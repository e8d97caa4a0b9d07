//! The rules of figures on conflict-related sexual violence.

use std::collections::{BTreeMap, BTreeSet};

use entities::{crsv_admin1_count, crsv_count};

use super::{
    suppressed::{cell, division_cell},
    terms::CrsvForm,
};
use crate::{
    sources::{printed::Printed, suppressed::Told},
    vocabulary::{
        Count, CountUnit, Frame, Period, PeriodKind, Provenance, RowPlace, Span, Unreadable,
        provenance,
    },
};

/// Under-reporting is the rule, so every figure carries this.
const UNDER_REPORTING: &str = "Conflict-related sexual violence is severely under-reported. \
    Figures are verified cases alone: zero means that none was verified, never that none occurred.";

/// The frame of a block with the caveat on under-reporting first, whatever the record says.
pub(crate) fn with_caveat(mut frame: Frame) -> Frame {
    frame.caveats.insert(0, UNDER_REPORTING.into());
    frame
}

/// By which periods national figures are kept: released ones are annual.
pub(crate) const fn kept_by(is_published: bool) -> PeriodKind {
    if is_published {
        PeriodKind::Year
    } else {
        PeriodKind::Month
    }
}

/// By which periods figures of divisions are kept.
pub(crate) const DIVISIONS_KEPT_BY: PeriodKind = PeriodKind::Quarter;

/// Which figures are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CrsvArguments {
    /// Of which days.
    pub(crate) span: Span,
    /// By form rather than over all forms.
    pub(crate) is_by_form: bool,
    /// The annual figures of the report rather than the working ones.
    pub(crate) is_published: bool,
}

impl CrsvArguments {
    /// What the rows of a table are broken down by that prints these figures.
    pub(crate) fn printed_by(&self) -> BTreeSet<&'static str> {
        self.is_by_form.then_some("FORM").into_iter().collect()
    }
}

/// Persons by sex and age, and all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Women.
    pub(crate) women: Count,
    /// Girls.
    pub(crate) girls: Count,
    /// Men.
    pub(crate) men: Count,
    /// Boys.
    pub(crate) boys: Count,
    /// Sex or age unknown.
    pub(crate) unknown: Count,
    /// All; kept on its own, not summed from the others.
    pub(crate) total: Count,
}

impl Tally {
    fn of(row: &crsv_count::Model) -> Self {
        Self {
            women: victims(row.women),
            girls: victims(row.girls),
            men: victims(row.men),
            boys: victims(row.boys),
            unknown: victims(row.unknown),
            total: victims(row.total),
        }
    }

    /// The same, as far as a document prints it that prints the total and perhaps its parts.
    fn printed(self, has_parts: bool) -> Self {
        Self {
            women: self.women.unless_printed(has_parts),
            girls: self.girls.unless_printed(has_parts),
            men: self.men.unless_printed(has_parts),
            boys: self.boys.unless_printed(has_parts),
            unknown: self.unknown.unless_printed(has_parts),
            total: self.total,
        }
    }

    /// The same as far as it is told, by the name of each column. The total is always told.
    fn told(self, told: impl Fn(&str, Count) -> Count) -> Self {
        Self {
            women: told("women", self.women),
            girls: told("girls", self.girls),
            men: told("men", self.men),
            boys: told("boys", self.boys),
            unknown: told("unknown", self.unknown),
            total: self.total,
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            women: self.women.plus(other.women),
            girls: self.girls.plus(other.girls),
            men: self.men.plus(other.men),
            boys: self.boys.plus(other.boys),
            unknown: self.unknown.plus(other.unknown),
            total: self.total.plus(other.total),
        }
    }
}

fn victims(kept: Option<i32>) -> Count {
    Count::from_collected(kept, CountUnit::Victims)
}

/// One national figure. Verified and pending stay apart: nothing adds them up.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// Of when.
    pub(crate) period: Period,
    /// Of which form; none over all forms.
    pub(crate) form: Option<CrsvForm>,
    /// Verified.
    pub(crate) verified: Tally,
    /// Awaiting verification.
    pub(crate) pending: Count,
    /// Whether it can be compared with that of the period before.
    pub(crate) is_comparable: bool,
    /// Where it comes from.
    pub(crate) provenance: Provenance,
}

impl Figure {
    fn of(period: Period, form: Option<CrsvForm>, row: &crsv_count::Model) -> Self {
        Self {
            period,
            form,
            verified: Tally::of(row),
            pending: victims(row.pending),
            is_comparable: row.comparable_with_previous,
            provenance: provenance!(row),
        }
    }

    fn with(self, other: Self) -> Self {
        Self {
            verified: self.verified.plus(other.verified),
            pending: self.pending.plus(other.pending),
            is_comparable: self.is_comparable && other.is_comparable,
            provenance: self.provenance.joined(other.provenance),
            ..other
        }
    }
}

/// The figures from the rows of one situation, by period and form. They are not dense: what was not
/// recorded is absent, not zero. Published ones are those of the tables that break them down as asked, each
/// document's apart.
pub(crate) fn figures(
    arguments: &CrsvArguments,
    rows: &[crsv_count::Model],
    printed: &Printed,
    told: &Told<'_>,
) -> Result<Vec<Figure>, Unreadable> {
    let mut figures: BTreeMap<(Period, Option<CrsvForm>, Option<&str>), Figure> = BTreeMap::new();
    for row in rows {
        let period = Period::of_row(
            RowPlace {
                table: "crsv_counts",
                id: row.id,
            },
            &row.period,
        )?;
        let form = arguments.is_by_form.then(|| row.form.into());
        let document = row
            .document_symbol
            .as_deref()
            .filter(|_| arguments.is_published);
        let print = printed.of_document(document);
        if arguments.is_published && print.is_none() {
            continue;
        }
        let mut figure = Figure::of(period, form, row);
        if let Some(print) = print {
            figure.verified = figure.verified.printed(print.has_columns);
            figure.provenance = figure.provenance.printed_in(&print.table);
        }
        let figure = match figures.remove(&(period, form, document)) {
            Some(sum) => sum.with(figure),
            None => figure,
        };
        figures.insert((period, form, document), figure);
    }
    let figures = figures.into_values().map(|figure| Figure {
        verified: figure.verified.told(|column, count| {
            told.count(figure.period, Some(&cell(figure.form, column)), count)
        }),
        ..figure
    });
    Ok(figures.collect())
}

/// What was verified in a division.
#[derive(Clone, Debug)]
pub(crate) struct DivisionFigure {
    /// Of when.
    pub(crate) period: Period,
    /// Where, by the surrogate key of the area.
    pub(crate) area: i64,
    /// Verified.
    pub(crate) verified: Count,
    /// Where it comes from.
    pub(crate) provenance: Provenance,
}

/// The figure of a division as it is told.
pub(crate) fn division_figure(
    row: &crsv_admin1_count::Model,
    told: &Told<'_>,
) -> Result<DivisionFigure, Unreadable> {
    let period = Period::of_row(
        RowPlace {
            table: "crsv_admin1_counts",
            id: row.id,
        },
        &row.period,
    )?;
    let cell = division_cell(row.area_id);
    Ok(DivisionFigure {
        period,
        area: row.area_id,
        verified: told.count(period, Some(&cell), victims(row.verified)),
        provenance: provenance!(row),
    })
}
