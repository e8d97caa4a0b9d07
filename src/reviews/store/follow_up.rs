//! Decisions, actions and changes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::{action, action_item, change, decision, terms::ActionState};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QueryTrait, Select};

use super::items::items;
use crate::{
    database::Database,
    vocabulary::{Viewer, all_of},
};

/// The decisions, in the order they were taken.
pub(crate) fn decisions(viewer: &Viewer) -> Select<decision::Entity> {
    use sea_orm::QuerySelect;
    let items = items(viewer)
        .select_only()
        .column(entities::review_item::Column::Id)
        .into_query();
    decision::Entity::find()
        .filter(decision::Column::ItemId.in_subquery(items))
        .order_by_asc(decision::Column::DecidedAt)
        .order_by_asc(decision::Column::Id)
}

/// The actions on situations that exist for the viewer, the first due first.
pub(crate) fn actions(viewer: &Viewer) -> Select<action::Entity> {
    action::Entity::find()
        .filter(viewer.needs(action::Column::SituationId))
        .order_by_asc(action::Column::DueOn)
        .order_by_asc(action::Column::Id)
}

/// Those of them that are neither done nor given up.
pub(crate) fn open_actions(viewer: &Viewer) -> Select<action::Entity> {
    actions(viewer)
        .filter(action::Column::State.is_in([ActionState::Open, ActionState::InProgress]))
}

/// Which actions stand under which items.
pub(crate) fn action_items(_: &Viewer) -> Select<action_item::Entity> {
    action_item::Entity::find().order_by_asc(action_item::Column::Id)
}

/// What changed in each situation since an instant, the last first.
pub(crate) async fn changes_since(
    database: &Database,
    viewer: &Viewer,
    situations: &[i64],
    since: DateTime<Utc>,
) -> Result<HashMap<i64, Vec<change::Model>>, DbErr> {
    let rows = all_of(situations, &database.read, |chunk| {
        change::Entity::find()
            .filter(change::Column::SituationId.is_in(chunk.iter().copied()))
            .filter(viewer.needs(change::Column::SituationId))
            .filter(change::Column::At.gt(since))
            .order_by_desc(change::Column::At)
            .order_by_desc(change::Column::Id)
    })
    .await?;
    let mut lists: HashMap<i64, Vec<_>> = HashMap::new();
    for row in rows {
        lists.entry(row.situation_id).or_default().push(row);
    }
    Ok(lists)
}
