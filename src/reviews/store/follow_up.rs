//! Decisions, actions and changes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::{action, action_item, change, decision, review_item, terms::ActionState};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Select};

use super::items::items;
use crate::{
    database::Database,
    vocabulary::{Viewer, all_of, column_of},
};

/// The decisions, in the order they were taken.
pub(crate) fn decisions(viewer: &Viewer) -> Select<decision::Entity> {
    let items = column_of(items(viewer), review_item::Column::Id);
    decision::Entity::find()
        .filter(decision::Column::ItemId.in_subquery(items))
        .filter(decision::Column::SealedAt.is_null())
        .order_by_asc(decision::Column::DecidedAt)
        .order_by_asc(decision::Column::Id)
}

/// The actions on situations that exist for the viewer.
fn existing_actions(viewer: &Viewer) -> Select<action::Entity> {
    action::Entity::find()
        .filter(viewer.needs(action::Column::SituationId))
        .filter(action::Column::SealedAt.is_null())
}

/// The actions on situations that exist for the viewer, the first due first.
pub(crate) fn actions(viewer: &Viewer) -> Select<action::Entity> {
    existing_actions(viewer)
        .order_by_asc(action::Column::DueOn)
        .order_by_asc(action::Column::Id)
}

/// Those of them that are neither done nor given up.
pub(crate) fn open_actions(viewer: &Viewer) -> Select<action::Entity> {
    actions(viewer)
        .filter(action::Column::State.is_in([ActionState::Open, ActionState::InProgress]))
}

/// Which actions stand under which items, of those that exist for the viewer.
pub(crate) fn action_items(viewer: &Viewer) -> Select<action_item::Entity> {
    use action_item::Column;
    let items = column_of(items(viewer), review_item::Column::Id);
    action_item::Entity::find()
        .filter(Column::ItemId.in_subquery(items))
        .filter(
            Column::ActionId.in_subquery(column_of(existing_actions(viewer), action::Column::Id)),
        )
        .order_by_asc(Column::Id)
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
            .filter(change::Column::SealedAt.is_null())
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
