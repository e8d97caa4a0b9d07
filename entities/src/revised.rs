//! Tables that keep every revision of their records.

use sea_orm::EntityTrait;

/// A table that keeps every revision of its records.
pub trait Revised: EntityTrait {
    /// Whether a revision is the last, since when it is known here, and until when.
    const REVISION: [Self::Column; 3];
}

macro_rules! revised {
    ($($table:ident),* $(,)?) => {
        $(
            impl Revised for crate::$table::Entity {
                const REVISION: [Self::Column; 3] = [
                    crate::$table::Column::IsCurrent,
                    crate::$table::Column::KnownFrom,
                    crate::$table::Column::KnownTo,
                ];
            }
        )*
    };
}

revised! {
    caac_listing, casualty, commitment, communication, crsv_admin1_count, crsv_count, crsv_listing,
    crsv_setting, entity_block, entity_input, field_presence, need_to_know_grant, published_table, recommendation, risk_assessment,
    risk_finding, signal, situation_state, violation_count,
}
