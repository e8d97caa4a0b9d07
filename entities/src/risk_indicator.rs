//! `risk_indicators`: an indicator of a risk factor.

use sea_orm::entity::prelude::*;

/// An indicator of a risk factor.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "risk_indicators")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// The factor.
    pub factor_id: i64,
    /// Code.
    #[sea_orm(column_type = "Text")]
    pub code: String,
    /// What is looked for.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// Place within the factor.
    pub position: i32,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The factor.
    #[sea_orm(
        belongs_to = "super::risk_factor::Entity",
        from = "Column::FactorId",
        to = "super::risk_factor::Column::Id"
    )]
    Factor,
}

impl ActiveModelBehavior for ActiveModel {}
