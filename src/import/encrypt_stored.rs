//! Encrypts texts that were stored by a version that did not encrypt.

use sea_orm::{
    ConnectionTrait, DbErr, QueryResult, Statement, Value,
    sea_query::{Alias, Expr, ExprTrait, Query},
};

use super::{
    TURN, catalogue,
    encryption::{encrypt_value, failed},
};
use crate::{
    auth::{Clock, SystemClock},
    database::{Database, take_turn},
    record_keys::{KeyOf, NewKey, RecordKey, keys_of, store_keys},
    records::{Kind, RecordType},
};

/// Rows of one transaction.
const ROWS: usize = 500;

/// Encrypts what is not encrypted yet. How many rows that were.
pub async fn encrypt_stored(database: &Database) -> Result<u64, DbErr> {
    let mut rows = 0;
    for record_type in catalogue::all().filter(|one| one.encrypted().next().is_some()) {
        loop {
            let some = encrypt_some(database, record_type).await?;
            rows += some;
            if some == 0 {
                break;
            }
        }
    }
    if rows > 0 {
        tracing::info!(rows, "free text that was stored before is encrypted");
        database.erase_deleted().await?;
    }
    Ok(rows)
}

async fn encrypt_some(database: &Database, record_type: &RecordType) -> Result<u64, DbErr> {
    if find_plain(&database.read, record_type).await?.is_empty() {
        return Ok(0);
    }
    let transaction = database.begin().await?;
    take_turn(&transaction, TURN).await?;
    // Read again: another replica can have done it.
    let rows = find_plain(&transaction, record_type).await?;
    let mut count = 0;
    for row in &rows {
        encrypt_row(&transaction, record_type, row).await?;
        count += 1;
    }
    transaction.commit().await?;
    Ok(count)
}

async fn find_plain<C: ConnectionTrait>(
    connection: &C,
    record_type: &RecordType,
) -> Result<Vec<QueryResult>, DbErr> {
    let columns: Vec<_> = record_type.encrypted().map(|field| field.name).collect();
    let is_plain = |column: &&str| {
        // A list begins with its separator. `LIKE` would take capitals for the same on SQLite.
        format!(
            "(\"{column}\" <> '' AND substr(\"{column}\", 1, 5) <> 'enc1.' AND substr(\"{column}\", 1, 6) <> '|enc1.')"
        )
    };
    let is_plain: Vec<_> = columns.iter().map(is_plain).collect();
    let columns: Vec<_> = columns.iter().map(|name| format!(", \"{name}\"")).collect();
    let revision = if record_type.is_revised() {
        "revision"
    } else {
        "1"
    };
    let sql = format!(
        "SELECT id, record_key, {revision} AS revision{} FROM \"{}\" WHERE sealed_at IS NULL AND ({}) \
         ORDER BY id LIMIT {ROWS}",
        columns.concat(),
        record_type.table,
        is_plain.join(" OR ")
    );
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_all_raw(statement).await
}

/// The same as [`find_plain`] asks for.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.starts_with("enc1.") && !text.starts_with("|enc1.")
}

async fn encrypt_row<C: ConnectionTrait>(
    connection: &C,
    record_type: &RecordType,
    row: &QueryResult,
) -> Result<(), DbErr> {
    let record: String = row.try_get("", "record_key")?;
    let revision: i32 = row.try_get("", "revision")?;
    let mut keys = keys_of(connection, record_type.table, &[&record]).await?;
    let keys = keys.remove(&record).unwrap_or_default();
    let (key, new) = match keys.of(revision) {
        KeyOf::Known(key) => (key.clone(), None),
        KeyOf::New(from) => (RecordKey::generate().map_err(failed)?, Some(from)),
        KeyOf::Sealed => return Err(failed("a sealed record has a text that is not encrypted")),
    };
    let mut update = Query::update();
    update.table(Alias::new(record_type.table));
    for field in record_type.encrypted() {
        let text: Option<String> = row.try_get("", field.name)?;
        if let Some(text) = text.filter(|text| is_plain(text)) {
            let text = encrypt_value(&text, matches!(field.kind, Kind::List), &key)?;
            update.value(Alias::new(field.name), Value::from(text));
        }
    }
    let id: i64 = row.try_get("", "id")?;
    update.and_where(Expr::col("id").eq(id));
    connection.execute(&update).await?;
    if let Some(from_revision) = new {
        let new = NewKey {
            table: record_type.table,
            record_key: record,
            from_revision,
            key,
        };
        store_keys(connection, &[new], SystemClock.instant()).await?;
    }
    Ok(())
}
