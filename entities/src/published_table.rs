//! `published_tables`: by what each table of a published document breaks its figures down; each version is kept.

use sea_orm::entity::prelude::*;

use crate::list::TextList;

/// By what a table of a published document breaks its figures down; each version is kept.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "published_tables")]
pub struct Model {
    /// Surrogate key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Natural key, as files of records spell it.
    #[sea_orm(column_type = "Text")]
    pub record_key: String,
    /// Which figures it holds, by the name of their type of record.
    #[sea_orm(column_type = "Text")]
    pub figures: String,
    /// Symbol of the document.
    #[sea_orm(column_type = "Text")]
    pub document_symbol: String,
    /// What the document calls the table.
    #[sea_orm(column_type = "Text")]
    pub document_table: String,
    /// What it breaks its figures down by; empty where it prints totals alone.
    pub printed_by: TextList,
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

/// Tables it refers to: none.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
