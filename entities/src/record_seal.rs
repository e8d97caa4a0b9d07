//! `record_seals`: a record that was sealed, which is all that remains of it once its key is destroyed.

use sea_orm::entity::prelude::*;

use crate::terms::Classification;

/// A record that was sealed, in all revisions up to one.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "record_seals")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Identifier in the graph.
    #[sea_orm(column_type = "Text")]
    pub public_id: String,
    /// Table of the record.
    #[sea_orm(column_type = "Text")]
    pub record_table: String,
    /// Natural key of the record.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// The last revision that is sealed.
    pub through_revision: i32,
    /// The id that the audit trail names it by, or that of its situation where it has none.
    #[sea_orm(column_type = "Text", nullable)]
    pub record_id: Option<String>,
    /// The situation that it is about.
    pub situation_id: i64,
    /// Code of the entity whose it is; null for the review's own.
    #[sea_orm(column_type = "Text", nullable)]
    pub owner: Option<String>,
    /// The highest level that it had.
    pub level: Classification,
    /// Why, without the text itself.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// HMAC of its texts with its key, in hexadecimal: a copy made before can be compared, and once the key is
    /// destroyed nobody can try texts against it.
    #[sea_orm(column_type = "Text")]
    pub digest: String,
    /// When it was sealed.
    pub sealed_at: DateTimeUtc,
    /// By whom, as JSON.
    #[sea_orm(column_type = "Text")]
    pub sealed_by: String,
    /// When the seal was lifted.
    pub lifted_at: Option<DateTimeUtc>,
    /// By whom.
    #[sea_orm(column_type = "Text", nullable)]
    pub lifted_by: Option<String>,
    /// When the first of two persons asked to destroy its key.
    pub destruction_asked_at: Option<DateTimeUtc>,
    /// Who that was.
    #[sea_orm(column_type = "Text", nullable)]
    pub destruction_asked_by: Option<String>,
    /// When its key was destroyed.
    pub destroyed_at: Option<DateTimeUtc>,
    /// Who confirmed that.
    #[sea_orm(column_type = "Text", nullable)]
    pub destroyed_by: Option<String>,
    /// When what was destroyed had left the files of the database as well.
    pub erased_at: Option<DateTimeUtc>,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The situation that it is about.
    #[sea_orm(
        belongs_to = "super::situation::Entity",
        from = "Column::SituationId",
        to = "super::situation::Column::Id"
    )]
    Situation,
}

impl ActiveModelBehavior for ActiveModel {}
