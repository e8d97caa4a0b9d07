//! `recorded_operation_coordinates`: a part of the schema that an operation uses.

use sea_orm::entity::prelude::*;

/// A part of the schema that an operation uses.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recorded_operation_coordinates")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Key of the operation and coordinate.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// The operation.
    pub operation_id: i64,
    /// Schema coordinate.
    #[sea_orm(column_type = "Text")]
    pub coordinate: String,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The operation.
    #[sea_orm(
        belongs_to = "super::recorded_operation::Entity",
        from = "Column::OperationId",
        to = "super::recorded_operation::Column::Id"
    )]
    Operation,
}

impl ActiveModelBehavior for ActiveModel {}
