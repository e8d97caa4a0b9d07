//! `review_items`: a situation on the agenda of a cycle.

use sea_orm::entity::prelude::*;

use crate::terms::ItemState;

/// A situation on the agenda of a cycle.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "review_items")]
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
    /// The cycle.
    pub cycle_id: i64,
    /// The situation it is about.
    pub situation_id: i64,
    /// Place on the agenda.
    pub agenda_position: Option<i32>,
    /// How far it is.
    pub state: ItemState,
    /// Code of the entity that proposed it.
    #[sea_orm(column_type = "Text")]
    pub proposed_by: String,
    /// The item of an earlier cycle that it carries on.
    pub carried_from_id: Option<i64>,
    /// Counts the changes to it.
    pub version: i32,
    /// Why it was proposed, or put off, or declined.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The cycle.
    #[sea_orm(
        belongs_to = "super::review_cycle::Entity",
        from = "Column::CycleId",
        to = "super::review_cycle::Column::Id"
    )]
    Cycle,
    /// The situation it is about.
    #[sea_orm(
        belongs_to = "super::situation::Entity",
        from = "Column::SituationId",
        to = "super::situation::Column::Id"
    )]
    Situation,
    /// The item of an earlier cycle that it carries on.
    #[sea_orm(
        belongs_to = "Entity",
        from = "Column::CarriedFromId",
        to = "Column::Id"
    )]
    CarriedFrom,
}

impl ActiveModelBehavior for ActiveModel {}
