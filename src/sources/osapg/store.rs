//! Reads OSAPG's records, as far as they exist for the viewer.

use entities::{risk_factor, risk_finding, risk_indicator};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};

use crate::vocabulary::{Viewer, situation_rows};

situation_rows! {
    /// The assessments that exist for the viewer, who needs to know of the situation.
    current_assessments, risk_assessment, cleared
}

/// The factors of the Framework, by number.
pub(crate) fn factors(_: &Viewer) -> Select<risk_factor::Entity> {
    risk_factor::Entity::find().order_by_asc(risk_factor::Column::Number)
}

/// The indicators of the Framework, in order.
pub(crate) fn indicators(_: &Viewer) -> Select<risk_indicator::Entity> {
    risk_indicator::Entity::find()
        .order_by_asc(risk_indicator::Column::Position)
        .order_by_asc(risk_indicator::Column::Id)
}

/// The findings as they stand.
pub(crate) fn findings(viewer: &Viewer) -> Select<risk_finding::Entity> {
    use risk_finding::Column;
    risk_finding::Entity::find()
        .filter(viewer.known::<risk_finding::Entity>())
        .filter(Column::Classification.is_in(viewer.levels().iter().copied()))
}
