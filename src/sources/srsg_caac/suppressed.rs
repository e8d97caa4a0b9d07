//! Which cells violations of a quarter are suppressed by: each violation is a table of parties and sexes, for
//! those verified in the quarter and those verified late; those that are pending are a table of parties.

use entities::{
    terms,
    violation_count::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, EntityTrait, Iterable, QueryFilter};

use super::terms::{GraveViolation, unit};
use crate::{
    records::printed::VIOLATIONS,
    sources::suppressed::{Part, Publication, SuppressedFigures, Version},
    vocabulary::{CLEARED, CountUnit, PeriodKind},
};

/// Violations by quarter.
pub(super) const FIGURES: SuppressedFigures = SuppressedFigures {
    name: VIOLATIONS.name,
    table: "violation_counts",
    has_published: true,
    threshold: |thresholds| thresholds.children,
    by: PeriodKind::Quarter,
    versions: |connection, situation, year| {
        Box::pin(async move {
            let rows = Entity::find()
                .filter(Column::SituationId.eq(situation))
                .filter(Column::PeriodStart.gte(year.start()))
                .filter(Column::PeriodEnd.lte(year.end()))
                .all(connection)
                .await?;
            Ok(rows.iter().map(version).collect())
        })
    },
    standing,
    printed_by,
};

/// A state of verification.
#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    /// Verified within the quarter.
    Verified,
    /// Verified after it.
    Late,
    /// Awaiting verification.
    Pending,
}

/// A table of parties and sexes.
#[derive(Clone, Copy, Debug)]
pub(super) struct TableOf(pub(super) GraveViolation, pub(super) State);

impl TableOf {
    /// The cell of a column for a party; for all of them where there is none.
    pub(super) fn cell(self, party: PartyCell, column: &str) -> String {
        let Self(violation, state) = self;
        match party {
            PartyCell::All => format!("{violation:?}/{state:?}/*/{column}"),
            PartyCell::Nobody => format!("{violation:?}/{state:?}/-/{column}"),
            PartyCell::Party(key) => format!("{violation:?}/{state:?}/{key}/{column}"),
        }
    }

    /// A count in this table. Its total over all parties is told.
    fn part(self, party: PartyCell, column: &str, value: Option<i32>) -> Part {
        let Self(violation, state) = self;
        let total = self.cell(party, "total");
        let cells = match column {
            "total" | "rest" => vec![total],
            _ => vec![
                total,
                self.cell(party, column),
                self.cell(PartyCell::All, column),
            ],
        };
        Part {
            name: self.cell(party, column),
            value,
            cells,
            told: vec![format!("={violation:?}/{state:?}")],
        }
    }

    /// Cells of sexes that nobody counted: they are told to nobody.
    fn uncollected(self, party: PartyCell, column: &str) -> Part {
        Part {
            name: self.cell(party, column),
            value: None,
            cells: vec![self.cell(party, column), self.cell(PartyCell::All, column)],
            told: Vec::new(),
        }
    }
}

/// To whom a violation is attributed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PartyCell {
    /// To anybody or nobody.
    All,
    /// To nobody.
    Nobody,
    /// To the party with this surrogate key.
    Party(i64),
}

impl PartyCell {
    /// The cell of a row.
    pub(super) fn of(party: Option<i64>) -> Self {
        party.map_or(Self::Nobody, Self::Party)
    }
}

/// The columns of sexes.
pub(super) const SEXES: [&str; 3] = ["boys", "girls", "unknown"];

fn version(row: &Model) -> Version {
    let violation: GraveViolation = row.violation.into();
    let attributed_to = PartyCell::of(row.party_id);
    let mut parts = Vec::new();
    if CLEARED.contains(&row.classification) {
        let verified = [row.verified_boys, row.verified_girls, row.verified_unknown];
        let late = [row.late_boys, row.late_girls, row.late_unknown];
        for (state, sexes, total) in [
            (State::Verified, verified, row.verified_total),
            (State::Late, late, row.late_total),
        ] {
            let table = TableOf(violation, state);
            let (Some(total), CountUnit::Victims) = (total, unit(violation)) else {
                parts.push(table.part(attributed_to, "total", total));
                let sexes = SEXES.into_iter();
                parts.extend(sexes.map(|column| table.uncollected(attributed_to, column)));
                continue;
            };
            let mut rest = total;
            let is_whole = sexes.iter().all(Option::is_some);
            for (column, value) in SEXES.into_iter().zip(sexes) {
                let Some(value) = value else {
                    parts.push(table.uncollected(attributed_to, column));
                    continue;
                };
                rest = rest.saturating_sub(value);
                parts.push(table.part(attributed_to, column, Some(value)));
            }
            // Where all sexes are counted they make the total, and everybody knows it.
            if !is_whole {
                parts.push(table.part(attributed_to, "rest", Some(rest.max(0))));
            }
        }
        let pending = TableOf(violation, State::Pending);
        parts.push(pending.part(attributed_to, "total", row.pending));
    }
    Version {
        row: row.id,
        record: row.record_key.clone(),
        revision: row.revision,
        known_from: row.known_from,
        period: row.period.clone(),
        published: Publication::of(row.is_published, row.document_symbol.as_ref()),
        parts,
    }
}

/// What a table is broken down by that prints the annual figure of a cell.
fn printed_by(cell: &str) -> Vec<&'static str> {
    let mut by = vec!["VIOLATION"];
    if !cell.starts_with('=') {
        let (rest, column) = cell.rsplit_once('/').unwrap_or((cell, "total"));
        by.extend((!rest.ends_with("/*")).then_some("PARTY"));
        by.extend((column != "total").then_some("SEX"));
    }
    by
}

/// What is attributed to nobody: a party that stands alone can be one of two.
fn standing(rows: &[&Version]) -> Vec<Part> {
    let mut parts = Vec::new();
    if rows.is_empty() {
        return parts;
    }
    for violation in terms::GraveViolation::iter().map(GraveViolation::from) {
        for state in [State::Verified, State::Late, State::Pending] {
            let table = TableOf(violation, state);
            let has_sexes =
                unit(violation) == CountUnit::Victims && !matches!(state, State::Pending);
            let columns: &[&str] = if has_sexes { &SEXES } else { &["total"] };
            let columns = columns.iter();
            parts.extend(columns.map(|column| table.part(PartyCell::Nobody, column, Some(0))));
        }
    }
    parts
}
