//! `party_former_names`: a name a party had before.

use sea_orm::entity::prelude::*;

/// A name a party had before.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "party_former_names")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// The party.
    pub party_id: i64,
    /// The former name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Last day of the name.
    pub used_until: Date,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The party.
    #[sea_orm(
        belongs_to = "super::party::Entity",
        from = "Column::PartyId",
        to = "super::party::Column::Id"
    )]
    Party,
}

impl ActiveModelBehavior for ActiveModel {}
