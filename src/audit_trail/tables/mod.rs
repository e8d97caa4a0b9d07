//! Whether the trail's tables are as they were made. A chain shows what was done to entries; a key, an
//! index or a trigger that is gone would let rows be doubled, changed or removed from then on.

use std::collections::{BTreeMap, BTreeSet};

use migrations::{AuditMigrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, FromQueryResult,
    Statement,
};

use super::finding::{Fault, Finding};

/// All that the file holds. The names of tables are compared without case, as SQLite does.
const SQLITE: &str = "SELECT type || ' ' || lower(tbl_name) || ' ' || name AS name, \
    COALESCE(sql, '') AS definition FROM sqlite_master WHERE name NOT IN ('sqlite_stat1', 'sqlite_stat4')";

/// Whether indexes hold what their tables do, and all else that SQLite can check of a file.
const SQLITE_CHECK: &str = "PRAGMA integrity_check(1)";
const SQLITE_SOUND: &str = "ok";

const POSTGRES: &str = include_str!("postgres.sql");
/// What PostgreSQL should have: `name => definition`.
const POSTGRES_MADE: &str = include_str!("postgres.txt");

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
        let made = POSTGRES_MADE
            .lines()
            .filter_map(|line| line.split_once(" => "));
        let made = made.map(|(name, definition)| (name.to_owned(), definition.to_owned()));
        (made.collect(), parts(connection, POSTGRES).await?)
    } else {
        let mut memory = ConnectOptions::new("sqlite::memory:");
        memory.max_connections(1).sqlx_logging(false);
        let memory = sea_orm::Database::connect(memory).await?;
        AuditMigrator::up(&memory, None).await?;
        let made = parts(&memory, SQLITE).await?;
        memory.close().await?;
        (made, parts(connection, SQLITE).await?)
    };
    let mut found = Vec::new();
    if connection.get_database_backend() == DbBackend::Sqlite {
        let statement = Statement::from_string(DbBackend::Sqlite, SQLITE_CHECK);
        let said = connection.query_one_raw(statement).await?;
        let said = said
            .map(|row| row.try_get_by_index::<String>(0))
            .transpose()?;
        found.extend(
            said.filter(|said| said != SQLITE_SOUND)
                .map(|said| Finding::new("", 0, Fault::Damaged(said))),
        );
    }
    let names: BTreeSet<&String> = made.keys().chain(there.keys()).collect();
    let differ = names
        .into_iter()
        .filter(|name| made.get(*name) != there.get(*name));
    found.extend(differ.map(|name| Finding::new("", 0, Fault::Altered(name.clone()))));
    Ok(found)
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
