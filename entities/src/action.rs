//! `actions`: what somebody has to do by a day, until it is done.

use sea_orm::entity::prelude::*;

use crate::terms::ActionState;

/// What somebody has to do by a day, until it is done.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "actions")]
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
    /// The situation it is about.
    pub situation_id: i64,
    /// What is to be done.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// Code of the entity that does it.
    #[sea_orm(column_type = "Text")]
    pub owner: String,
    /// The day it is due.
    pub due_on: Date,
    /// How far it is.
    pub state: ActionState,
    /// What came of it.
    #[sea_orm(column_type = "Text", nullable)]
    pub outcome: Option<String>,
    /// The cycle it was first agreed in.
    pub first_cycle_id: i64,
    /// The decision it follows from.
    pub decision_id: Option<i64>,
    /// When the record was sealed; null while it is not.
    pub sealed_at: Option<DateTimeUtc>,
    /// Counts the changes to it.
    pub version: i32,
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
    /// The cycle it was first agreed in.
    #[sea_orm(
        belongs_to = "super::review_cycle::Entity",
        from = "Column::FirstCycleId",
        to = "super::review_cycle::Column::Id"
    )]
    FirstCycle,
    /// The decision it follows from.
    #[sea_orm(
        belongs_to = "super::decision::Entity",
        from = "Column::DecisionId",
        to = "super::decision::Column::Id"
    )]
    Decision,
}

impl ActiveModelBehavior for ActiveModel {}
