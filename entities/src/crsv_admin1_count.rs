//! `crsv_admin1_counts`: conflict-related sexual violence in a period by first-level division.

use sea_orm::entity::prelude::*;

use crate::terms::{Classification, PeriodKind};

/// Conflict-related sexual violence in a period by first-level division.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "crsv_admin1_counts")]
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
    /// The division.
    pub area_id: i64,
    /// Verified; null where not collected.
    pub verified: Option<i32>,
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
    /// The division.
    #[sea_orm(
        belongs_to = "super::area::Entity",
        from = "Column::AreaId",
        to = "super::area::Column::Id"
    )]
    Area,
}

impl ActiveModelBehavior for ActiveModel {}
