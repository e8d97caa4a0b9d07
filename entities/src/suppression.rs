//! `suppressions`: which cells of a table of figures are suppressed, decided by table and by what it holds.

use sea_orm::entity::prelude::*;

/// Which cells of a table of figures are suppressed. Every decision is kept: what was told before bounds what
/// may be told now.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "suppressions")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Which figures, by the name of their type of record.
    #[sea_orm(column_type = "Text")]
    pub figures: String,
    /// The situation they are of.
    pub situation_id: i64,
    /// Code of their period.
    #[sea_orm(column_type = "Text")]
    pub period: String,
    /// First day of the period.
    pub period_start: Date,
    /// Last day of the period.
    pub period_end: Date,
    /// The last row that the decision knew; figures with later rows are not decided.
    pub last_row: i64,
    /// Counts from 1 to below this are suppressed.
    pub threshold: i32,
    /// Whether everything that could be was suppressed, since nothing less was found in time.
    pub is_coarse: bool,
    /// Names of the suppressed cells, a JSON list.
    #[sea_orm(column_type = "Text")]
    pub suppressed: String,
    /// When it was decided.
    pub decided_at: DateTimeUtc,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The situation they are of.
    #[sea_orm(
        belongs_to = "super::situation::Entity",
        from = "Column::SituationId",
        to = "super::situation::Column::Id"
    )]
    Situation,
}

impl ActiveModelBehavior for ActiveModel {}
