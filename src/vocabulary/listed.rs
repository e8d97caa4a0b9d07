//! The listings that are open, and the parties that are known through them.
//!
//! All parties are monitored, listed or not: that one is monitored is confidential until it is
//! listed in public.

use entities::{caac_listing, crsv_listing, party, terms::Classification};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use super::viewer::{Viewer, levels_up_to};

const UNCLASSIFIED: &[Classification] = levels_up_to(Classification::Unclassified);

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

/// The condition on `parties` for this viewer: without clearance, a party that no open listing
/// names does not exist.
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
