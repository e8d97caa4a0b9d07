//! Tables that keep every revision of their records.

use sea_orm::EntityTrait;

/// A table that keeps every revision of its records.
pub trait Revised: EntityTrait {
    /// Whether a revision is the last, since when it is known here, and until when.
    const REVISION: [Self::Column; 3];
    /// The entity whose rows they are, where a revision can be held back until a day; its clearing officers know
    /// of it before.
    const HELD_BACK_BY: Option<&'static str> = None;
    /// Whether its record is sealed, where records can be: then it exists for nobody.
    const SEALED_AT: Option<Self::Column> = None;
}

macro_rules! revised {
    ($($table:ident $(held back by $owner:literal)? $(, $sealable:ident)?);* $(;)?) => {
        $(
            impl Revised for crate::$table::Entity {
                const REVISION: [Self::Column; 3] = [
                    crate::$table::Column::IsCurrent,
                    crate::$table::Column::KnownFrom,
                    crate::$table::Column::KnownTo,
                ];
                $(const HELD_BACK_BY: Option<&'static str> = Some($owner);)?
                $(revised! { @ $sealable $table })?
            }
        )*
    };
    (@ sealable $table:ident) => {
        const SEALED_AT: Option<Self::Column> = Some(crate::$table::Column::SealedAt);
    };
}

revised! {
    caac_listing held back by "SRSG_CAAC", sealable;
    casualty held back by "OHCHR";
    commitment;
    communication, sealable;
    crsv_admin1_count;
    crsv_count held back by "SRSG_SVC";
    crsv_listing held back by "SRSG_SVC", sealable;
    crsv_setting;
    entity_block, sealable;
    entity_input, sealable;
    field_presence;
    need_to_know_grant;
    published_table;
    recommendation, sealable;
    risk_assessment, sealable;
    risk_finding;
    signal, sealable;
    situation_state, sealable;
    violation_count held back by "SRSG_CAAC";
}
