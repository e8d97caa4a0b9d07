//! `need_to_know_grants`: who needs to know of which situations, from when until when; each version is kept.

use sea_orm::entity::prelude::*;

/// Who needs to know of which situations, from when until when; each version is kept.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "need_to_know_grants")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// Code of the entity whose officers it is for.
    #[sea_orm(column_type = "Text")]
    pub entity: String,
    /// The scope that they have to hold.
    #[sea_orm(column_type = "Text")]
    pub role: String,
    /// The only officer that it is for, by the subject of their tokens; `*` for all.
    #[sea_orm(column_type = "Text")]
    pub subject: String,
    /// The only issuer whose tokens it is for; null for all.
    #[sea_orm(column_type = "Text", nullable)]
    pub issuer: Option<String>,
    /// The situation that it opens.
    pub situation_id: Option<i64>,
    /// Or the area or region whose situations it opens.
    pub area_id: Option<i64>,
    /// Or the cycle whose situations it opens.
    pub cycle_id: Option<i64>,
    /// From when on.
    pub valid_from: DateTimeUtc,
    /// Until when; not at that instant any more.
    pub valid_until: DateTimeUtc,
    /// Who granted it.
    #[sea_orm(column_type = "Text")]
    pub grantor: String,
    /// Why.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// 1 is the first; a change adds one.
    pub revision: i32,
    /// When this revision was made.
    pub revised_at: DateTimeUtc,
    /// Whether no later revision is stored.
    pub is_current: bool,
    /// Since when this revision is known here.
    pub known_from: DateTimeUtc,
    /// When another took its place; null while none has.
    pub known_to: Option<DateTimeUtc>,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The situation that it opens.
    #[sea_orm(
        belongs_to = "super::situation::Entity",
        from = "Column::SituationId",
        to = "super::situation::Column::Id"
    )]
    Situation,
    /// The area whose situations it opens.
    #[sea_orm(
        belongs_to = "super::area::Entity",
        from = "Column::AreaId",
        to = "super::area::Column::Id"
    )]
    Area,
    /// The cycle whose situations it opens.
    #[sea_orm(
        belongs_to = "super::review_cycle::Entity",
        from = "Column::CycleId",
        to = "super::review_cycle::Column::Id"
    )]
    Cycle,
}

impl ActiveModelBehavior for ActiveModel {}
