//! `audit_reached`: what an entry of the audit trail can be found by.

use sea_orm::entity::prelude::*;

/// Something that an entry names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, DeriveEntityModel)]
#[sea_orm(table_name = "audit_reached")]
pub struct Model {
    /// What it is: `RECORD`, or `OWNER` of fields that were read.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub what: String,
    /// Which one: a record's id, an entity's code.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub id: String,
    /// The entry's time, in microseconds since 1970.
    #[sea_orm(primary_key, auto_increment = false)]
    pub at: i64,
    /// The entry's place in its chain.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    /// The chain of the entry.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub chain: String,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
