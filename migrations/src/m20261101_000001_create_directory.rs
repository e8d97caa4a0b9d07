//! The directory: areas, bodies, parties and their names.

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
        Draft::new("areas", backend)
            .node()
            .text("kind")
            .optional_text("m49")
            .optional_text("iso3")
            .optional_text("pcode")
            .optional_reference("parent_id", "areas")
            .text("name_en")
            .optional_text("name_fr")
            .optional_text("name_es")
            .optional_text("name_ar")
            .optional_text("name_ru")
            .optional_text("name_zh")
            .optional_text("designation_note")
            .index(&["parent_id"])
            .create(manager)
            .await?;
        Draft::new("organisations", backend)
            .optional_text("named_in_plan_as")
            .optional_reference("successor_id", "organisations")
            .create(manager)
            .await?;
        Draft::new("organisation_names", backend)
            .reference("organisation_id", "organisations")
            .date("valid_from")
            .text("language")
            .text("name")
            .text("abbreviation")
            .index(&["organisation_id", "language", "valid_from"])
            .create(manager)
            .await?;
        Draft::new("parties", backend)
            .node()
            .text("name")
            .text("kind")
            .optional_reference("split_from_id", "parties")
            .optional_date("split_on")
            .create(manager)
            .await?;
        Draft::new("party_former_names", backend)
            .reference("party_id", "parties")
            .text("name")
            .date("used_until")
            .index(&["party_id", "used_until"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "party_former_names",
                "parties",
                "organisation_names",
                "organisations",
                "areas",
            ],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
