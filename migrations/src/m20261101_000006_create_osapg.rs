//! OSAPG: the Framework of Analysis and assessments against it.

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
        Draft::new("risk_factors", backend)
            .whole("number")
            .text("name")
            .text("scope")
            .index(&["number"])
            .create(manager)
            .await?;
        Draft::new("risk_indicators", backend)
            .reference("factor_id", "risk_factors")
            .text("code")
            .text("text")
            .whole("position")
            .index(&["factor_id", "position"])
            .create(manager)
            .await?;
        Draft::new("risk_assessments", backend)
            .node()
            .reference("situation_id", "situations")
            .period()
            .optional_text("advisory_note")
            .provenance()
            .index(&["situation_id", "period_start"])
            .create(manager)
            .await?;
        Draft::new("risk_findings", backend)
            .text("assessment_key")
            .reference("indicator_id", "risk_indicators")
            .text("presence")
            .text("trend")
            .text("evidence")
            .provenance()
            .index(&["assessment_key", "is_current"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "risk_findings",
                "risk_assessments",
                "risk_indicators",
                "risk_factors",
            ],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
