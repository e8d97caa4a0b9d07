//! The mandates' records that have an id of their own, as far as they exist for a viewer: the
//! mandate that describes one and the review that finds it by its id go by the same rule.

use entities::{
    caac_listing, communication, crsv_listing, field_presence, party, recommendation,
    risk_assessment, signal, terms::Classification,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use super::viewer::{Viewer, levels_up_to};

const UNCLASSIFIED: &[Classification] = levels_up_to(Classification::Unclassified);
const CONFIDENTIAL: &[Classification] = levels_up_to(Classification::Confidential);

/// SRSG-CAAC's listings that may be told openly, on situations that exist for the viewer.
pub fn open_caac_listings(viewer: Viewer) -> Select<caac_listing::Entity> {
    use caac_listing::Column;
    caac_listing::Entity::find()
        .filter(Column::IsCurrent.eq(true))
        .filter(Column::Classification.is_in(UNCLASSIFIED.iter().copied()))
        .filter(Column::SituationId.in_subquery(viewer.visible_situation_keys()))
}

/// SRSG-SVC's listings that may be told openly, on situations that exist for the viewer.
pub fn open_crsv_listings(viewer: Viewer) -> Select<crsv_listing::Entity> {
    use crsv_listing::Column;
    crsv_listing::Entity::find()
        .filter(Column::IsCurrent.eq(true))
        .filter(Column::Classification.is_in(UNCLASSIFIED.iter().copied()))
        .filter(Column::SituationId.in_subquery(viewer.visible_situation_keys()))
}

/// The field presences that may be told openly.
pub fn open_presences(_: Viewer) -> Select<field_presence::Entity> {
    field_presence::Entity::find()
        .filter(field_presence::Column::IsCurrent.eq(true))
        .filter(field_presence::Column::Classification.is_in(UNCLASSIFIED.iter().copied()))
}

/// The recommendations that may be told openly.
pub fn open_recommendations(viewer: Viewer) -> Select<recommendation::Entity> {
    use recommendation::Column;
    recommendation::Entity::find()
        .filter(Column::IsCurrent.eq(true))
        .filter(Column::Classification.is_in(UNCLASSIFIED.iter().copied()))
        .filter(Column::SituationId.in_subquery(viewer.visible_situation_keys()))
}

/// The communications that may be told with clearance.
pub fn current_communications(viewer: Viewer) -> Select<communication::Entity> {
    use communication::Column;
    communication::Entity::find()
        .filter(Column::IsCurrent.eq(true))
        .filter(Column::Classification.is_in(CONFIDENTIAL.iter().copied()))
        .filter(Column::SituationId.in_subquery(viewer.visible_situation_keys()))
}

/// The signals that may be told with clearance.
pub fn current_signals(viewer: Viewer) -> Select<signal::Entity> {
    use signal::Column;
    signal::Entity::find()
        .filter(Column::IsCurrent.eq(true))
        .filter(Column::Classification.is_in(CONFIDENTIAL.iter().copied()))
        .filter(Column::SituationId.in_subquery(viewer.visible_situation_keys()))
}

/// The assessments that may be told with clearance.
pub fn current_assessments(viewer: Viewer) -> Select<risk_assessment::Entity> {
    use risk_assessment::Column;
    risk_assessment::Entity::find()
        .filter(Column::IsCurrent.eq(true))
        .filter(Column::Classification.is_in(CONFIDENTIAL.iter().copied()))
        .filter(Column::SituationId.in_subquery(viewer.visible_situation_keys()))
}

/// The condition on `parties` for this viewer: without clearance, a party that no open listing
/// names does not exist. All parties are monitored, listed or not: that one is monitored is
/// confidential until it is listed in public.
pub fn visible_parties(viewer: Viewer) -> Condition {
    if viewer.sees_hidden() {
        return Condition::all();
    }
    let by_caac = open_caac_listings(viewer)
        .select_only()
        .column(caac_listing::Column::PartyId)
        .into_query();
    let by_crsv = open_crsv_listings(viewer)
        .select_only()
        .column(crsv_listing::Column::PartyId)
        .into_query();
    Condition::any()
        .add(party::Column::Id.in_subquery(by_caac))
        .add(party::Column::Id.in_subquery(by_crsv))
}
