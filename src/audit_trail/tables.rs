//! Whether the trail's tables are as they were made. A chain shows what was done to entries; a key, an
//! index or a trigger that is gone would let rows be doubled, changed or removed from then on.

use std::collections::{BTreeMap, BTreeSet};

use migrations::{AuditMigrator, MigratorTrait};
use sea_orm::{ConnectOptions, DatabaseConnection, DbBackend, DbErr, FromQueryResult, Statement};

use super::finding::{Fault, Finding};

const SQLITE: &str = "SELECT name, COALESCE(sql, type) AS definition FROM sqlite_master \
    WHERE tbl_name IN ('audit_entries', 'audit_reached')";

/// What PostgreSQL has of them, without the name of the schema.
const POSTGRES: &str = "
    SELECT index.relname::text AS name,
        regexp_replace(pg_get_indexdef(index.oid), '.* USING ', '')
            || CASE WHEN indisvalid THEN '' ELSE ' (invalid)' END
            || CASE WHEN indisunique THEN ' (unique)' ELSE '' END AS definition
    FROM pg_index JOIN pg_class index ON index.oid = indexrelid
    WHERE indrelid IN ('audit_entries'::regclass, 'audit_reached'::regclass)
    UNION ALL
    SELECT tgname::text, tgrelid::regclass::text || ' ' || tgenabled::text || ' ' || tgtype || ' '
        || btrim(regexp_replace(prosrc, '\\s+', ' ', 'g'))
    FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE tgrelid IN ('audit_entries'::regclass, 'audit_reached'::regclass)";

/// What PostgreSQL should have: enabled triggers (`O`) before `UPDATE`, `DELETE` or `TRUNCATE` of a
/// statement (58, the sum of the bits 2, 8, 16 and 32 of `pg_trigger.tgtype`).
const POSTGRES_MADE: [(&str, &str); 8] = [
    ("audit_entries_pkey", "btree (chain, sequence) (unique)"),
    ("ix_audit_entries_at", "btree (at)"),
    ("ix_audit_entries_entity_at", "btree (entity, at)"),
    ("ix_audit_entries_subject_at", "btree (subject, at)"),
    (
        "audit_reached_pkey1",
        "btree (what, id, at, sequence, chain) (unique)",
    ),
    ("ix_audit_reached_chain_sequence", "btree (chain, sequence)"),
    (
        "audit_entries_append_only",
        "audit_entries O 58 BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END",
    ),
    (
        "audit_reached_append_only",
        "audit_reached O 58 BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END",
    ),
];

/// Values that are no text where only text is written; SQLite keeps them as they come.
const NOT_TEXT: &str = "
    SELECT CAST(chain AS TEXT) AS chain, CAST(sequence AS INTEGER) AS sequence FROM audit_entries
    WHERE typeof(chain) <> 'text' OR typeof(sequence) <> 'integer' OR typeof(at) <> 'integer'
        OR typeof(kind) <> 'text' OR typeof(entry) <> 'text'
        OR typeof(previous) <> 'text' OR typeof(hash) <> 'text'
        OR typeof(subject) NOT IN ('text', 'null') OR typeof(entity) NOT IN ('text', 'null')
        OR typeof(level) NOT IN ('text', 'null')
    UNION ALL
    SELECT CAST(chain AS TEXT), CAST(sequence AS INTEGER) FROM audit_reached
    WHERE typeof(chain) <> 'text' OR typeof(sequence) <> 'integer' OR typeof(at) <> 'integer'
        OR typeof(what) <> 'text' OR typeof(id) <> 'text'
    LIMIT 1000";

#[derive(FromQueryResult)]
struct Part {
    name: String,
    definition: String,
}

/// What of the tables is missing, added or another than was made.
pub(super) async fn altered(connection: &DatabaseConnection) -> Result<Vec<Finding>, DbErr> {
    let (made, there) = if connection.get_database_backend() == DbBackend::Postgres {
        let made = POSTGRES_MADE.map(|(name, definition)| (name.to_owned(), definition.to_owned()));
        (BTreeMap::from(made), parts(connection, POSTGRES).await?)
    } else {
        let mut memory = ConnectOptions::new("sqlite::memory:");
        memory.max_connections(1).sqlx_logging(false);
        let memory = sea_orm::Database::connect(memory).await?;
        AuditMigrator::up(&memory, None).await?;
        let made = parts(&memory, SQLITE).await?;
        memory.close().await?;
        (made, parts(connection, SQLITE).await?)
    };
    let names: BTreeSet<&String> = made.keys().chain(there.keys()).collect();
    let differ = names
        .into_iter()
        .filter(|name| made.get(*name) != there.get(*name));
    Ok(differ
        .map(|name| Finding::new("", 0, Fault::Altered(name.clone())))
        .collect())
}

async fn parts(
    connection: &DatabaseConnection,
    sql: &str,
) -> Result<BTreeMap<String, String>, DbErr> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = Part::find_by_statement(statement).all(connection).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.name, row.definition))
        .collect())
}

#[derive(FromQueryResult)]
struct Place {
    chain: Option<String>,
    sequence: Option<i64>,
}

/// Rows whose values have another type than their columns; a thousand at most.
pub(super) async fn not_text(connection: &DatabaseConnection) -> Result<Vec<Finding>, DbErr> {
    if connection.get_database_backend() == DbBackend::Postgres {
        return Ok(Vec::new());
    }
    let statement = Statement::from_string(DbBackend::Sqlite, NOT_TEXT);
    let rows = Place::find_by_statement(statement).all(connection).await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|row| {
            let chain = row.chain.unwrap_or_default();
            Finding::new(&chain, row.sequence.unwrap_or_default(), Fault::OtherType)
        })
        .collect())
}
