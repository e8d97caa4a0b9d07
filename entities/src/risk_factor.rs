//! `risk_factors`: a risk factor of the Framework of Analysis.

use sea_orm::entity::prelude::*;

use crate::terms::RiskScope;

/// A risk factor of the Framework of Analysis.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "risk_factors")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// Number, 1 to 14.
    pub number: i32,
    /// Name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Which crimes it bears on.
    pub scope: RiskScope,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
