//! `commitments`: a commitment that a listed party made.

use sea_orm::entity::prelude::*;

use crate::terms::{Classification, CommitmentKind};

/// A commitment that a listed party made.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "commitments")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// Record key of the listing.
    #[sea_orm(column_type = "Text")]
    pub listing_key: String,
    /// How it committed itself.
    pub kind: CommitmentKind,
    /// When.
    pub made_on: Date,
    /// Where it can be read.
    #[sea_orm(column_type = "Text", nullable)]
    pub document_url: Option<String>,
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
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
