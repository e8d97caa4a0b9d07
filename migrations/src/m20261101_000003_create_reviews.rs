//! The review: cycles, their agenda, what entities handed in, what changed.

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
        Draft::new("review_cycles", backend)
            .node()
            .text("kind")
            .period()
            .optional_reference("region_id", "areas")
            .text("state")
            .instant("inputs_due_at")
            .optional_instant("session_at")
            .optional_instant("frozen_at")
            .optional_reference("previous_id", "review_cycles")
            .index(&["kind", "period_start"])
            .index(&["state"])
            .create(manager)
            .await?;
        Draft::new("review_items", backend)
            .node()
            .reference("cycle_id", "review_cycles")
            .reference("situation_id", "situations")
            .optional_whole("agenda_position")
            .text("state")
            .text("proposed_by")
            .optional_reference("carried_from_id", "review_items")
            .whole("version")
            .index(&["cycle_id", "agenda_position"])
            .index(&["situation_id", "cycle_id"])
            .create(manager)
            .await?;
        Draft::new("entity_inputs", backend)
            .node()
            .reference("cycle_id", "review_cycles")
            .reference("situation_id", "situations")
            .text("entity")
            .text("status")
            .text("coverage")
            .optional_instant("as_of")
            .optional_instant("submitted_at")
            .optional_instant("cleared_at")
            .versions()
            .index(&["cycle_id", "situation_id"])
            .index(&["situation_id", "cycle_id"])
            .create(manager)
            .await?;
        Draft::new("changes", backend)
            .reference("situation_id", "situations")
            .instant("at")
            .text("entity")
            .text("kind")
            .text("path")
            .optional_text("summary")
            .index(&["situation_id", "at"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["changes", "entity_inputs", "review_items", "review_cycles"],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
