//! Decides the years that hold rows which no decision knows.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entities::{
    published_table,
    suppression::{ActiveModel, Entity},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, DbErr, EntityTrait, QueryFilter,
};

use super::{
    SuppressedFigures, Thresholds,
    held::{Latest, decisions, held},
    sums::Tables,
    table::{Earlier, Outcome, Year, suppressed},
};
use crate::{
    database::{Database, take_turn},
    vocabulary::Period,
};

/// Any number that no other lock has.
const ADVISORY_LOCK: i64 = 0x0073_7570_7072_6573;

/// How often a year is decided anew where another process changes it at the same time.
const ATTEMPTS: usize = 5;

/// Decides every period that is not decided for what its year holds and for the threshold of now. The number of
/// those.
pub(crate) async fn decide_all(
    database: &Database,
    all: impl Iterator<Item = &'static SuppressedFigures>,
    thresholds: Thresholds,
    now: DateTime<Utc>,
) -> Result<usize, DbErr> {
    let mut decided = 0;
    for figures in all {
        let threshold = (figures.threshold)(thresholds);
        let tables = tables(database, figures).await?;
        let all = decisions(&database.read, figures, None).await?;
        let latest = Latest::of(&all);
        for ((situation, year), held) in held(&database.read, figures, None).await? {
            if latest.stale(situation, &held, threshold).is_empty() {
                continue;
            }
            let year = Deciding {
                figures,
                situation,
                year,
                threshold,
            };
            for _ in 0..ATTEMPTS {
                if let Some(count) = year.decide(database, &tables, now).await? {
                    decided += count;
                    break;
                }
            }
        }
    }
    Ok(decided)
}

/// By what documents print figures.
async fn tables(database: &Database, figures: &SuppressedFigures) -> Result<Tables, DbErr> {
    let tables = published_table::Entity::find()
        .filter(published_table::Column::Figures.eq(figures.name))
        .all(&database.read)
        .await?;
    let tables = tables.into_iter();
    Ok(Tables::of(tables.map(|table| {
        (table.document_symbol, table.printed_by.as_slice().to_vec())
    })))
}

/// The figures of a situation in a year.
struct Deciding {
    figures: &'static SuppressedFigures,
    situation: i64,
    year: Period,
    threshold: u32,
}

impl Deciding {
    /// Decides what is stale, and keeps it where nothing has changed since it was read. The number of periods;
    /// nothing where something has. Nothing is locked while linear programs are solved.
    async fn decide(
        &self,
        database: &Database,
        tables: &Tables,
        now: DateTime<Utc>,
    ) -> Result<Option<usize>, DbErr> {
        let Self {
            figures,
            situation,
            year,
            threshold,
        } = *self;
        let of = (situation, year);
        let mut before = held(&database.read, figures, Some(situation)).await?;
        let Some(before) = before.remove(&of) else {
            return Ok(Some(0));
        };
        let earlier = decisions(&database.read, figures, Some(of)).await?;
        let stale = Latest::of(&earlier).stale(situation, &before, threshold);
        if stale.is_empty() {
            return Ok(Some(0));
        }
        let last_decision = earlier.last().map(|decision| decision.id);
        let known = Year {
            periods: before.last_rows().map(|(period, _)| period).collect(),
            stale: stale
                .iter()
                .map(|(period, _)| *period)
                .collect::<BTreeSet<_>>(),
            versions: (figures.versions)(&database.read, situation, year).await?,
            earlier: earlier
                .into_iter()
                .filter_map(|row| {
                    Some(Earlier {
                        period: row.period,
                        last_row: row.last_row,
                        decided_at: row.decided_at,
                        suppressed: serde_json::from_str(&row.suppressed).ok()?,
                    })
                })
                .collect(),
            tables: tables.clone(),
            threshold,
        };
        let outcome = tokio::task::spawn_blocking(move || suppressed(&known, figures)).await;
        let outcome = outcome.map_err(|error| DbErr::Custom(error.to_string()))?;

        let transaction = database.begin().await?;
        // Two processes would decide the same year, each without the other's decision.
        take_turn(&transaction, ADVISORY_LOCK).await?;
        let after = held(&transaction, figures, Some(situation)).await?;
        let decided = decisions(&transaction, figures, Some(of)).await?;
        if after.get(&of) != Some(&before) || decided.last().map(|one| one.id) != last_decision {
            transaction.rollback().await?;
            return Ok(None);
        }
        let rows = self.rows(&stale, outcome, now);
        Entity::insert_many(rows)
            .exec_without_returning(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(Some(stale.len()))
    }

    fn rows(
        &self,
        stale: &[(Period, i64)],
        mut outcome: Outcome,
        now: DateTime<Utc>,
    ) -> Vec<ActiveModel> {
        let row = |&(period, last_row): &(Period, i64)| {
            let suppressed = outcome.suppressed.remove(&period).unwrap_or_default();
            ActiveModel {
                id: NotSet,
                figures: Set(self.figures.name.to_owned()),
                situation_id: Set(self.situation),
                period: Set(period.to_string()),
                period_start: Set(period.start()),
                period_end: Set(period.end()),
                last_row: Set(last_row),
                threshold: Set(i32::try_from(self.threshold).unwrap_or(i32::MAX)),
                is_coarse: Set(outcome.is_coarse),
                suppressed: Set(serde_json::to_string(&suppressed).unwrap_or_default()),
                decided_at: Set(now),
            }
        };
        stale.iter().map(row).collect()
    }
}
