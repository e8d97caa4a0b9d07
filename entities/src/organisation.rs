//! `organisations`: a body by its stable code.

use sea_orm::entity::prelude::*;

/// A body by its stable code.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisations")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// What the plan of action calls it.
    #[sea_orm(column_type = "Text", nullable)]
    pub named_in_plan_as: Option<String>,
    /// The body that took over from it.
    pub successor_id: Option<i64>,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The body that took over from it.
    #[sea_orm(belongs_to = "Entity", from = "Column::SuccessorId", to = "Column::Id")]
    Successor,
}

impl ActiveModelBehavior for ActiveModel {}
