//! The trail's rows: SeaORM and nothing else.

use std::collections::HashMap;

use entities::{audit_entry, audit_reached};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Statement,
};

use super::{
    chain::{Head, Tip},
    draft::FoundBy,
    kind::Kind,
};
use crate::database::Database;

/// Rows of one insertion.
const CHUNK: usize = 1_000;
/// Adds rows that come as one JSON text: an operation reaches hundreds of records, and a statement with a
/// parameter for each of their columns takes several times as long.
const REACHED_SQLITE: &str = "INSERT INTO audit_reached (what, id, at, sequence, chain) \
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), \
    json_extract(value, '$[3]'), json_extract(value, '$[4]') FROM json_each(?)";
const REACHED_POSTGRES: &str = "INSERT INTO audit_reached (what, id, at, sequence, chain) \
    SELECT row->>0, row->>1, (row->>2)::bigint, (row->>3)::bigint, row->>4 \
    FROM json_array_elements($1::json) AS row";
/// Values of one `IN` list.
const LIST: usize = 500;

/// Stores entries that continue a chain, with what each can be found by: all of them, or an error.
pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    rows: &[audit_entry::Model],
    found_by: &[&FoundBy],
) -> Result<(), DbErr> {
    let mut stored: u64 = 0;
    for some in rows.chunks(CHUNK) {
        let some = some.iter().map(|row| row.clone().into_active_model());
        let inserted = audit_entry::Entity::insert_many(some);
        stored += inserted.exec_without_returning(connection).await?;
    }
    let reached: Vec<_> = rows
        .iter()
        .zip(found_by)
        .flat_map(|(row, found_by)| found_by.reached(row))
        .collect();
    let backend = connection.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => REACHED_POSTGRES,
        _ => REACHED_SQLITE,
    };
    for some in reached.chunks(CHUNK) {
        let some = some
            .iter()
            .map(|row| (&row.what, &row.id, row.at, row.sequence, &row.chain));
        let some = serde_json::to_string(&some.collect::<Vec<_>>());
        let some = some.map_err(|error| DbErr::Custom(error.to_string()))?;
        let statement = Statement::from_sql_and_values(backend, sql, [some.into()]);
        stored += connection.execute_raw(statement).await?.rows_affected();
    }
    // A rule or a trigger can have the database take rows and store none.
    if stored != (rows.len() + reached.len()) as u64 {
        return Err(DbErr::RecordNotInserted);
    }
    Ok(())
}

/// Where a chain ends.
pub(super) async fn tip(connection: &impl ConnectionTrait, chain: &str) -> Result<Tip, DbErr> {
    let last = last(connection, chain).await?;
    Ok(last.as_ref().map_or_else(Tip::empty, Tip::of))
}

async fn last(
    connection: &impl ConnectionTrait,
    chain: &str,
) -> Result<Option<audit_entry::Model>, DbErr> {
    audit_entry::Entity::find()
        .filter(audit_entry::Column::Chain.eq(chain))
        .order_by_desc(audit_entry::Column::Sequence)
        .one(connection)
        .await
}

/// The last entry of each chain, by name.
pub async fn heads(trail: &Database) -> Result<Vec<Head>, DbErr> {
    let mut heads = Vec::new();
    for chain in chains(&trail.read).await? {
        if let Some(row) = last(&trail.read, &chain).await? {
            heads.push(Head::of(&row));
        }
    }
    Ok(heads)
}

/// The names of all chains.
pub(super) async fn chains(connection: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    names::<audit_entry::Entity>(connection, audit_entry::Column::Chain).await
}

/// The names of all chains that rows beside entries name.
pub(super) async fn chains_reached(
    connection: &impl ConnectionTrait,
) -> Result<Vec<String>, DbErr> {
    names::<audit_reached::Entity>(connection, audit_reached::Column::Chain).await
}

/// What there is in an indexed column, in order. Each name is one step in the index, however many rows
/// have it.
async fn names<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    column: E::Column,
) -> Result<Vec<String>, DbErr> {
    let mut names: Vec<String> = Vec::new();
    loop {
        let mut next = E::find();
        if let Some(last) = names.last() {
            next = next.filter(column.gt(last.as_str()));
        }
        let next: Option<String> = next
            .order_by_asc(column)
            .select_only()
            .column(column)
            .into_tuple()
            .one(connection)
            .await?;
        match next {
            Some(name) => names.push(name),
            None => return Ok(names),
        }
    }
}

/// Whether a chain has more than anchors after a place.
pub(super) async fn goes_on(
    connection: &impl ConnectionTrait,
    chain: &str,
    after: i64,
) -> Result<bool, DbErr> {
    use audit_entry::Column;
    let found: Option<i64> = audit_entry::Entity::find()
        .filter(Column::Chain.eq(chain))
        .filter(Column::Sequence.gt(after))
        .filter(Column::Kind.ne(Kind::Anchor.name()))
        .select_only()
        .column(Column::Sequence)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(found.is_some())
}

/// The entries of a chain from a place on, in order.
pub(super) async fn next(
    connection: &impl ConnectionTrait,
    chain: &str,
    from: i64,
    most: u64,
) -> Result<Vec<audit_entry::Model>, DbErr> {
    audit_entry::Entity::find()
        .filter(audit_entry::Column::Chain.eq(chain))
        .filter(audit_entry::Column::Sequence.gte(from))
        .order_by_asc(audit_entry::Column::Sequence)
        .limit(most)
        .all(connection)
        .await
}

/// The rows beside the entries of a chain from one place up to another.
pub(super) async fn reached(
    connection: &impl ConnectionTrait,
    chain: &str,
    from: i64,
    up_to: i64,
) -> Result<Vec<audit_reached::Model>, DbErr> {
    audit_reached::Entity::find()
        .filter(audit_reached::Column::Chain.eq(chain))
        .filter(audit_reached::Column::Sequence.gte(from))
        .filter(audit_reached::Column::Sequence.lte(up_to))
        .all(connection)
        .await
}

/// The hashes of entries of a chain, by place; those that are not there are left out.
pub(super) async fn hashes(
    connection: &impl ConnectionTrait,
    chain: &str,
    places: &[i64],
) -> Result<HashMap<i64, String>, DbErr> {
    use audit_entry::Column;
    let mut hashes = HashMap::new();
    for some in places.chunks(LIST) {
        let found: Vec<(i64, String)> = audit_entry::Entity::find()
            .filter(Column::Chain.eq(chain))
            .filter(Column::Sequence.is_in(some.iter().copied()))
            .select_only()
            .column(Column::Sequence)
            .column(Column::Hash)
            .into_tuple()
            .all(connection)
            .await?;
        hashes.extend(found);
    }
    Ok(hashes)
}
