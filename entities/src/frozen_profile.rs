//! `frozen_profiles`: the joined profile of an agenda item as it was when inputs closed; it never changes.

use sea_orm::entity::prelude::*;

/// A joined profile as it was.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "frozen_profiles")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Identifier in the graph.
    #[sea_orm(column_type = "Text")]
    pub public_id: String,
    /// The item.
    pub item_id: i64,
    /// Counts the freezings of the item.
    pub version: i32,
    /// When it was read.
    pub frozen_at: DateTimeUtc,
    /// Why it was frozen again.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// The number of the supergraph that it was read by; null without a registry.
    pub supergraph: Option<i32>,
    /// The operation that made it.
    #[sea_orm(column_type = "Text")]
    pub operation: String,
    /// SHA-256 of the operation, in hexadecimal.
    #[sea_orm(column_type = "Text")]
    pub operation_hash: String,
    /// The sources that were asked, with the outcome and the time of each, as JSON.
    #[sea_orm(column_type = "Text")]
    pub sources: String,
    /// SHA-256 over all of it and the digests of its parts, in hexadecimal.
    #[sea_orm(column_type = "Text")]
    pub digest: String,
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
