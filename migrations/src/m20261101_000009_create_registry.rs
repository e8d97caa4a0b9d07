//! What registers while the service runs: sources, their versions, the supergraphs they make.

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
        Draft::new("registry_sources", backend)
            .text("entity")
            .instant("registered_at")
            .optional_text("drift")
            .optional_text("drift_detail")
            .optional_instant("drift_checked_at")
            .create(manager)
            .await?;
        Draft::new("registry_source_versions", backend)
            .reference("source_id", "registry_sources")
            .whole("number")
            .text("kind")
            .text("url")
            .text("sdl")
            .text("sdl_hash")
            .text("given_hash")
            .optional_text("prefix")
            .optional_text("default_level")
            .optional_text("allow_non_null_reason")
            .optional_text("allow_breaking_reason")
            .instant("published_at")
            .text("published_by")
            .index(&["source_id", "number"])
            .create(manager)
            .await?;
        Draft::new("registry_supergraphs", backend)
            .whole("number")
            .text("sdl")
            .text("sdl_hash")
            .text("embedded_hash")
            .text("cause")
            .optional_text("source_name")
            .optional_text("reason")
            .text("made_by")
            .instant("made_at")
            .index(&["number"])
            .create(manager)
            .await?;
        Draft::new("registry_supergraph_members", backend)
            .reference("supergraph_id", "registry_supergraphs")
            .reference("version_id", "registry_source_versions")
            .index(&["supergraph_id"])
            .index(&["version_id"])
            .create(manager)
            .await?;
        Draft::new("registry_checks", backend)
            .text("source_name")
            .text("entity")
            .text("outcome")
            .text("given_hash")
            .text("report")
            .instant("checked_at")
            .index(&["source_name", "checked_at"])
            .create(manager)
            .await?;
        Draft::new("registry_consents", backend)
            .text("coordinate")
            .text("granted_by")
            .text("source_name")
            .text("reason")
            .instant("granted_at")
            .optional_instant("withdrawn_at")
            .index(&["source_name"])
            .create(manager)
            .await?;
        Draft::new("registry_events", backend)
            .text("source_name")
            .text("kind")
            .text("entity")
            .optional_text("detail")
            .instant("happened_at")
            .index(&["source_name", "happened_at"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "registry_events",
                "registry_consents",
                "registry_checks",
                "registry_supergraph_members",
                "registry_supergraphs",
                "registry_source_versions",
                "registry_sources",
            ],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
