//! The audit trail: entries chained by hash, and what each of them can be found by. Rows are added and
//! never changed; triggers refuse the rest.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

use crate::draft::{Draft, drop_tables};

/// Creates the tables and their triggers.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const ENTRIES: &str = "audit_entries";
const REACHED: &str = "audit_reached";

/// What each table refuses, on SQLite. `INSERT OR REPLACE` deletes without a trigger for it.
const SQLITE_TRIGGERS: &str = "
    CREATE TRIGGER TABLE_no_update BEFORE UPDATE ON TABLE
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
    CREATE TRIGGER TABLE_no_delete BEFORE DELETE ON TABLE
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
    CREATE TRIGGER TABLE_no_replace BEFORE INSERT ON TABLE
        WHEN EXISTS (SELECT 1 FROM TABLE t WHERE KEY)
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;";

const ENTRY_KEY: &str = "t.chain = NEW.chain AND t.sequence = NEW.sequence";
const REACHED_KEY: &str = "t.what = NEW.what AND t.id = NEW.id \
     AND t.chain = NEW.chain AND t.sequence = NEW.sequence";

const POSTGRES_FUNCTION: &str = "
    CREATE FUNCTION audit_trail_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$;";

const POSTGRES_TRIGGER: &str = "
    CREATE TRIGGER TABLE_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON TABLE
        FOR EACH STATEMENT EXECUTE FUNCTION audit_trail_is_append_only();";

const DROP_POSTGRES_FUNCTION: &str = "DROP FUNCTION audit_trail_is_append_only()";

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's macro binds the lifetime late"
)]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_entries(manager).await?;
        create_reached(manager).await?;
        let connection = manager.get_connection();
        if connection.get_database_backend() == DbBackend::Postgres {
            connection.execute_unprepared(POSTGRES_FUNCTION).await?;
            for table in [ENTRIES, REACHED] {
                let trigger = POSTGRES_TRIGGER.replace("TABLE", table);
                connection.execute_unprepared(&trigger).await?;
            }
            return Ok(());
        }
        for (table, key) in [(ENTRIES, ENTRY_KEY), (REACHED, REACHED_KEY)] {
            let triggers = SQLITE_TRIGGERS.replace("TABLE", table).replace("KEY", key);
            connection.execute_unprepared(&triggers).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &[REACHED, ENTRIES]).await?;
        let connection = manager.get_connection();
        if connection.get_database_backend() == DbBackend::Postgres {
            connection
                .execute_unprepared(DROP_POSTGRES_FUNCTION)
                .await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The entries, by chain and place in it; the time in microseconds since 1970, as it is hashed.
async fn create_entries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let draft = Draft::log(ENTRIES, manager.get_database_backend());
    let number = |name| ColumnDef::new(name).big_integer().not_null().to_owned();
    let table = Table::create()
        .table(ENTRIES)
        .col(draft.column_of_text("chain"))
        .col(number("sequence"))
        .col(number("at"))
        .col(draft.column_of_text("kind"))
        .col(draft.column_of_optional_text("subject"))
        .col(draft.column_of_optional_text("entity"))
        .col(draft.column_of_optional_text("level"))
        .col(draft.column_of_text("entry"))
        .col(draft.column_of_text("previous"))
        .col(draft.column_of_text("hash"))
        .primary_key(Index::create().col("chain").col("sequence"))
        .to_owned();
    manager.create_table(table).await?;
    for columns in [&["at"][..], &["entity", "at"], &["subject", "at"]] {
        create_index(manager, ENTRIES, columns).await?;
    }
    Ok(())
}

/// What an entry can be found by: records that were reached, entities whose fields were read.
async fn create_reached(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let draft = Draft::log(REACHED, manager.get_database_backend());
    let columns = ["what", "id", "chain", "sequence"];
    let mut key = Index::create();
    for column in columns {
        key.col(column);
    }
    let table = Table::create()
        .table(REACHED)
        .col(draft.column_of_text("what"))
        .col(draft.column_of_text("id"))
        .col(draft.column_of_text("chain"))
        .col(ColumnDef::new("sequence").big_integer().not_null())
        .primary_key(&mut key)
        .to_owned();
    manager.create_table(table).await?;
    create_index(manager, REACHED, &["chain", "sequence"]).await
}

async fn create_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let mut index = Index::create();
    index
        .name(format!("ix_{table}_{}", columns.join("_")))
        .table(table);
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index).await
}
