//! Reads SRSG-SVC's records as far as they exist for the viewer. No figure is read above the level of the field it
//! is read for.

use std::collections::HashMap;

use entities::{commitment, crsv_admin1_count, crsv_listing, crsv_setting, terms::Classification};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Select};

use super::{service::CrsvArguments, suppressed};
use crate::{
    database::Database,
    records::printed::CRSV,
    sources::{printed::Printed, suppressed::Decisions},
    vocabulary::{
        OPEN, Span, Viewer, all_of, by_situation, figure_rows, levels_up_to, situation_rows,
    },
};

const STRICTLY_CONFIDENTIAL: &[Classification] = levels_up_to(Classification::StrictlyConfidential);

situation_rows! {
    /// The listings that exist for the viewer.
    current_listings, crsv_listing
}

/// The settings that every caller may see.
pub(crate) fn settings(viewer: &Viewer) -> Select<crsv_setting::Entity> {
    use crsv_setting::Column;
    crsv_setting::Entity::find()
        .filter(viewer.known::<crsv_setting::Entity>())
        .filter(Column::Classification.is_in(OPEN.iter().copied()))
}

/// The listings that exist for the viewer, by the name in the annex.
pub(crate) fn listings(viewer: &Viewer) -> Select<crsv_listing::Entity> {
    use crsv_listing::Column;
    current_listings(viewer)
        .order_by_asc(Column::ListedAs)
        .order_by_asc(Column::ListedOn)
        .order_by_asc(Column::Id)
}

/// The commitments that every caller may see, the first made first.
pub(crate) fn commitments(viewer: &Viewer) -> Select<commitment::Entity> {
    use commitment::Column;
    commitment::Entity::find()
        .filter(viewer.known::<commitment::Entity>())
        .filter(Column::Classification.is_in(OPEN.iter().copied()))
        .order_by_asc(Column::MadeOn)
        .order_by_asc(Column::Id)
}

figure_rows! {
    /// The national rows of each situation.
    counts_of, crsv_count, CrsvArguments
}

/// What is suppressed of figures for a viewer who does not hold `svc:exact`. Read before the figures.
pub(crate) async fn decisions(
    database: &Database,
    viewer: &Viewer,
    situations: &[i64],
    arguments: &CrsvArguments,
) -> Result<Decisions, DbErr> {
    if arguments.is_published || viewer.reads_exactly("svc:exact") {
        return Ok(Decisions::exact());
    }
    Decisions::of(
        database,
        viewer,
        &suppressed::NATIONAL,
        situations,
        arguments.span,
    )
    .await
}

/// What is suppressed of figures for a viewer who does not hold `svc:exact`. Read before the figures.
pub(crate) async fn division_decisions(
    database: &Database,
    viewer: &Viewer,
    situations: &[i64],
    span: Span,
) -> Result<Decisions, DbErr> {
    if viewer.reads_exactly("svc:exact") {
        return Ok(Decisions::exact());
    }
    Decisions::of(database, viewer, &suppressed::DIVISIONS, situations, span).await
}

/// What documents print of published figures that are broken down as asked.
pub(crate) async fn printed(
    database: &Database,
    viewer: &Viewer,
    arguments: &CrsvArguments,
) -> Result<Printed, DbErr> {
    if !arguments.is_published {
        return Ok(Printed::default());
    }
    Printed::by(database, viewer, CRSV, &arguments.printed_by()).await
}

/// The rows of each situation by division, in order of time.
pub(crate) async fn division_counts_of(
    database: &Database,
    viewer: &Viewer,
    situations: &[i64],
    span: Span,
) -> Result<HashMap<i64, Vec<crsv_admin1_count::Model>>, DbErr> {
    use crsv_admin1_count::Column;
    let rows = all_of(situations, &database.read, |chunk| {
        crsv_admin1_count::Entity::find()
            .filter(Column::SituationId.is_in(chunk.iter().copied()))
            .filter(viewer.needs(Column::SituationId))
            .filter(viewer.known::<crsv_admin1_count::Entity>())
            .filter(Column::Classification.is_in(STRICTLY_CONFIDENTIAL.iter().copied()))
            .filter(Column::PeriodStart.gte(span.start))
            .filter(Column::PeriodEnd.lte(span.end))
            .order_by_asc(Column::PeriodStart)
            .order_by_asc(Column::PeriodEnd)
            .order_by_asc(Column::AreaId)
            .order_by_asc(Column::Id)
    })
    .await?;
    Ok(by_situation(rows, |row| row.situation_id))
}
