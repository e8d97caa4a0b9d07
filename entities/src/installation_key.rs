//! `installation_keys`: a secret of the installation that all replicas share.

use sea_orm::entity::prelude::*;

/// A secret of the installation that all replicas share.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "installation_keys")]
pub struct Model {
    /// What the secret is for: `token-signing`.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub name: String,
    /// The secret, as text.
    #[sea_orm(column_type = "Text")]
    pub value: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("InstallationKey")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Tables it refers to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
