//! Bearer tokens that are refused before their end: one row a token, a session or a subject.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Creates the table.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "revoked_tokens";

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's macro binds the lifetime late"
)]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create().table(TABLE).to_owned();
        let keys = ["kind", "issuer", "value"];
        for name in keys {
            // Identifiers compare by bytes on every database.
            let mut column = ColumnDef::new(name);
            match manager.get_database_backend() {
                DbBackend::Postgres => column.custom("text COLLATE \"C\""),
                _ => column.text(),
            };
            table.col(column.not_null());
        }
        let mut key = Index::create();
        for name in keys {
            key.col(name);
        }
        table.primary_key(&mut key);
        for name in ["revoked_at", "expires_at"] {
            table.col(ColumnDef::new(name).timestamp_with_time_zone().not_null());
        }
        table.col(ColumnDef::new("reason").text().not_null());
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
