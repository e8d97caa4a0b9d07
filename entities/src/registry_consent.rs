//! `registry_consents`: leave for one source to read a classified field of another entity.

use sea_orm::entity::prelude::*;

/// Leave for one source to read a classified field of another entity.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registry_consents")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Field, source and turn.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// The field: `Type.field`.
    #[sea_orm(column_type = "Text")]
    pub coordinate: String,
    /// Code of the entity whose field it is.
    #[sea_orm(column_type = "Text")]
    pub granted_by: String,
    /// The source that may read it.
    #[sea_orm(column_type = "Text")]
    pub source_name: String,
    /// Code of the entity that answers for that source; the consent is void once another does.
    #[sea_orm(column_type = "Text")]
    pub granted_to: String,
    /// Why.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// When.
    pub granted_at: DateTimeUtc,
    /// When it ended.
    pub withdrawn_at: Option<DateTimeUtc>,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
