//! Frozen profiles, and parts of inputs.

use entities::{frozen_part, frozen_profile, input_narrative, review_item, terms::Classification};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};

use super::items::items;
use crate::{
    auth::EXACT,
    vocabulary::{Viewer, column_of},
};

/// The frozen profiles of items that exist for the viewer, the last first.
pub(crate) fn frozen_profiles(viewer: &Viewer) -> Select<frozen_profile::Entity> {
    let items = column_of(items(viewer), review_item::Column::Id);
    frozen_profile::Entity::find()
        .filter(frozen_profile::Column::ItemId.in_subquery(items))
        .order_by_desc(frozen_profile::Column::Version)
}

/// What of them can be told: up to the viewer's clearance, and with the scopes for exact figures that the viewer has.
pub(crate) fn frozen_parts(viewer: &Viewer) -> Select<frozen_part::Entity> {
    use frozen_part::Column;
    let scopes = EXACT
        .into_iter()
        .filter(|scope| viewer.reads_exactly(scope));
    let scopes = std::iter::once("").chain(scopes);
    let profiles = column_of(frozen_profiles(viewer), frozen_profile::Column::Id);
    frozen_part::Entity::find()
        .filter(Column::FrozenId.in_subquery(profiles))
        .filter(Column::Level.is_in(viewer.levels().iter().copied()))
        .filter(Column::Scope.is_in(scopes))
        .order_by_asc(Column::Scope)
}

/// All of them, whoever asks: of these only whether they are as they were is told.
pub(crate) fn all_frozen_parts(viewer: &Viewer) -> Select<frozen_part::Entity> {
    let profiles = column_of(frozen_profiles(viewer), frozen_profile::Column::Id);
    frozen_part::Entity::find().filter(frozen_part::Column::FrozenId.in_subquery(profiles))
}

/// The parts of inputs' texts up to the viewer's clearance, in order.
pub(crate) fn narratives(viewer: &Viewer) -> Select<input_narrative::Entity> {
    use input_narrative::Column;
    let levels: &[Classification] = viewer.levels();
    input_narrative::Entity::find()
        .filter(Column::Classification.is_in(levels.iter().copied()))
        .order_by_asc(Column::Position)
}
