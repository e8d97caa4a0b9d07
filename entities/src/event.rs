//! `events`: something that happened to what is kept, written in the transaction that made it so.
//!
//! The log of all mandates, read in order: a reader remembers how far it came.

use sea_orm::entity::prelude::*;

use crate::terms::Classification;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub struct Model {
    /// Position in the log; it only grows.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// When.
    pub happened_at: DateTimeUtc,
    /// What it belongs to: `registry`.
    #[sea_orm(column_type = "Text")]
    pub mandate: String,
    /// What happened, in the mandate's terms: `PUBLISHED`.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// What it happened to: `source`, `supergraph`.
    #[sea_orm(column_type = "Text")]
    pub subject_type: String,
    /// Which one, by its natural key.
    #[sea_orm(column_type = "Text")]
    pub subject: String,
    /// Code of the entity that answers for the subject.
    #[sea_orm(column_type = "Text")]
    pub owner: String,
    /// Who may know of it.
    pub level: Classification,
    /// Code of the entity that did it.
    #[sea_orm(column_type = "Text")]
    pub actor: String,
    /// More about it.
    #[sea_orm(column_type = "Text", nullable)]
    pub detail: Option<String>,
    /// The cycle of the review that it belongs to.
    pub cycle_id: Option<i64>,
    /// The situation that it is about.
    pub situation_id: Option<i64>,
    /// Whether the owner alone, and the review's secretariat, are told of it.
    pub is_internal: bool,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
