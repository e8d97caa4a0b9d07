//! Situations: where they are, how they are judged, what each mandate says of them as a whole.

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
        Draft::new("situations", backend)
            .node()
            .text("title_en")
            .optional_text("title_fr")
            .optional_text("title_es")
            .optional_text("title_ar")
            .optional_text("title_ru")
            .optional_text("title_zh")
            .optional_date("since")
            .instant("updated_at")
            .flag("is_example")
            .flag("is_public")
            .index(&["is_public", "title_en"])
            .index(&["is_public", "since"])
            .index(&["is_public", "updated_at"])
            .create(manager)
            .await?;
        Draft::new("situation_areas", backend)
            .reference("situation_id", "situations")
            .reference("area_id", "areas")
            .whole("position")
            .index(&["situation_id", "position"])
            .index(&["area_id"])
            .create(manager)
            .await?;
        Draft::new("situation_states", backend)
            .reference("situation_id", "situations")
            .date("effective_on")
            .text("status")
            .optional_text("concern_level")
            .text("trend")
            .text("set_by")
            .optional_text("reason")
            .provenance()
            .index(&["situation_id", "effective_on"])
            .create(manager)
            .await?;
        Draft::new("entity_blocks", backend)
            .reference("situation_id", "situations")
            .text("entity")
            .text("coverage")
            .optional_text("headline")
            .text("caveats")
            .text("confidence")
            .optional_text("gap_kind")
            .optional_date("gap_since")
            .optional_text("gap_note")
            .provenance()
            .index(&["situation_id", "entity"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "entity_blocks",
                "situation_states",
                "situation_areas",
                "situations",
            ],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
