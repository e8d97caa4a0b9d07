//! Free text is encrypted by record, with a key that can be destroyed; records can be sealed.

use sea_orm_migration::prelude::*;

use crate::draft::{Draft, drop_tables};

/// Creates the tables of keys and of seals, and says of a row that its record is sealed.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const KEYS: &str = "record_keys";
const SEALS: &str = "record_seals";
const SEALABLE: [&str; 12] = [
    "situation_states",
    "entity_blocks",
    "entity_inputs",
    "changes",
    "decisions",
    "actions",
    "communications",
    "recommendations",
    "signals",
    "risk_assessments",
    "caac_listings",
    "crsv_listings",
];
const COLUMN: &str = "sealed_at";

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's macro binds the lifetime late"
)]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        Draft::log(KEYS, backend)
            .text("name")
            .text("record_table")
            .text("record_key")
            .whole("from_revision")
            .optional_text("secret")
            .instant("created_at")
            .optional_instant("sealed_at")
            .optional_instant("destroyed_at")
            .one_each(&["name"])
            .one_each(&["record_table", "record_key", "from_revision"])
            .create(manager)
            .await?;
        Draft::log(SEALS, backend)
            .text("public_id")
            .text("record_table")
            .text("record_key")
            .whole("through_revision")
            .optional_text("record_id")
            .reference("situation_id", "situations")
            .optional_text("owner")
            .text("level")
            .text("reason")
            .text("digest")
            .instant("sealed_at")
            .text("sealed_by")
            .optional_instant("lifted_at")
            .optional_text("lifted_by")
            .optional_instant("destruction_asked_at")
            .optional_text("destruction_asked_by")
            .optional_instant("destroyed_at")
            .optional_text("destroyed_by")
            .optional_instant("erased_at")
            .one_each(&["public_id"])
            .index(&["record_table", "record_key"])
            .create(manager)
            .await?;
        for table in SEALABLE {
            let column = ColumnDef::new(COLUMN)
                .timestamp_with_time_zone()
                .null()
                .to_owned();
            let change = Table::alter().table(table).add_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in SEALABLE {
            let change = Table::alter().table(table).drop_column(COLUMN).to_owned();
            manager.alter_table(change).await?;
        }
        drop_tables(manager, &[SEALS, KEYS]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
