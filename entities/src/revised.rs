//! Tables that keep every revision of their records.

use sea_orm::EntityTrait;

/// A table that keeps every revision of its records.
pub trait Revised: EntityTrait {
    /// Whether a revision is the last, since when it is known here, and until when.
    const REVISION: [Self::Column; 3];
    /// The entity whose rows they are, where a revision can be held back until a day; its clearing officers know
    /// of it before.
    const HELD_BACK_BY: Option<&'static str> = None;
}

macro_rules! revised {
    ($($table:ident $(held back by $owner:literal)?),* $(,)?) => {
        $(
            impl Revised for crate::$table::Entity {
                const REVISION: [Self::Column; 3] = [
                    crate::$table::Column::IsCurrent,
                    crate::$table::Column::KnownFrom,
                    crate::$table::Column::KnownTo,
                ];
                $(const HELD_BACK_BY: Option<&'static str> = Some($owner);)?
            }
        )*
    };
}

revised! {
    caac_listing held back by "SRSG_CAAC",
    casualty held back by "OHCHR",
    commitment,
    communication,
    crsv_admin1_count,
    crsv_count held back by "SRSG_SVC",
    crsv_listing held back by "SRSG_SVC",
    crsv_setting,
    entity_block,
    entity_input,
    field_presence,
    need_to_know_grant,
    published_table,
    recommendation,
    risk_assessment,
    risk_finding,
    signal,
    situation_state,
    violation_count held back by "SRSG_CAAC",
}
