//! `decisions`: what a meeting decided on an item.

use sea_orm::entity::prelude::*;

use crate::list::TextList;
use crate::terms::DecisionKind;

/// What a meeting decided on an item.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decisions")]
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
    /// The item.
    pub item_id: i64,
    /// What is asked for.
    pub kind: DecisionKind,
    /// When it was decided.
    pub decided_at: DateTimeUtc,
    /// What was said with it.
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    /// Codes of the entities that dissented.
    pub dissent: TextList,
    /// When the record was sealed; null while it is not.
    pub sealed_at: Option<DateTimeUtc>,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The item.
    #[sea_orm(
        belongs_to = "super::review_item::Entity",
        from = "Column::ItemId",
        to = "super::review_item::Column::Id"
    )]
    Item,
}

impl ActiveModelBehavior for ActiveModel {}
