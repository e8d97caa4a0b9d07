//! What a meeting decided, and who has to do what by when.

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
        Draft::new("decisions", backend)
            .node()
            .reference("item_id", "review_items")
            .text("kind")
            .instant("decided_at")
            .optional_text("note")
            .text("dissent")
            .index(&["item_id", "decided_at"])
            .create(manager)
            .await?;
        Draft::new("actions", backend)
            .node()
            .reference("situation_id", "situations")
            .text("title")
            .text("owner")
            .date("due_on")
            .text("state")
            .optional_text("outcome")
            .reference("first_cycle_id", "review_cycles")
            .optional_reference("decision_id", "decisions")
            .index(&["situation_id", "state"])
            .index(&["decision_id"])
            .create(manager)
            .await?;
        Draft::new("action_items", backend)
            .reference("action_id", "actions")
            .reference("item_id", "review_items")
            .index(&["action_id"])
            .index(&["item_id"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["action_items", "actions", "decisions"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
