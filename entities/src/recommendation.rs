//! `recommendations`: a recommendation of a human rights mechanism: an annotation of the Universal Human Rights Index.

use sea_orm::entity::prelude::*;

use crate::list::TextList;
use crate::terms::{Classification, Mechanism};

/// A recommendation of a human rights mechanism: an annotation of the Universal Human Rights Index.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recommendations")]
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
    /// Identifier of the annotation.
    #[sea_orm(column_type = "Text")]
    pub annotation_id: String,
    /// Which mechanism.
    pub mechanism: Mechanism,
    /// Which body of it.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// The recommendation.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// When it was published.
    pub published_on: Option<Date>,
    /// What it is about.
    pub themes: TextList,
    /// Whom it concerns.
    pub affected_persons: TextList,
    /// Goals and targets it bears on.
    pub sdgs: TextList,
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
