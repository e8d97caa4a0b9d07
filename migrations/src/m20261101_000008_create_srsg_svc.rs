//! SRSG-SVC: settings, listings, commitments, counts.

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
        Draft::new("crsv_settings", backend)
            .reference("situation_id", "situations")
            .text("setting")
            .provenance()
            .index(&["situation_id"])
            .create(manager)
            .await?;
        Draft::new("crsv_listings", backend)
            .node()
            .reference("situation_id", "situations")
            .reference("party_id", "parties")
            .text("listed_as")
            .date("listed_on")
            .optional_date("delisted_on")
            .optional_text("notes")
            .provenance()
            .index(&["situation_id", "listed_on"])
            .index(&["party_id"])
            .create(manager)
            .await?;
        Draft::new("commitments", backend)
            .text("listing_key")
            .text("kind")
            .date("made_on")
            .optional_text("document_url")
            .provenance()
            .index(&["listing_key", "made_on"])
            .create(manager)
            .await?;
        Draft::new("crsv_counts", backend)
            .reference("situation_id", "situations")
            .period()
            .flag("is_published")
            .text("form")
            .count("women")
            .count("girls")
            .count("men")
            .count("boys")
            .count("unknown")
            .count("total")
            .count("pending")
            .flag("comparable_with_previous")
            .provenance()
            .index(&["situation_id", "is_published", "period_start"])
            .create(manager)
            .await?;
        Draft::new("crsv_admin1_counts", backend)
            .reference("situation_id", "situations")
            .period()
            .reference("area_id", "areas")
            .count("verified")
            .provenance()
            .index(&["situation_id", "period_start"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "crsv_admin1_counts",
                "crsv_counts",
                "commitments",
                "crsv_listings",
                "crsv_settings",
            ],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
