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

/// One rule for all that hang on a situation: as they stand, up to a level, and only where the
/// situation exists for the viewer.
macro_rules! situation_rows {
    ($(#[$description:meta])* $name:ident, $table:ident, $levels:ident $(, $rule:ident)?) => {
        $(#[$description])*
        pub fn $name(viewer: Viewer) -> Select<$table::Entity> {
            use $table::Column;
            $table::Entity::find()
                .filter(Column::IsCurrent.eq(true))
                .filter(Column::Classification.is_in($levels.iter().copied()))
                .filter(Column::SituationId.in_subquery(viewer.visible_situation_keys()))
                $(.filter(viewer.$rule()))?
        }
    };
}

situation_rows! {
    /// SRSG-CAAC's listings that may be told openly.
    open_caac_listings, caac_listing, UNCLASSIFIED
}
situation_rows! {
    /// SRSG-SVC's listings that may be told openly.
    open_crsv_listings, crsv_listing, UNCLASSIFIED
}
situation_rows! {
    /// The recommendations that may be told openly.
    open_recommendations, recommendation, UNCLASSIFIED
}
situation_rows! {
    /// The communications that may be told with clearance.
    current_communications, communication, CONFIDENTIAL, confidential_rows
}
situation_rows! {
    /// The signals that may be told with clearance.
    current_signals, signal, CONFIDENTIAL, confidential_rows
}
situation_rows! {
    /// The assessments that may be told with clearance.
    current_assessments, risk_assessment, CONFIDENTIAL, confidential_rows
}

/// The field presences that may be told openly; one may cover several situations or none.
pub fn open_presences(_: Viewer) -> Select<field_presence::Entity> {
    field_presence::Entity::find()
        .filter(field_presence::Column::IsCurrent.eq(true))
        .filter(field_presence::Column::Classification.is_in(UNCLASSIFIED.iter().copied()))
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
