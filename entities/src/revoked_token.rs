//! `revoked_tokens`: bearer tokens that are refused before their end.

use sea_orm::entity::prelude::*;

/// A bearer token, a session or a subject whose tokens are refused.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "revoked_tokens")]
pub struct Model {
    /// `TOKEN` (by its `jti`), `SESSION` (by its `sid`) or `SUBJECT` (all tokens made until then).
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub kind: String,
    /// The issuer, as in `iss`.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub issuer: String,
    /// The `jti`, `sid` or `sub`.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub value: String,
    /// When it was revoked.
    pub revoked_at: DateTimeUtc,
    /// From when on the row is not needed, since the tokens have ended.
    pub expires_at: DateTimeUtc,
    /// Why.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
