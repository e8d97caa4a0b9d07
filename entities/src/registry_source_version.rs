//! `registry_source_versions`: a version of a source, never changed.

use sea_orm::entity::prelude::*;

use crate::terms::{Classification, SourceKind};

/// A version of a source, never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registry_source_versions")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Name and number: `name@3`.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// The source.
    pub source_id: i64,
    /// 1 is the first.
    pub number: i32,
    /// What answers there.
    pub kind: SourceKind,
    /// Where it answers.
    #[sea_orm(column_type = "Text")]
    pub url: String,
    /// Its SDL as it is composed: levels and prefixes written out.
    #[sea_orm(column_type = "Text")]
    pub sdl: String,
    /// SHA-256 of that, in hexadecimal.
    #[sea_orm(column_type = "Text")]
    pub sdl_hash: String,
    /// SHA-256 of the SDL as it was given.
    #[sea_orm(column_type = "Text")]
    pub given_hash: String,
    /// What stands before type and root names of a plain server.
    #[sea_orm(column_type = "Text", nullable)]
    pub prefix: Option<String>,
    /// The level of fields that bear none themselves.
    pub default_level: Option<Classification>,
    /// Why it may add non-null fields to what others own.
    #[sea_orm(column_type = "Text", nullable)]
    pub allow_non_null_reason: Option<String>,
    /// Why it may break operations.
    #[sea_orm(column_type = "Text", nullable)]
    pub allow_breaking_reason: Option<String>,
    /// When.
    pub published_at: DateTimeUtc,
    /// Code of the entity that published it.
    #[sea_orm(column_type = "Text")]
    pub published_by: String,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The source.
    #[sea_orm(
        belongs_to = "super::registry_source::Entity",
        from = "Column::SourceId",
        to = "super::registry_source::Column::Id"
    )]
    Source,
}

impl ActiveModelBehavior for ActiveModel {}
