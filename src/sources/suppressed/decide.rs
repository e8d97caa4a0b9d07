//! Decides the tables that hold rows which no decision knows.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::suppression::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder,
    Statement,
};

use super::{
    SuppressedFigures, Thresholds,
    table::{Earlier, Outcome, suppressed},
};
use crate::{
    database::{Database, take_turn},
    vocabulary::Period,
};

/// Any number that no other lock has.
const ADVISORY_LOCK: i64 = 0x0073_7570_7072_6573;

/// A table that holds rows which no decision knows.
struct Stale {
    situation: i64,
    period: String,
    last_row: i64,
}

/// Decides every table that is not decided for what it holds and for the threshold of now. The number of those.
pub(crate) async fn decide_all(
    database: &Database,
    all: impl Iterator<Item = &'static SuppressedFigures>,
    thresholds: Thresholds,
    now: DateTime<Utc>,
) -> Result<usize, DbErr> {
    let mut decided = 0;
    for figures in all {
        let threshold = (figures.threshold)(thresholds);
        let transaction = database.begin().await?;
        // Two processes would decide the same tables, each without the other's decision.
        take_turn(&transaction, ADVISORY_LOCK).await?;
        for table in stale(&transaction, figures, threshold).await? {
            decide(&transaction, figures, table, threshold, now).await?;
            decided += 1;
        }
        transaction.commit().await?;
    }
    Ok(decided)
}

async fn stale(
    transaction: &DatabaseTransaction,
    figures: &SuppressedFigures,
    threshold: u32,
) -> Result<Vec<Stale>, DbErr> {
    let working = if figures.has_published {
        " WHERE NOT is_published"
    } else {
        ""
    };
    let sql = format!(
        "SELECT situation_id, period, MAX(id) FROM {}{working} GROUP BY situation_id, period \
         ORDER BY situation_id, period",
        figures.table
    );
    let statement = Statement::from_string(transaction.get_database_backend(), sql);
    let known: HashMap<(i64, String), Model> = Entity::find()
        .filter(Column::Figures.eq(figures.name))
        .order_by_asc(Column::Id)
        .all(transaction)
        .await?
        .into_iter()
        .map(|row| ((row.situation_id, row.period.clone()), row))
        .collect();
    let mut stale = Vec::new();
    for row in transaction.query_all_raw(statement).await? {
        let table = Stale {
            situation: row.try_get_by_index(0)?,
            period: row.try_get_by_index(1)?,
            last_row: row.try_get_by_index(2)?,
        };
        let decision = known.get(&(table.situation, table.period.clone()));
        let is_current = decision.is_some_and(|decision| {
            decision.last_row == table.last_row
                && u32::try_from(decision.threshold) == Ok(threshold)
        });
        if !is_current {
            stale.push(table);
        }
    }
    Ok(stale)
}

async fn decide(
    transaction: &DatabaseTransaction,
    figures: &SuppressedFigures,
    table: Stale,
    threshold: u32,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    // A period that cannot be read is answered with an error, and never told.
    let Ok(period) = table.period.parse::<Period>() else {
        return Ok(());
    };
    let versions = (figures.versions)(transaction, table.situation, &table.period).await?;
    let earlier = Entity::find()
        .filter(Column::Figures.eq(figures.name))
        .filter(Column::SituationId.eq(table.situation))
        .filter(Column::Period.eq(&table.period))
        .order_by_asc(Column::Id)
        .all(transaction)
        .await?;
    let earlier: Vec<_> = earlier
        .into_iter()
        .filter_map(|row| {
            Some(Earlier {
                last_row: row.last_row,
                suppressed: serde_json::from_str(&row.suppressed).ok()?,
            })
        })
        .collect();
    let standing = figures.standing;
    let outcome =
        tokio::task::spawn_blocking(move || suppressed(&versions, standing, &earlier, threshold))
            .await;
    let Outcome {
        suppressed,
        is_coarse,
    } = outcome.map_err(|error| DbErr::Custom(error.to_string()))?;
    let decision = ActiveModel {
        id: NotSet,
        figures: Set(figures.name.to_owned()),
        situation_id: Set(table.situation),
        period: Set(table.period),
        period_start: Set(period.start()),
        period_end: Set(period.end()),
        last_row: Set(table.last_row),
        threshold: Set(i32::try_from(threshold).unwrap_or(i32::MAX)),
        is_coarse: Set(is_coarse),
        suppressed: Set(serde_json::to_string(&suppressed).unwrap_or_default()),
        decided_at: Set(now),
    };
    Entity::insert(decision)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}
