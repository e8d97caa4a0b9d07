//! `changes`: something that changed in a situation.

use sea_orm::entity::prelude::*;

use crate::terms::ChangeKind;

/// Something that changed in a situation.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "changes")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// The situation it is about.
    pub situation_id: i64,
    /// When.
    pub at: DateTimeUtc,
    /// Code of the entity whose record changed.
    #[sea_orm(column_type = "Text")]
    pub entity: String,
    /// What happened.
    pub kind: ChangeKind,
    /// What changed, as a path of the graph.
    #[sea_orm(column_type = "Text")]
    pub path: String,
    /// One sentence.
    #[sea_orm(column_type = "Text", nullable)]
    pub summary: Option<String>,
    /// When the record was sealed; null while it is not.
    pub sealed_at: Option<DateTimeUtc>,
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
}

impl ActiveModelBehavior for ActiveModel {}
