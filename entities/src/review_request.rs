//! `review_requests`: an act on the review by the key that its client gave it, so that it happens once.

use sea_orm::entity::prelude::*;

/// An act by the key that its client gave it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "review_requests")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Who asked.
    #[sea_orm(column_type = "Text")]
    pub asked_by: String,
    /// The key.
    #[sea_orm(column_type = "Text")]
    pub request_key: String,
    /// SHA-256 of what was asked, in hexadecimal.
    #[sea_orm(column_type = "Text")]
    pub digest: String,
    /// The id of the record that it made or changed.
    #[sea_orm(column_type = "Text")]
    pub outcome: String,
    /// When.
    pub asked_at: DateTimeUtc,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
