//! What entries of the audit trail can be found by has their time: a page of who reached something is read
//! in its order, instead of sorting all that ever did.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

use crate::draft::Draft;

/// Makes the table anew, from its rows and the entries' times.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const REACHED: &str = "audit_reached";
const FORMER: &str = "audit_reached_former";

const COPY: &str = "
    INSERT INTO audit_reached (what, id, at, sequence, chain)
    SELECT former.what, former.id, entry.at, former.sequence, former.chain
    FROM audit_reached_former former
    JOIN audit_entries entry ON entry.chain = former.chain AND entry.sequence = former.sequence";

/// Rows without an entry are kept as they are, for verification to find.
const COPY_STRAY: &str = "
    INSERT INTO audit_reached (what, id, at, sequence, chain)
    SELECT former.what, former.id, 0, former.sequence, former.chain
    FROM audit_reached_former former
    WHERE NOT EXISTS (SELECT 1 FROM audit_entries entry
        WHERE entry.chain = former.chain AND entry.sequence = former.sequence)";

const SQLITE_TRIGGERS: &str = "
    CREATE TRIGGER audit_reached_no_update BEFORE UPDATE ON audit_reached
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
    CREATE TRIGGER audit_reached_no_delete BEFORE DELETE ON audit_reached
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
    CREATE TRIGGER audit_reached_no_replace BEFORE INSERT ON audit_reached
        WHEN EXISTS (SELECT 1 FROM audit_reached t WHERE t.what = NEW.what AND t.id = NEW.id
            AND t.at = NEW.at AND t.sequence = NEW.sequence AND t.chain = NEW.chain)
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;";

const POSTGRES_TRIGGER: &str = "
    CREATE TRIGGER audit_reached_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_reached
        FOR EACH STATEMENT EXECUTE FUNCTION audit_trail_is_append_only();";

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's macro binds the lifetime late"
)]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let rename = Table::rename().table(REACHED, FORMER).to_owned();
        manager.rename_table(rename).await?;
        create(manager).await?;
        for copy in [COPY, COPY_STRAY] {
            connection.execute_unprepared(copy).await?;
        }
        manager
            .drop_table(Table::drop().table(FORMER).to_owned())
            .await?;
        let index = Index::create()
            .name("ix_audit_reached_chain_sequence")
            .table(REACHED)
            .col("chain")
            .col("sequence")
            .to_owned();
        manager.create_index(index).await?;
        let triggers = match connection.get_database_backend() {
            DbBackend::Postgres => POSTGRES_TRIGGER,
            _ => SQLITE_TRIGGERS,
        };
        connection.execute_unprepared(triggers).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The key is the order in which pages are read.
async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let draft = Draft::log(REACHED, manager.get_database_backend());
    let mut key = Index::create();
    for column in ["what", "id", "at", "sequence", "chain"] {
        key.col(column);
    }
    let number = |name| ColumnDef::new(name).big_integer().not_null().to_owned();
    let table = Table::create()
        .table(REACHED)
        .col(draft.column_of_text("what"))
        .col(draft.column_of_text("id"))
        .col(number("at"))
        .col(number("sequence"))
        .col(draft.column_of_text("chain"))
        .primary_key(&mut key)
        .to_owned();
    manager.create_table(table).await
}
