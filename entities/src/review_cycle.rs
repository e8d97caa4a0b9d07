//! `review_cycles`: one round of the review.

use sea_orm::entity::prelude::*;

use crate::terms::{CycleKind, CycleState, PeriodKind};

/// One round of the review.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "review_cycles")]
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
    /// Which meeting it leads up to.
    pub kind: CycleKind,
    /// Code of the period: `2026-11`, `2026-Q4`, `2026`.
    #[sea_orm(column_type = "Text")]
    pub period: String,
    /// How long the period is.
    pub period_kind: PeriodKind,
    /// First day of the period.
    pub period_start: Date,
    /// Last day of the period.
    pub period_end: Date,
    /// Region of a regional meeting.
    pub region_id: Option<i64>,
    /// How far it is.
    pub state: CycleState,
    /// When inputs are due.
    pub inputs_due_at: DateTimeUtc,
    /// When the meeting is.
    pub session_at: Option<DateTimeUtc>,
    /// When its profiles were frozen.
    pub frozen_at: Option<DateTimeUtc>,
    /// The cycle before.
    pub previous_id: Option<i64>,
    /// When it is opened for inputs.
    pub opens_at: Option<DateTimeUtc>,
    /// Counts the changes to it.
    pub version: i32,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Region of a regional meeting.
    #[sea_orm(
        belongs_to = "super::area::Entity",
        from = "Column::RegionId",
        to = "super::area::Column::Id"
    )]
    Region,
    /// The cycle before.
    #[sea_orm(belongs_to = "Entity", from = "Column::PreviousId", to = "Column::Id")]
    Previous,
}

impl ActiveModelBehavior for ActiveModel {}
