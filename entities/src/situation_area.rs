//! `situation_areas`: an area that a situation lies in.

use sea_orm::entity::prelude::*;

/// An area that a situation lies in.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "situation_areas")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// The situation it is about.
    pub situation_id: i64,
    /// The area.
    pub area_id: i64,
    /// Place in the list.
    pub position: i32,
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
    /// The area.
    #[sea_orm(
        belongs_to = "super::area::Entity",
        from = "Column::AreaId",
        to = "super::area::Column::Id"
    )]
    Area,
}

impl ActiveModelBehavior for ActiveModel {}
