//! `violation_counts`: grave violations in a period; verified, late and pending never add up.

use sea_orm::entity::prelude::*;

use crate::terms::{Classification, GraveViolation, PeriodKind};

/// Grave violations in a period; verified, late and pending never add up.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "violation_counts")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// The situation it is about.
    pub situation_id: i64,
    /// Code of the period: `2026-11`, `2026-Q4`, `2026`.
    #[sea_orm(column_type = "Text")]
    pub period: String,
    /// How long the period is.
    pub period_kind: PeriodKind,
    /// First day of the period.
    pub period_start: Date,
    /// Last day of the period.
    pub period_end: Date,
    /// Whether this is the annual figure reported to the Security Council.
    pub is_published: bool,
    /// The day until which this revision is held back.
    pub public_on: Option<Date>,
    /// Which violation.
    pub violation: GraveViolation,
    /// The party it is attributed to.
    pub party_id: Option<i64>,
    /// Boys, verified in the period; null where not collected.
    pub verified_boys: Option<i32>,
    /// Girls, likewise.
    pub verified_girls: Option<i32>,
    /// Sex unknown, likewise.
    pub verified_unknown: Option<i32>,
    /// All verified in the period.
    pub verified_total: Option<i32>,
    /// Boys, verified after the period.
    pub late_boys: Option<i32>,
    /// Girls, likewise.
    pub late_girls: Option<i32>,
    /// Sex unknown, likewise.
    pub late_unknown: Option<i32>,
    /// All verified after the period.
    pub late_total: Option<i32>,
    /// Awaiting verification.
    pub pending: Option<i32>,
    /// Whether the figure can be compared with that of the period before.
    pub comparable_with_previous: bool,
    /// Code of the entity that holds the record.
    #[sea_orm(column_type = "Text")]
    pub source: String,
    /// What time the record is true of.
    pub as_of: DateTimeUtc,
    /// 1 is the first; a correction adds one.
    pub revision: i32,
    /// When this revision was made.
    pub revised_at: DateTimeUtc,
    /// Whether no later revision is stored.
    pub is_current: bool,
    /// Since when this revision is known here.
    pub known_from: DateTimeUtc,
    /// When another took its place; null while none has.
    pub known_to: Option<DateTimeUtc>,
    /// How the record was made.
    #[sea_orm(column_type = "Text", nullable)]
    pub method: Option<String>,
    /// Symbol of the document it was published in.
    #[sea_orm(column_type = "Text", nullable)]
    pub document_symbol: Option<String>,
    /// Level of sensitivity.
    pub classification: Classification,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The situation it is about.
    #[sea_orm(
        belongs_to = "super::situation::Entity",
        from = "Column::SituationId",
        to = "super::situation::Column::Id"
    )]
    Situation,
    /// The party it is attributed to.
    #[sea_orm(
        belongs_to = "super::party::Entity",
        from = "Column::PartyId",
        to = "super::party::Column::Id"
    )]
    Party,
}

impl ActiveModelBehavior for ActiveModel {}
