//! `audit_entries`: who was given what, one entry after the other, each with the hash of the one before.
//!
//! Rows are added and never changed; triggers refuse the rest.

use sea_orm::entity::prelude::*;

/// An entry of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entries")]
pub struct Model {
    /// Which chain it is in; each replica writes one.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub chain: String,
    /// Its place in the chain, from one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// What it records: `OPERATION`, `ANCHOR`.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// Who asked, as the entry has it.
    #[sea_orm(column_type = "Text", nullable)]
    pub subject: Option<String>,
    /// Code of the entity that asked, as the entry has it.
    #[sea_orm(column_type = "Text", nullable)]
    pub entity: Option<String>,
    /// The highest level that was read, as the entry has it.
    #[sea_orm(column_type = "Text", nullable)]
    pub level: Option<String>,
    /// The entry, as JSON.
    #[sea_orm(column_type = "Text")]
    pub entry: String,
    /// The hash of the entry before it; zeros for the first.
    #[sea_orm(column_type = "Text")]
    pub previous: String,
    /// SHA-256 of all that, the three columns taken from the entry left out.
    #[sea_orm(column_type = "Text")]
    pub hash: String,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
