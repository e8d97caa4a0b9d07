//! Review cycles and what entities handed in for them.

use chrono::NaiveDate;
use entities::{
    area, entity_input, review_cycle,
    terms::{CycleKind, CycleState},
};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
};

use crate::{
    database::Database,
    vocabulary::{self, Keyset, Page, Part, SortKind, SortedList, Span, Viewer, present_cycle},
};

/// The cycles that exist for the viewer: all, or none for who needs to know of no situation.
pub(crate) fn cycles(viewer: &Viewer) -> Select<review_cycle::Entity> {
    review_cycle::Entity::find().filter(viewer.needs_any())
}

/// Which cycles are asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct CycleFilter {
    /// Of this kind.
    pub(crate) kind: Option<CycleKind>,
    /// Of this region.
    pub(crate) region: Option<String>,
    /// In one of these states.
    pub(crate) states: Option<Vec<CycleState>>,
    /// With a period within these days.
    pub(crate) periods: Option<Span>,
}

/// Name of the list in its cursors.
pub(crate) const CYCLES: SortedList =
    SortedList::new("review cycles, the latest first", SortKind::Date);

/// A part of the list of cycles.
pub(crate) async fn page_of_cycles(
    database: &Database,
    viewer: &Viewer,
    filter: &CycleFilter,
    part: &Part,
) -> Result<Page<review_cycle::Model>, DbErr> {
    use review_cycle::Column;
    let mut rows = cycles(viewer);
    if let Some(kind) = filter.kind {
        rows = rows.filter(Column::Kind.eq(kind));
    }
    if let Some(region) = &filter.region {
        let region = area::Entity::find()
            .select_only()
            .column(area::Column::Id)
            .filter(area::Column::PublicId.eq(region))
            .into_query();
        rows = rows.filter(Column::RegionId.in_subquery(region));
    }
    if let Some(states) = &filter.states {
        rows = rows.filter(Column::State.is_in(states.iter().copied()));
    }
    if let Some(periods) = filter.periods {
        rows = rows
            .filter(Column::PeriodStart.gte(periods.start))
            .filter(Column::PeriodEnd.lte(periods.end));
    }
    let latest = review_cycle::Column::PeriodStart.into_expr();
    Keyset::<_, NaiveDate>::new(CYCLES.name, latest, Order::Desc, Column::PublicId)
        .page(rows, part, &database.read)
        .await
}

/// The cycle of a kind whose inputs are open or which is in session; the latest, if several are.
pub(crate) async fn current_cycle(
    database: &Database,
    viewer: &Viewer,
    kind: CycleKind,
) -> Result<Option<review_cycle::Model>, DbErr> {
    use CycleState::{Consolidated, InSession, InputClosed, InputOpen};
    use review_cycle::Column;
    cycles(viewer)
        .filter(Column::Kind.eq(kind))
        .filter(Column::State.is_in([InputOpen, InputClosed, Consolidated, InSession]))
        .order_by_desc(Column::PeriodStart)
        .order_by_asc(Column::PublicId)
        .limit(1)
        .one(&database.read)
        .await
}

/// The monthly cycle that began last.
pub(crate) async fn latest_cycle(
    database: &Database,
    viewer: &Viewer,
) -> Result<Option<review_cycle::Model>, DbErr> {
    cycles(viewer)
        .filter(review_cycle::Column::Id.in_subquery(present_cycle()))
        .one(&database.read)
        .await
}

/// The inputs as they stand for the viewer, on situations that exist for the viewer.
pub(crate) fn inputs(viewer: &Viewer) -> Select<entity_input::Entity> {
    vocabulary::inputs(viewer).filter(viewer.needs(entity_input::Column::SituationId))
}
