//! `frozen_parts`: what of a frozen profile is told up to a level.

use sea_orm::entity::prelude::*;

use crate::terms::Classification;

/// What of a frozen profile is told up to a level, and with a scope for exact figures.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "frozen_parts")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The profile.
    pub frozen_id: i64,
    /// The level up to which it was read.
    pub level: Classification,
    /// The scope that opened exact figures; empty for the profile without them.
    #[sea_orm(column_type = "Text")]
    pub scope: String,
    /// The answer, as canonical JSON; texts of records are encrypted in it.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// SHA-256 of the body, in hexadecimal.
    #[sea_orm(column_type = "Text")]
    pub digest: String,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The profile.
    #[sea_orm(
        belongs_to = "super::frozen_profile::Entity",
        from = "Column::FrozenId",
        to = "super::frozen_profile::Column::Id"
    )]
    Profile,
}

impl ActiveModelBehavior for ActiveModel {}
