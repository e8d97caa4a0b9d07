//! Reads SRSG-CAAC's records as far as they exist for the viewer. No figure is read above the level of the field it
//! is read for.

use std::collections::{HashMap, HashSet};

use entities::{caac_listing, party, violation_count};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::{service::ViolationArguments, suppressed};
use crate::{
    database::Database,
    records::printed::VIOLATIONS,
    sources::{printed::Printed, suppressed::Decisions},
    vocabulary::{CHUNK, CLEARED, Viewer, figure_rows, situation_rows},
};

situation_rows! {
    /// The listings that exist for the viewer.
    current_listings, caac_listing
}

/// The listings that exist for the viewer, by the name in the annex.
pub(crate) fn listings(viewer: &Viewer) -> Select<caac_listing::Entity> {
    use caac_listing::Column;
    current_listings(viewer)
        .order_by_asc(Column::ListedAs)
        .order_by_asc(Column::ListedOn)
        .order_by_asc(Column::Id)
}

/// The parties that working figures name of which the viewer needs to know.
pub(crate) fn working_parties(viewer: &Viewer) -> Select<violation_count::Entity> {
    use violation_count::Column;
    violation_count::Entity::find()
        .filter(viewer.known::<violation_count::Entity>())
        .filter(Column::Classification.is_in(CLEARED.iter().copied()))
        .filter(Column::PartyId.is_not_null())
        .filter(viewer.needs(Column::SituationId))
}

figure_rows! {
    /// The violation rows of each situation.
    violations_of, violation_count, ViolationArguments
}

/// What is suppressed of figures for a viewer who does not hold `caac:exact`. Read before the figures.
pub(crate) async fn decisions(
    database: &Database,
    viewer: &Viewer,
    situations: &[i64],
    arguments: &ViolationArguments,
) -> Result<Decisions, DbErr> {
    if arguments.is_published || viewer.reads_exactly("caac:exact") {
        return Ok(Decisions::exact());
    }
    Decisions::of(
        database,
        viewer,
        &suppressed::FIGURES,
        situations,
        arguments.span,
    )
    .await
}

/// What documents print of published figures that are broken down as asked.
pub(crate) async fn printed(
    database: &Database,
    viewer: &Viewer,
    arguments: &ViolationArguments,
) -> Result<Printed, DbErr> {
    if !arguments.is_published {
        return Ok(Printed::default());
    }
    Printed::by(database, viewer, VIOLATIONS, &arguments.printed_by()).await
}

/// The parties in rows that exist for the viewer.
pub(crate) async fn visible_parties_of(
    database: &Database,
    viewer: &Viewer,
    rows: &HashMap<i64, Vec<violation_count::Model>>,
) -> Result<HashSet<i64>, DbErr> {
    let named: HashSet<i64> = rows
        .values()
        .flatten()
        .filter_map(|row| row.party_id)
        .collect();
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
