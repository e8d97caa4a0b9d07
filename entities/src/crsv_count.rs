//! `crsv_counts`: conflict-related sexual violence in a period by form: national figures.

use sea_orm::entity::prelude::*;

use crate::terms::{Classification, CrsvForm, PeriodKind};

/// Conflict-related sexual violence in a period by form: national figures.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "crsv_counts")]
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
    /// Whether this is the annual figure of the report.
    pub is_published: bool,
    /// The day until which this revision is held back.
    pub public_on: Option<Date>,
    /// Form.
    pub form: CrsvForm,
    /// Women, verified; null where not collected.
    pub women: Option<i32>,
    /// Girls, likewise.
    pub girls: Option<i32>,
    /// Men, likewise.
    pub men: Option<i32>,
    /// Boys, likewise.
    pub boys: Option<i32>,
    /// Sex or age unknown, likewise.
    pub unknown: Option<i32>,
    /// All verified.
    pub total: Option<i32>,
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
}

impl ActiveModelBehavior for ActiveModel {}
