//! Reads SRSG-CAAC's records. Nothing is read above the level of the field it is read for.

use std::collections::{HashMap, HashSet};

use entities::{caac_listing, party, violation_count};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::service::ViolationArguments;
use crate::{
    database::Database,
    vocabulary::{CHUNK, CLEARED, OPEN, Viewer, all_of, situation_rows},
};

situation_rows! {
    /// The listings that may be told openly.
    open_listings, caac_listing, OPEN
}

/// The open listings, by the name in the annex.
pub(crate) fn listings(viewer: Viewer) -> Select<caac_listing::Entity> {
    use caac_listing::Column;
    open_listings(viewer)
        .order_by_asc(Column::ListedAs)
        .order_by_asc(Column::ListedOn)
        .order_by_asc(Column::Id)
}

/// The violation rows of each situation.
pub(crate) async fn violations_of(
    database: &Database,
    situations: &[i64],
    arguments: &ViolationArguments,
) -> Result<HashMap<i64, Vec<violation_count::Model>>, DbErr> {
    use violation_count::Column;
    let levels = if arguments.is_published {
        OPEN
    } else {
        CLEARED
    };
    let rows = all_of(situations, &database.read, |chunk| {
        violation_count::Entity::find()
            .filter(Column::SituationId.is_in(chunk.iter().copied()))
            .filter(Column::IsPublished.eq(arguments.is_published))
            .filter(Column::IsCurrent.eq(true))
            .filter(Column::Classification.is_in(levels.iter().copied()))
            .filter(Column::PeriodStart.gte(arguments.span.start))
            .filter(Column::PeriodEnd.lte(arguments.span.end))
            .order_by_asc(Column::Id)
    })
    .await?;
    let mut lists: HashMap<i64, Vec<_>> = HashMap::new();
    for row in rows {
        lists.entry(row.situation_id).or_default().push(row);
    }
    Ok(lists)
}

/// The parties in rows that exist for the viewer.
pub(crate) async fn visible_parties_of(
    database: &Database,
    viewer: Viewer,
    rows: &HashMap<i64, Vec<violation_count::Model>>,
) -> Result<HashSet<i64>, DbErr> {
    let named: HashSet<i64> = rows
        .values()
        .flatten()
        .filter_map(|row| row.party_id)
        .collect();
    if viewer.sees_hidden() {
        return Ok(named);
    }
    let named: Vec<_> = named.into_iter().collect();
    let mut visible = HashSet::new();
    for chunk in named.chunks(CHUNK) {
        let found: Vec<i64> = party::Entity::find()
            .select_only()
            .column(party::Column::Id)
            .filter(party::Column::Id.is_in(chunk.iter().copied()))
            .filter(viewer.visible_parties())
            .into_tuple()
            .all(&database.read)
            .await?;
        visible.extend(found);
    }
    Ok(visible)
}
