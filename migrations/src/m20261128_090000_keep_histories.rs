//! Since which supergraph a source has had each element that it declares.

use sea_orm_migration::prelude::*;

use crate::draft::Draft;

/// Adds the column. The service fills it at its next start.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "registry_sources";
const COLUMN: &str = "history";

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's macro binds the lifetime late"
)]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = Draft::new(TABLE, manager.get_database_backend())
            .column_of_text(COLUMN)
            .default("")
            .to_owned();
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
