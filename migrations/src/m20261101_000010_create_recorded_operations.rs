//! Which operations clients send, by signature, so that a check can name whom a change breaks.

use sea_orm_migration::prelude::*;

use crate::draft::{Draft, drop_tables};

/// Creates the tables.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's macro binds the lifetime late"
)]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        Draft::new("recorded_operations", backend)
            .optional_text("name")
            .text("signature")
            .date("first_seen_on")
            .date("last_seen_on")
            .index(&["last_seen_on"])
            .create(manager)
            .await?;
        Draft::new("recorded_operation_coordinates", backend)
            .reference("operation_id", "recorded_operations")
            .text("coordinate")
            .index(&["coordinate"])
            .index(&["operation_id"])
            .create(manager)
            .await?;
        Draft::new("recorded_operation_days", backend)
            .reference("operation_id", "recorded_operations")
            .date("day")
            .text("client_name")
            .text("client_version")
            .big_count("requests")
            .index(&["operation_id", "day"])
            .index(&["day"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "recorded_operation_days",
                "recorded_operation_coordinates",
                "recorded_operations",
            ],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
