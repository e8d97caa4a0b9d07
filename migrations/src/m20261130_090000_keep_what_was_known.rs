//! When each revision of a record was known: from an instant on, up to the one at which another took its
//! place. Of the rows that are there, only when each revision was made is known.

use sea_orm_migration::{prelude::*, sea_orm::ConnectionTrait};

/// Adds the columns to each table that keeps revisions.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 17] = [
    "situation_states",
    "entity_blocks",
    "entity_inputs",
    "field_presences",
    "communications",
    "recommendations",
    "casualties",
    "signals",
    "risk_assessments",
    "risk_findings",
    "caac_listings",
    "violation_counts",
    "crsv_settings",
    "crsv_listings",
    "commitments",
    "crsv_counts",
    "crsv_admin1_counts",
];

/// SQLite adds no column without a value for the rows that are there.
const BEFORE_ALL: &str = "1970-01-01T00:00:00+00:00";

const FILL: &str = "
    UPDATE TABLE SET known_from = revised_at, known_to = (
        SELECT MIN(later.revised_at) FROM TABLE later
        WHERE later.record_key = TABLE.record_key AND later.revision > TABLE.revision)";

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's macro binds the lifetime late"
)]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let instant = |name| ColumnDef::new(name).timestamp_with_time_zone().to_owned();
            let from = instant("known_from")
                .not_null()
                .default(BEFORE_ALL)
                .to_owned();
            for column in [from, instant("known_to").null().to_owned()] {
                let change = Table::alter().table(table).add_column(column).to_owned();
                manager.alter_table(change).await?;
            }
            let fill = FILL.replace("TABLE", table);
            manager.get_connection().execute_unprepared(&fill).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            for column in ["known_to", "known_from"] {
                let change = Table::alter().table(table).drop_column(column).to_owned();
                manager.alter_table(change).await?;
            }
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
