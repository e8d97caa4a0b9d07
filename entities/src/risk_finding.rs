//! `risk_findings`: what was found on one indicator in an assessment.

use sea_orm::entity::prelude::*;

use crate::list::TextList;
use crate::terms::{Classification, Presence, Trend};

/// What was found on one indicator in an assessment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "risk_findings")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// Record key of the assessment.
    #[sea_orm(column_type = "Text")]
    pub assessment_key: String,
    /// The indicator.
    pub indicator_id: i64,
    /// Whether it was observed.
    pub presence: Presence,
    /// Where it is heading.
    pub trend: Trend,
    /// Documents it rests on.
    pub evidence: TextList,
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
    /// The indicator.
    #[sea_orm(
        belongs_to = "super::risk_indicator::Entity",
        from = "Column::IndicatorId",
        to = "super::risk_indicator::Column::Id"
    )]
    Indicator,
}

impl ActiveModelBehavior for ActiveModel {}
