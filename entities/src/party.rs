//! `parties`: a party to a conflict; it keeps its identity through a rename.

use sea_orm::entity::prelude::*;

use crate::terms::PartyKind;

/// A party to a conflict; it keeps its identity through a rename.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "parties")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// Identifier in the graph.
    #[sea_orm(column_type = "Text")]
    pub public_id: String,
    /// Name of today.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// What it is.
    pub kind: PartyKind,
    /// The party it split from.
    pub split_from_id: Option<i64>,
    /// When it split.
    pub split_on: Option<Date>,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The party it split from.
    #[sea_orm(belongs_to = "Entity", from = "Column::SplitFromId", to = "Column::Id")]
    SplitFrom,
}

impl ActiveModelBehavior for ActiveModel {}
