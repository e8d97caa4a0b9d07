//! Areas, parties and bodies.

use entities::{area, organisation, organisation_name, party, party_former_name, situation_area};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, Select};

use crate::vocabulary::Viewer;

/// All areas.
pub(crate) fn areas(_: &Viewer) -> Select<area::Entity> {
    area::Entity::find()
}

/// The areas of situations, in order.
pub(crate) fn areas_of(_: &Viewer) -> Select<situation_area::Entity> {
    situation_area::Entity::find()
        .order_by_asc(situation_area::Column::Position)
        .order_by_asc(situation_area::Column::Id)
}

/// The parties that exist for the viewer.
pub(crate) fn parties(viewer: &Viewer) -> Select<party::Entity> {
    party::Entity::find().filter(viewer.visible_parties())
}

/// The names that parties had, the last first.
pub(crate) fn former_names(_: &Viewer) -> Select<party_former_name::Entity> {
    party_former_name::Entity::find()
        .order_by_desc(party_former_name::Column::UsedUntil)
        .order_by_asc(party_former_name::Column::Name)
}

/// All bodies, by code.
pub(crate) fn organisations(_: &Viewer) -> Select<organisation::Entity> {
    organisation::Entity::find().order_by_asc(organisation::Column::RecordKey)
}

/// The present and former names of bodies.
pub(crate) fn organisation_names(_: &Viewer) -> Select<organisation_name::Entity> {
    organisation_name::Entity::find().order_by_asc(organisation_name::Column::Id)
}
