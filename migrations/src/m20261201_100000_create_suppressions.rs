//! Which cells of figures are suppressed: decided by table, and kept.

use sea_orm_migration::prelude::*;

use crate::draft::{Draft, drop_tables};

/// Creates the table.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "suppressions";

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's macro binds the lifetime late"
)]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Draft::log(TABLE, manager.get_database_backend())
            .text("figures")
            .reference("situation_id", "situations")
            .text("period")
            .date("period_start")
            .date("period_end")
            .big_count("last_row")
            .whole("threshold")
            .flag("is_coarse")
            .text("suppressed")
            .instant("decided_at")
            .index(&["figures", "situation_id", "period_start"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &[TABLE]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
