//! By what each table of a published document breaks its figures down: figures are told as they were
//! published, and not crossed more finely.

use sea_orm_migration::prelude::*;

use crate::draft::{Draft, drop_tables};

/// Creates the table.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "published_tables";

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's macro binds the lifetime late"
)]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Draft::new(TABLE, manager.get_database_backend())
            .text("figures")
            .text("document_symbol")
            .text("document_table")
            .text("printed_by")
            .versions()
            .known()
            .index(&["figures", "document_symbol"])
            .create(manager)
            .await?;
        let current = Index::create()
            .name("ux_published_tables_current")
            .table(TABLE)
            .col("record_key")
            .unique()
            .cond_where(Expr::col("is_current"))
            .to_owned();
        manager.create_index(current).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &[TABLE]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
