//! `recorded_operation_days`: how often a client sent an operation on one day.

use sea_orm::entity::prelude::*;

/// How often a client sent an operation on one day.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recorded_operation_days")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Key of the operation, day and client.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// The operation.
    pub operation_id: i64,
    /// The day, in UTC.
    pub day: Date,
    /// Code of the entity whose token came along; empty for anonymous callers.
    #[sea_orm(column_type = "Text")]
    pub entity: String,
    /// What the client calls itself; empty where it does not say.
    #[sea_orm(column_type = "Text")]
    pub client_name: String,
    /// Its version; empty where it does not say.
    #[sea_orm(column_type = "Text")]
    pub client_version: String,
    /// How often.
    pub requests: i64,
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
