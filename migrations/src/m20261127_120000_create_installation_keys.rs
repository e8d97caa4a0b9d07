//! Secrets of the installation, which all replicas share: one row a name.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Creates the table.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "installation_keys";

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's macro binds the lifetime late"
)]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Names compare by bytes on every database.
        let mut name = ColumnDef::new("name");
        match manager.get_database_backend() {
            DbBackend::Postgres => name.custom("text COLLATE \"C\""),
            _ => name.text(),
        };
        let table = Table::create()
            .table(TABLE)
            .col(name.not_null().primary_key())
            .col(ColumnDef::new("value").text().not_null())
            .col(
                ColumnDef::new("created_at")
                    .timestamp_with_time_zone()
                    .not_null(),
            )
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(TABLE).to_owned())
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
