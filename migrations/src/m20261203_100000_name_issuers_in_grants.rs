//! A grant can be for tokens of one issuer alone.

use sea_orm_migration::prelude::*;

use crate::draft::Draft;

/// Adds the issuer.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "need_to_know_grants";
const COLUMN: &str = "issuer";

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's macro binds the lifetime late"
)]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let draft = Draft::log(TABLE, manager.get_database_backend());
        let column = draft.column_of_optional_text(COLUMN);
        let change = Table::alter().table(TABLE).add_column(column).to_owned();
        manager.alter_table(change).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let change = Table::alter().table(TABLE).drop_column(COLUMN).to_owned();
        manager.alter_table(change).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
