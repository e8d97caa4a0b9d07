//! What the database holds of figures: by situation and year, the last row of each period.

use std::collections::{BTreeMap, HashMap};

use entities::suppression::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Statement,
};

use super::SuppressedFigures;
use crate::vocabulary::{Period, PeriodKind};

/// The figures of a situation in a year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// The last row with a working figure, by period.
    working: BTreeMap<Period, i64>,
    /// The last row with a published figure of the year.
    published: i64,
}

impl Held {
    /// What a decision knows that is made now: of each period its last row, or the last published one where that
    /// is later.
    pub(super) fn last_rows(&self) -> impl Iterator<Item = (Period, i64)> {
        let published = self.published;
        let working = self.working.iter();
        working.map(move |(period, last)| (*period, published.max(*last)))
    }
}

/// What is held of figures, by situation and year; of one situation alone if need be.
pub(super) async fn held(
    connection: &impl ConnectionTrait,
    figures: &SuppressedFigures,
    situation: Option<i64>,
) -> Result<BTreeMap<(i64, Period), Held>, DbErr> {
    let published = if figures.has_published {
        "CASE WHEN is_published THEN 1 ELSE 0 END"
    } else {
        "0"
    };
    let of_one = situation.map_or_else(String::new, |id| format!(" WHERE situation_id = {id}"));
    let sql = format!(
        "SELECT situation_id, period, {published} AS published, MAX(id) FROM {}{of_one} \
         GROUP BY situation_id, period, published",
        figures.table
    );
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let mut all: BTreeMap<(i64, Period), Held> = BTreeMap::new();
    for row in connection.query_all_raw(statement).await? {
        let (situation, period): (i64, String) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let (published, last): (i32, i64) = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
        // A period that cannot be read is answered with an error, and never told.
        let Ok(period) = period.parse::<Period>() else {
            continue;
        };
        let year = Period::containing(period.start(), PeriodKind::Year);
        let held = all.entry((situation, year)).or_default();
        if published == 1 {
            held.published = held.published.max(last);
        } else {
            held.working.insert(period, last);
        }
    }
    // What is published alone has nothing to be decided.
    all.retain(|_, held| !held.working.is_empty());
    Ok(all)
}

/// The decisions on figures, the earlier first; on those of one situation in one year if need be.
pub(super) async fn decisions(
    connection: &impl ConnectionTrait,
    figures: &SuppressedFigures,
    of: Option<(i64, Period)>,
) -> Result<Vec<Model>, DbErr> {
    let mut select = Entity::find().filter(Column::Figures.eq(figures.name));
    if let Some((situation, year)) = of {
        select = select
            .filter(Column::SituationId.eq(situation))
            .filter(Column::PeriodStart.gte(year.start()))
            .filter(Column::PeriodEnd.lte(year.end()));
    }
    select.order_by_asc(Column::Id).all(connection).await
}

/// The last decision on each period of each situation.
#[derive(Default)]
pub(super) struct Latest<'d>(HashMap<(i64, &'d str), &'d Model>);

impl<'d> Latest<'d> {
    /// Of decisions, the earlier first.
    pub(super) fn of(decisions: &'d [Model]) -> Self {
        let keyed = decisions.iter();
        Self(
            keyed
                .map(|one| ((one.situation_id, one.period.as_str()), one))
                .collect(),
        )
    }

    /// The periods that no decision knows as they are, or for this threshold, with the last row to know.
    pub(super) fn stale(&self, situation: i64, held: &Held, threshold: u32) -> Vec<(Period, i64)> {
        let is_stale = |(period, last): &(Period, i64)| {
            let code = period.to_string();
            let decision = self.0.get(&(situation, code.as_str())).copied();
            decision.is_none_or(|decision| {
                decision.last_row != *last || u32::try_from(decision.threshold) != Ok(threshold)
            })
        };
        held.last_rows().filter(is_stale).collect()
    }
}
