//! `record_keys`: the key that the free text of a record is encrypted with.

use sea_orm::entity::prelude::*;

/// The key that the free text of a record is encrypted with, from one of its revisions on.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "record_keys")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// What encrypted texts name it by.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Table of the record.
    #[sea_orm(column_type = "Text")]
    pub record_table: String,
    /// Natural key of the record.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// The first revision whose text it encrypts.
    pub from_revision: i32,
    /// The key itself, in base64; null once it is destroyed.
    #[sea_orm(column_type = "Text", nullable)]
    pub secret: Option<String>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// Since when nothing is read with it; null while its record is not sealed.
    pub sealed_at: Option<DateTimeUtc>,
    /// When it was destroyed.
    pub destroyed_at: Option<DateTimeUtc>,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("RecordKey")
            .field("name", &self.name)
            .field("record_table", &self.record_table)
            .finish_non_exhaustive()
    }
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
