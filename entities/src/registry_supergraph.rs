//! `registry_supergraphs`: a supergraph that was served; the highest number is.

use sea_orm::entity::prelude::*;

use crate::terms::SupergraphCause;

/// A supergraph that was served; the highest number is.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registry_supergraphs")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Its number as text.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// 1 is the first.
    pub number: i32,
    /// The supergraph.
    #[sea_orm(column_type = "Text")]
    pub sdl: String,
    /// SHA-256 of it, in hexadecimal.
    #[sea_orm(column_type = "Text")]
    pub sdl_hash: String,
    /// SHA-256 over the SDL of the embedded sources that went into it.
    #[sea_orm(column_type = "Text")]
    pub embedded_hash: String,
    /// What made it.
    pub cause: SupergraphCause,
    /// The source that changed.
    #[sea_orm(column_type = "Text", nullable)]
    pub source_name: Option<String>,
    /// Why, where it had to be said.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// Code of the entity that made it.
    #[sea_orm(column_type = "Text")]
    pub made_by: String,
    /// When.
    pub made_at: DateTimeUtc,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
