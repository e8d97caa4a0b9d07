//! SRSG-CAAC: listings and counts of grave violations.

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
        Draft::new("caac_listings", backend)
            .node()
            .reference("situation_id", "situations")
            .reference("party_id", "parties")
            .text("listed_as")
            .text("annex")
            .text("section")
            .text("triggers")
            .date("listed_on")
            .optional_date("delisted_on")
            .text("action_plan_status")
            .optional_date("action_plan_signed_on")
            .optional_text("action_plan_notes")
            .provenance()
            .index(&["situation_id", "listed_on"])
            .index(&["party_id"])
            .create(manager)
            .await?;
        Draft::new("violation_counts", backend)
            .reference("situation_id", "situations")
            .period()
            .flag("is_published")
            .text("violation")
            .optional_reference("party_id", "parties")
            .count("verified_boys")
            .count("verified_girls")
            .count("verified_unknown")
            .count("verified_total")
            .count("late_boys")
            .count("late_girls")
            .count("late_unknown")
            .count("late_total")
            .count("pending")
            .flag("comparable_with_previous")
            .provenance()
            .index(&["situation_id", "is_published", "period_start"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["violation_counts", "caac_listings"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
