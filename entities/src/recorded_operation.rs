//! `recorded_operations`: an operation clients send, without its values.

use sea_orm::entity::prelude::*;

/// An operation clients send, without its values.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recorded_operations")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// SHA-256 of the signature, in hexadecimal.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// The name clients gave it.
    #[sea_orm(column_type = "Text", nullable)]
    pub name: Option<String>,
    /// The signature, cut where it is long.
    #[sea_orm(column_type = "Text")]
    pub signature: String,
    /// The entity among whose operations it is kept; empty for those of anonymous callers.
    #[sea_orm(column_type = "Text")]
    pub entity: String,
    /// First day.
    pub first_seen_on: Date,
    /// Last day.
    pub last_seen_on: Date,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
