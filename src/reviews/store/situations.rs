//! Situations and how they are judged.

use entities::{area, situation, situation_area, situation_state, terms::Classification};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, Order, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, SelectStatement},
};

use super::super::terms::SituationOrder;
use crate::{
    database::Database,
    vocabulary::{
        Keyset, Page, Part, SortKind, SortedList, Viewer, dated, holds_text, levels_up_to,
    },
};

/// The situations that exist for the viewer.
pub(crate) fn situations(viewer: &Viewer) -> Select<situation::Entity> {
    situation::Entity::find().filter(viewer.visible_situations())
}

/// Which situations are asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct SituationFilter {
    /// In one of these areas.
    pub(crate) areas: Option<Vec<String>>,
    /// In one of these regions, or in an area within one.
    pub(crate) regions: Option<Vec<String>>,
    /// With this text in the English title.
    pub(crate) text: Option<String>,
    /// Whether invented ones are among them.
    pub(crate) include_examples: Option<bool>,
}

/// Name of the list in its cursors, and the kind of value it is ordered by.
pub(crate) fn order(order: SituationOrder) -> SortedList {
    match order {
        SituationOrder::Title => SortedList::new("situations by TITLE", SortKind::Text),
        SituationOrder::SinceDesc => SortedList::new("situations by SINCE_DESC", SortKind::Date),
        SituationOrder::UpdatedDesc => {
            SortedList::new("situations by UPDATED_DESC", SortKind::Instant)
        }
    }
}

/// A part of the list of situations.
pub(crate) async fn page_of_situations(
    database: &Database,
    viewer: &Viewer,
    filter: &SituationFilter,
    by: SituationOrder,
    part: &Part,
) -> Result<Page<situation::Model>, DbErr> {
    use situation::Column;
    let mut rows = situations(viewer);
    if let Some(areas) = &filter.areas {
        let areas = area::Entity::find().filter(area::Column::PublicId.is_in(areas));
        rows = rows.filter(Column::Id.in_subquery(situations_in(keys(areas))));
    }
    if let Some(regions) = &filter.regions {
        rows = rows.filter(Column::Id.in_subquery(situations_in_regions(regions)));
    }
    if let Some(text) = &filter.text {
        rows = rows.filter(holds_text(Column::TitleEn, text));
    }
    if filter.include_examples == Some(false) {
        rows = rows.filter(Column::IsExample.eq(false));
    }
    let list = order(by).name;
    let (tie, read) = (Column::PublicId, &database.read);
    match by {
        SituationOrder::Title => {
            let title = Column::TitleEn.into_expr();
            Keyset::<_, String>::new(list, title, Order::Asc, tie)
                .page(rows, part, read)
                .await
        }
        SituationOrder::SinceDesc => {
            let since = dated(Column::Since);
            Keyset::<_, chrono::NaiveDate>::new(list, since, Order::Desc, tie)
                .page(rows, part, read)
                .await
        }
        SituationOrder::UpdatedDesc => {
            let updated = Column::UpdatedAt.into_expr();
            Keyset::<_, chrono::DateTime<chrono::Utc>>::new(list, updated, Order::Desc, tie)
                .page(rows, part, read)
                .await
        }
    }
}

fn keys(areas: Select<area::Entity>) -> SelectStatement {
    areas.select_only().column(area::Column::Id).into_query()
}

fn situations_in(areas: SelectStatement) -> SelectStatement {
    situation_area::Entity::find()
        .select_only()
        .column(situation_area::Column::SituationId)
        .filter(situation_area::Column::AreaId.in_subquery(areas))
        .into_query()
}

/// The situations in these regions: areas lie in a region, or in an area that lies in one.
pub(super) fn situations_in_regions(regions: &[String]) -> SelectStatement {
    use area::Column;
    let within =
        |areas: SelectStatement| area::Entity::find().filter(Column::ParentId.in_subquery(areas));
    let themselves = || area::Entity::find().filter(Column::PublicId.is_in(regions));
    let below = within(keys(themselves()));
    let further_below = within(keys(below.clone()));
    let all = Expr::expr(Column::Id.into_expr())
        .in_subquery(keys(themselves()))
        .or(Column::Id.in_subquery(keys(below)))
        .or(Column::Id.in_subquery(keys(further_below)));
    situations_in(keys(area::Entity::find().filter(all)))
}

/// The states that have taken effect.
pub(crate) fn situation_states(viewer: &Viewer) -> Select<situation_state::Entity> {
    use situation_state::Column;
    situation_state::Entity::find()
        .filter(viewer.known::<situation_state::Entity>())
        .filter(viewer.needs(Column::SituationId))
        .filter(Column::EffectiveOn.lte(viewer.today()))
        .filter(
            Column::Classification
                .is_in(levels_up_to(Classification::Confidential).iter().copied()),
        )
}
