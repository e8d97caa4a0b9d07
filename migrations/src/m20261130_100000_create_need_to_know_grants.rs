//! Who needs to know of which situations: without a grant a clearance opens nothing.

use sea_orm_migration::prelude::*;

use crate::draft::{Draft, drop_tables};

/// Creates the table.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "need_to_know_grants";

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's macro binds the lifetime late"
)]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Draft::new(TABLE, manager.get_database_backend())
            .text("entity")
            .text("role")
            .text("subject")
            .optional_reference("situation_id", "situations")
            .optional_reference("area_id", "areas")
            .optional_reference("cycle_id", "review_cycles")
            .instant("valid_from")
            .instant("valid_until")
            .text("grantor")
            .text("reason")
            .versions()
            .known()
            .index(&["entity", "valid_until"])
            .create(manager)
            .await?;
        let current = Index::create()
            .name("ux_need_to_know_grants_current")
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
