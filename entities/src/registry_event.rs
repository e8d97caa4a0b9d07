//! `registry_events`: something that was done to a source.

use sea_orm::entity::prelude::*;

use crate::terms::SourceEventKind;

/// Something that was done to a source.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registry_events")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Identifier.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// The source.
    #[sea_orm(column_type = "Text")]
    pub source_name: String,
    /// What was done.
    pub kind: SourceEventKind,
    /// Code of the entity that did it.
    #[sea_orm(column_type = "Text")]
    pub entity: String,
    /// More about it.
    #[sea_orm(column_type = "Text", nullable)]
    pub detail: Option<String>,
    /// When.
    pub happened_at: DateTimeUtc,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
