//! Reads the example's records.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};

use super::notice::{Column, Entity};
use crate::vocabulary::{OPEN, Viewer};

/// The notices that every caller may see, in order.
pub(crate) fn open_notices(viewer: &Viewer) -> Select<Entity> {
    Entity::find()
        .filter(viewer.known::<Entity>())
        .filter(Column::Classification.is_in(OPEN.iter().copied()))
        .filter(Column::SituationId.in_subquery(viewer.visible_situation_keys()))
        .order_by_asc(Column::Id)
}
