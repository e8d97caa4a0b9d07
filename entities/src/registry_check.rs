//! `registry_checks`: what a check of a source found.

use sea_orm::entity::prelude::*;

use crate::terms::CheckOutcome;

/// What a check of a source found.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registry_checks")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Identifier in the graph.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// The source.
    #[sea_orm(column_type = "Text")]
    pub source_name: String,
    /// Code of the entity that asked.
    #[sea_orm(column_type = "Text")]
    pub entity: String,
    /// What it came to.
    pub outcome: CheckOutcome,
    /// SHA-256 of the SDL as it was given.
    #[sea_orm(column_type = "Text")]
    pub given_hash: String,
    /// What was found, as JSON.
    #[sea_orm(column_type = "Text")]
    pub report: String,
    /// When.
    pub checked_at: DateTimeUtc,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
