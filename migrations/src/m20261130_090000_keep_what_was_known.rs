//! When each revision of a record was known: from an instant on, up to the one at which another took its
//! place. Of the rows that are there, only when each revision was made is known.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

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

/// Nothing is known before it is: a revision of a later time counts as known now.
const FROM: &str = "
    UPDATE TABLE SET known_from = CASE WHEN revised_at > NOW THEN NOW ELSE revised_at END";
const SQLITE_NOW: &str = "strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')";
const POSTGRES_NOW: &str = "now()";

const TO: &str = "
    UPDATE TABLE SET known_to = (
        SELECT MIN(later.known_from) FROM TABLE later
        WHERE later.record_key = TABLE.record_key AND later.revision > TABLE.revision)";

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's macro binds the lifetime late"
)]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let now = match connection.get_database_backend() {
            DbBackend::Postgres => POSTGRES_NOW,
            _ => SQLITE_NOW,
        };
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
            for fill in [FROM, TO] {
                let fill = fill.replace("TABLE", table).replace("NOW", now);
                connection.execute_unprepared(&fill).await?;
            }
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
