//! OHCHR: presences, communications, recommendations, casualties, signals.

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
        Draft::new("field_presences", backend)
            .node()
            .text("name")
            .text("kind")
            .text("reporting_line")
            .optional_reference("area_id", "areas")
            .optional_date("since")
            .count("staff")
            .provenance()
            .index(&["area_id"])
            .create(manager)
            .await?;
        Draft::new("presence_situations", backend)
            .text("presence_key")
            .reference("situation_id", "situations")
            .index(&["situation_id"])
            .index(&["presence_key"])
            .create(manager)
            .await?;
        Draft::new("communications", backend)
            .node()
            .reference("situation_id", "situations")
            .text("reference")
            .text("kind")
            .date("sent_on")
            .optional_date("public_on")
            .text("mandates")
            .text("themes")
            .optional_date("reply_received_on")
            .optional_text("summary")
            .optional_text("document_url")
            .count("persons_named")
            .provenance()
            .index(&["situation_id", "sent_on"])
            .index(&["reference"])
            .create(manager)
            .await?;
        Draft::new("recommendations", backend)
            .node()
            .reference("situation_id", "situations")
            .text("annotation_id")
            .text("mechanism")
            .text("body")
            .text("text")
            .optional_date("published_on")
            .text("themes")
            .text("affected_persons")
            .text("sdgs")
            .provenance()
            .index(&["situation_id", "published_on"])
            .create(manager)
            .await?;
        Draft::new("casualties", backend)
            .reference("situation_id", "situations")
            .period()
            .flag("is_published")
            .text("sex")
            .text("age")
            .text("status")
            .text("cause")
            .count("killed")
            .flag("comparable_with_previous")
            .provenance()
            .index(&["situation_id", "is_published", "period_start"])
            .create(manager)
            .await?;
        Draft::new("signals", backend)
            .node()
            .reference("situation_id", "situations")
            .text("kind")
            .date("observed_on")
            .optional_text("summary")
            .text("confidence")
            .optional_text("source_class")
            .provenance()
            .index(&["situation_id", "observed_on"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "signals",
                "casualties",
                "recommendations",
                "communications",
                "presence_situations",
                "field_presences",
            ],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
