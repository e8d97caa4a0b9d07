//! `action_items`: an agenda item that an action stands under: the first, and one for each carrying-over.

use sea_orm::entity::prelude::*;

/// An agenda item that an action stands under: the first, and one for each carrying-over.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "action_items")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// The action.
    pub action_id: i64,
    /// The item.
    pub item_id: i64,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The action.
    #[sea_orm(
        belongs_to = "super::action::Entity",
        from = "Column::ActionId",
        to = "super::action::Column::Id"
    )]
    Action,
    /// The item.
    #[sea_orm(
        belongs_to = "super::review_item::Entity",
        from = "Column::ItemId",
        to = "super::review_item::Column::Id"
    )]
    Item,
}

impl ActiveModelBehavior for ActiveModel {}
