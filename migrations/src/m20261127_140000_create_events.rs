//! One log of what happened, in place of the registry's own; offers of sources; whom a consent is
//! for; which entity sent a recorded operation.

use sea_orm_migration::prelude::*;

use crate::draft::{Draft, drop_tables};

/// Creates the log, moves the registry's events into it and adds the columns.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const COPY: &str = "INSERT INTO events \
    (happened_at, mandate, kind, subject_type, subject, owner, level, actor, detail) \
    SELECT e.happened_at, 'registry', e.kind, 'source', e.source_name, \
    COALESCE(s.entity, e.entity), 'UNCLASSIFIED', e.entity, e.detail \
    FROM registry_events e LEFT JOIN registry_sources s ON s.record_key = e.source_name \
    ORDER BY e.id";

/// A consent for a source that is not there yet names nobody who could use it.
const NAME_RECEIVERS: &str = "UPDATE registry_consents SET granted_to = COALESCE(\
    (SELECT entity FROM registry_sources WHERE record_key = source_name), '')";

/// Columns that are empty in the rows there are.
const TEXTS: [(&str, &str); 3] = [
    ("registry_consents", "granted_to"),
    ("recorded_operations", "entity"),
    ("recorded_operation_days", "entity"),
];

const COPY_BACK: &str = "INSERT INTO registry_events \
    (record_key, source_name, kind, entity, detail, happened_at) \
    SELECT subject || '#' || id, subject, kind, actor, detail, happened_at FROM events \
    WHERE mandate = 'registry' AND subject_type = 'source' \
    AND kind NOT IN ('OFFERED', 'OFFER_CANCELLED', 'EXPELLED') ORDER BY id";

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's macro binds the lifetime late"
)]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        Draft::log("events", backend)
            .instant("happened_at")
            .text("mandate")
            .text("kind")
            .text("subject_type")
            .text("subject")
            .text("owner")
            .text("level")
            .text("actor")
            .optional_text("detail")
            .index(&["mandate", "id"])
            .index(&["subject_type", "subject", "id"])
            .create(manager)
            .await?;
        let connection = manager.get_connection();
        connection.execute_unprepared(COPY).await?;
        drop_tables(manager, &["registry_events"]).await?;
        let offered_to =
            Draft::new("registry_sources", backend).column_of_optional_text("offered_to");
        add_column(manager, "registry_sources", offered_to).await?;
        for (table, column) in TEXTS {
            let added = Draft::new(table, backend)
                .column_of_text(column)
                .default("")
                .to_owned();
            add_column(manager, table, added).await?;
        }
        connection.execute_unprepared(NAME_RECEIVERS).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        Draft::new("registry_events", backend)
            .text("source_name")
            .text("kind")
            .text("entity")
            .optional_text("detail")
            .instant("happened_at")
            .index(&["source_name", "happened_at"])
            .create(manager)
            .await?;
        manager
            .get_connection()
            .execute_unprepared(COPY_BACK)
            .await?;
        drop_tables(manager, &["events"]).await?;
        for (table, column) in TEXTS
            .into_iter()
            .chain([("registry_sources", "offered_to")])
        {
            let change = Table::alter().table(table).drop_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn add_column(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: ColumnDef,
) -> Result<(), DbErr> {
    let change = Table::alter().table(table).add_column(column).to_owned();
    manager.alter_table(change).await
}
