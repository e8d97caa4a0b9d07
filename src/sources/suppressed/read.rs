//! Decisions, read with the figures that they are of.

use std::collections::{HashMap, HashSet};

use entities::suppression::{Column, Entity};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use super::SuppressedFigures;
use crate::{
    database::Database,
    vocabulary::{Count, Period, Span, Viewer, all_of},
};

/// What is suppressed of some figures for a caller.
#[derive(Debug, Default)]
pub(crate) struct Decisions {
    /// The caller reads exact figures.
    is_exact: bool,
    decisions: HashMap<(i64, String), Decision>,
}

/// What is suppressed of one table.
#[derive(Debug, Default)]
struct Decision {
    last_row: i64,
    suppressed: HashSet<String>,
}

impl Decisions {
    /// The caller reads what is stored: figures that are published, and all figures with the mandate's own scope.
    pub(crate) fn exact() -> Self {
        Self {
            is_exact: true,
            decisions: HashMap::new(),
        }
    }

    /// The decisions on figures of some situations, read before the figures: a decision never knows more rows
    /// than are read.
    pub(crate) async fn of(
        database: &Database,
        viewer: &Viewer,
        figures: &SuppressedFigures,
        situations: &[i64],
        span: Span,
    ) -> Result<Self, DbErr> {
        let rows = all_of(situations, &database.read, |chunk| {
            let mut select = Entity::find()
                .filter(Column::Figures.eq(figures.name))
                .filter(Column::SituationId.is_in(chunk.iter().copied()))
                .filter(viewer.needs(Column::SituationId))
                .filter(Column::PeriodStart.gte(span.start))
                .filter(Column::PeriodEnd.lte(span.end));
            if let Some(instant) = viewer.known_at() {
                select = select.filter(Column::DecidedAt.lte(instant));
            }
            select.order_by_asc(Column::Id)
        })
        .await?;
        // The last decision on a table takes the place of those before it.
        let decisions = rows.into_iter().map(|row| {
            let suppressed = serde_json::from_str(&row.suppressed);
            let decision = Decision {
                // One that cannot be read decides nothing.
                last_row: if suppressed.is_ok() { row.last_row } else { 0 },
                suppressed: suppressed.unwrap_or_default(),
            };
            ((row.situation_id, row.period), decision)
        });
        Ok(Self {
            is_exact: false,
            decisions: decisions.collect(),
        })
    }

    /// What the caller is told of a situation's figures, made of these rows by their periods.
    pub(crate) fn on<'d, 'r>(
        &'d self,
        situation: i64,
        rows: impl Iterator<Item = (&'r str, i64)>,
    ) -> Told<'d> {
        let mut last_rows: HashMap<String, i64> = HashMap::new();
        for (period, row) in rows.filter(|_| !self.is_exact) {
            let last = last_rows.entry(period.to_owned()).or_default();
            *last = row.max(*last);
        }
        let decided = last_rows.into_iter().map(|(period, last_row)| {
            let decision = self.decisions.get(&(situation, period.clone()));
            let known = decision.filter(|decision| decision.last_row >= last_row);
            (period, known.map(|decision| &decision.suppressed))
        });
        Told(decided.collect())
    }
}

/// What a caller is told of the figures of one situation: the suppressed cells of each period with rows, nothing
/// where none are decided for those rows. Periods that are told exactly are left out.
#[derive(Debug, Default)]
pub(crate) struct Told<'d>(HashMap<String, Option<&'d HashSet<String>>>);

impl Told<'_> {
    /// A count of a cell as it is told. What is no cell of a table is suppressed.
    pub(crate) fn count(&self, period: Period, cell: Option<&str>, count: Count) -> Count {
        if self.hides(period, cell) {
            count.hidden()
        } else {
            count
        }
    }

    /// Whether a cell is suppressed.
    pub(crate) fn hides(&self, period: Period, cell: Option<&str>) -> bool {
        match self.0.get(&period.to_string()) {
            None => false,
            Some(None) => true,
            Some(Some(suppressed)) => cell.is_none_or(|cell| suppressed.contains(cell)),
        }
    }
}
