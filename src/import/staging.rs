//! Rows on their way: temporary tables on a connection of the import's own, filled in batches.
//! They lock nothing, and end with the connection.

use sea_orm::{
    ConnectionTrait, DbErr,
    sea_query::{Alias, Expr, Query},
};

use super::{
    encryption::Encryption,
    error::ImportError,
    files::RecordFile,
    identifier::IdKey,
    problem::Problems,
    reader::Reader,
    references::References,
    row::{Column, ReadRow, columns},
};
use crate::{record_keys::NewKey, records::RecordType};

/// Values bound at once; SQLite takes 32,766.
const BATCH_VALUES: usize = 16_000;

/// Name of the temporary table of a type.
pub(super) fn table(record_type: &RecordType) -> String {
    format!("staged_{}", record_type.table)
}

/// Reads a file into its temporary table. The keys that were made for it.
pub(super) async fn stage<C: ConnectionTrait>(
    connection: &C,
    ids: &IdKey,
    file: &RecordFile,
    references: &mut References,
    problems: &mut Problems,
) -> Result<Vec<NewKey>, ImportError> {
    let RecordFile {
        record_type, bytes, ..
    } = file;
    create(connection, record_type).await?;
    let name = record_type.file();
    let Some(mut reader) = Reader::open(record_type, bytes, ids, problems) else {
        references.mark_incomplete(record_type.table);
        return Ok(Vec::new());
    };
    let mut batch: Vec<ReadRow> = Vec::new();
    let mut encryption = Encryption::new(record_type, file.is_embedded);
    let width = columns(record_type).len() + 1;
    while let Some(row) = reader.next_row(problems, &mut |row: &ReadRow| {
        references.add(&name, record_type.table, row);
    }) {
        batch.push(row);
        if batch.len() * width >= BATCH_VALUES {
            encryption.apply(connection, &mut batch, problems).await?;
            insert(connection, record_type, std::mem::take(&mut batch)).await?;
        }
    }
    if reader.has_lost_rows() {
        references.mark_incomplete(record_type.table);
    }
    encryption.apply(connection, &mut batch, problems).await?;
    insert(connection, record_type, batch).await?;
    Ok(encryption.into_new())
}

async fn create<C: ConnectionTrait>(connection: &C, record_type: &RecordType) -> Result<(), DbErr> {
    let mut selected = vec!["0 AS line".to_owned()];
    selected.extend(columns(record_type).into_iter().map(|column| match column {
        Column::Copied(name) => format!("\"{name}\""),
        Column::Reference { staged, .. } => format!("CAST('' AS text) AS \"{staged}\""),
    }));
    let (staged, target) = (table(record_type), record_type.table);
    // Made from the table itself, so that types and collations agree.
    let sql = format!(
        "CREATE TEMPORARY TABLE \"{staged}\" AS SELECT {} FROM \"{target}\" WHERE 1 = 0",
        selected.join(", ")
    );
    connection.execute_unprepared(&sql).await?;
    let sql = format!("CREATE INDEX \"ix_{staged}\" ON \"{staged}\" (record_key)");
    connection.execute_unprepared(&sql).await?;
    Ok(())
}

async fn insert<C: ConnectionTrait>(
    connection: &C,
    record_type: &RecordType,
    batch: Vec<ReadRow>,
) -> Result<(), DbErr> {
    if batch.is_empty() {
        return Ok(());
    }
    let names = columns(record_type).into_iter();
    let names = names.map(|column| column.staged().to_owned());
    let names = std::iter::once("line".to_owned()).chain(names);
    let mut statement = Query::insert();
    statement
        .into_table(Alias::new(table(record_type)))
        .columns(names.map(Alias::new));
    for row in batch {
        statement
            .values(row.values.into_iter().map(Expr::val))
            .map_err(|error| DbErr::Custom(error.to_string()))?;
    }
    connection.execute(&statement).await?;
    Ok(())
}
