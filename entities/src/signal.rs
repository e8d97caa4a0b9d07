//! `signals`: an early-warning signal.

use sea_orm::entity::prelude::*;

use crate::terms::{Classification, Confidence};

/// An early-warning signal.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signals")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// Identifier in the graph.
    #[sea_orm(column_type = "Text")]
    pub public_id: String,
    /// The situation it is about.
    pub situation_id: i64,
    /// What kind of signal.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// When it was observed.
    pub observed_on: Date,
    /// What was observed.
    #[sea_orm(column_type = "Text", nullable)]
    pub summary: Option<String>,
    /// How sure the observer is.
    pub confidence: Confidence,
    /// Class of the informant.
    #[sea_orm(column_type = "Text", nullable)]
    pub source_class: Option<String>,
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
    /// When the record was sealed; null while it is not.
    pub sealed_at: Option<DateTimeUtc>,
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
