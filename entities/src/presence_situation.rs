//! `presence_situations`: a situation that a field presence covers.

use sea_orm::entity::prelude::*;

/// A situation that a field presence covers.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "presence_situations")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// Record key of the presence.
    #[sea_orm(column_type = "Text")]
    pub presence_key: String,
    /// The situation it is about.
    pub situation_id: i64,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The situation it is about.
    #[sea_orm(
        belongs_to = "super::situation::Entity",
        from = "Column::SituationId",
        to = "super::situation::Column::Id"
    )]
    Situation,
}

impl ActiveModelBehavior for ActiveModel {}
