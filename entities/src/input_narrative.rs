//! `input_narratives`: a part of the text of an input, with a level of its own.

use sea_orm::entity::prelude::*;

use crate::terms::Classification;

/// A part of the text of an input.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "input_narratives")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The revision of the input that it is of.
    pub input_id: i64,
    /// Its place among the parts, from 1.
    pub position: i32,
    /// What it is about.
    #[sea_orm(column_type = "Text")]
    pub heading: String,
    /// The text.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// Level of sensitivity.
    pub classification: Classification,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The revision of the input.
    #[sea_orm(
        belongs_to = "super::entity_input::Entity",
        from = "Column::InputId",
        to = "super::entity_input::Column::Id"
    )]
    Input,
}

impl ActiveModelBehavior for ActiveModel {}
