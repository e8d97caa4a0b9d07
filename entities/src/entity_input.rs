//! `entity_inputs`: what an entity handed in for a situation in a cycle; each version is kept.

use sea_orm::entity::prelude::*;

use crate::list::TextList;
use crate::terms::{Confidence, Coverage, GapKind, InputKind, InputStatus};

/// What an entity handed in for a situation in a cycle; each version is kept.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "entity_inputs")]
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
    /// Code of the entity.
    #[sea_orm(column_type = "Text")]
    pub entity: String,
    /// How far the input is.
    pub status: InputStatus,
    /// Whether the entity has a mechanism here.
    pub coverage: Coverage,
    /// What the input was true of.
    pub as_of: Option<DateTimeUtc>,
    /// When it was submitted.
    pub submitted_at: Option<DateTimeUtc>,
    /// When it was cleared.
    pub cleared_at: Option<DateTimeUtc>,
    /// 1 is the first; a correction adds one.
    pub revision: i32,
    /// When this revision was made.
    pub revised_at: DateTimeUtc,
    /// Whether no later revision is stored.
    pub is_current: bool,
    /// Since when this revision is known here.
    pub known_from: DateTimeUtc,
    /// When another took its place; null while none has.
    pub known_to: Option<DateTimeUtc>,
    /// When the record was sealed; null while it is not.
    pub sealed_at: Option<DateTimeUtc>,
    /// What kind of input it is.
    pub kind: InputKind,
    /// One sentence.
    #[sea_orm(column_type = "Text", nullable)]
    pub headline: Option<String>,
    /// What a reader has to know.
    pub caveats: TextList,
    /// How sure the entity is.
    pub confidence: Option<Confidence>,
    /// Why it cannot report, if it cannot.
    pub gap_kind: Option<GapKind>,
    /// Since when.
    pub gap_since: Option<Date>,
    /// What else there is to say of the gap.
    #[sea_orm(column_type = "Text", nullable)]
    pub gap_note: Option<String>,
    /// Ids of records of the entity that it refers to.
    pub reference_ids: TextList,
    /// The first day that a nil return speaks of.
    pub covers_from: Option<Date>,
    /// The last day that it speaks of.
    pub covers_until: Option<Date>,
    /// The cycle whose input still holds.
    pub confirms_id: Option<i64>,
    /// Who contributed it to the entity.
    #[sea_orm(column_type = "Text", nullable)]
    pub contributor: Option<String>,
    /// Who worked on the draft, as JSON.
    #[sea_orm(column_type = "Text", nullable)]
    pub drafted_by: Option<String>,
    /// Who cleared it, as JSON.
    #[sea_orm(column_type = "Text", nullable)]
    pub cleared_by: Option<String>,
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
}

impl ActiveModelBehavior for ActiveModel {}
