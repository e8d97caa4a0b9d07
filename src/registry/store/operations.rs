//! Recorded operations: counted by day and client, bounded in number and in age.
//!
//! Operations of callers without a token are kept separately: such callers can name themselves
//! anything, and must not displace the operations of others. Rows are written in batches, beside
//! the changes of the registry.

use chrono::{Days, NaiveDate};
use entities::{recorded_operation, recorded_operation_coordinate, recorded_operation_day};
use indexmap::{IndexMap, IndexSet};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use super::{CHUNK, Store};

/// Operations kept of one entity, and of all anonymous callers together; the longest unseen go
/// first.
const MOST_OPERATIONS: u64 = 5_000;
/// Days kept.
const DAYS_KEPT: u64 = 90;
/// Clients of one entity that are counted separately for one operation on one day.
const MOST_CLIENTS: usize = 50;
/// The client name for further clients.
const OTHERS: &str = "(others)";

/// A client that sends operations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Client {
    /// Code of the entity whose token was sent; empty for anonymous callers.
    pub entity: String,
    /// What the client calls itself; empty where it does not say.
    pub name: String,
    /// Its version; empty where it does not say.
    pub version: String,
}

/// An operation that was seen, with how often each client sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// SHA-256 of the signature.
    pub key: String,
    /// The operation's name.
    pub name: Option<String>,
    /// Its signature.
    pub signature: String,
    /// The parts of the schema it uses.
    pub coordinates: Vec<String>,
    /// Requests by client.
    pub clients: IndexMap<Client, i64>,
}

impl Seen {
    /// The entity among whose operations it is kept: the last that sent it with a token.
    fn entity(&self) -> &str {
        let mut entities = self.clients.keys().map(|client| client.entity.as_str());
        entities
            .rfind(|entity| !entity.is_empty())
            .unwrap_or_default()
    }
}

/// An operation that uses some part of the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// SHA-256 of the signature.
    pub key: String,
    /// The operation's name.
    pub name: Option<String>,
    /// The last day it was seen.
    pub last_seen_on: NaiveDate,
    /// How often in all.
    pub requests: i64,
    /// How often by client name and version, most first.
    pub clients: Vec<(String, String, i64)>,
}

impl Store {
    /// Adds what was seen on a day.
    pub async fn record(&self, seen: &[Seen], day: NaiveDate) -> Result<(), DbErr> {
        // In the same order on all replicas, so that they cannot deadlock.
        let mut seen: Vec<&Seen> = seen.iter().collect();
        seen.sort_by(|a, b| a.key.cmp(&b.key));
        let transaction = self.database.begin().await?;
        for seen in seen.chunks(CHUNK) {
            let ids = upsert(&transaction, seen, day).await?;
            count(&transaction, seen, &ids, day).await?;
        }
        prune(&transaction, day).await?;
        transaction.commit().await
    }

    /// Operations seen since a day that use any of some coordinates, most used first.
    pub async fn usages(
        &self,
        coordinates: &[String],
        since: NaiveDate,
        most: usize,
    ) -> Result<Vec<Usage>, DbErr> {
        let mut operation_ids: IndexSet<i64> = IndexSet::new();
        for coordinates in coordinates.chunks(CHUNK) {
            let ids: Vec<i64> = recorded_operation_coordinate::Entity::find()
                .filter(
                    recorded_operation_coordinate::Column::Coordinate
                        .is_in(coordinates.iter().map(String::as_str)),
                )
                .select_only()
                .column(recorded_operation_coordinate::Column::OperationId)
                .distinct()
                .into_tuple()
                .all(&self.database.read)
                .await?;
            operation_ids.extend(ids);
        }
        let ids: Vec<i64> = operation_ids.into_iter().collect();
        let mut usages = Vec::new();
        for ids in ids.chunks(CHUNK) {
            usages.extend(self.usages_of(ids, since).await?);
        }
        usages.sort_by(|a, b| (b.requests, &a.key).cmp(&(a.requests, &b.key)));
        usages.truncate(most);
        Ok(usages)
    }

    async fn usages_of(&self, ids: &[i64], since: NaiveDate) -> Result<Vec<Usage>, DbErr> {
        let operations = recorded_operation::Entity::find()
            .filter(recorded_operation::Column::Id.is_in(ids.iter().copied()))
            .all(&self.database.read)
            .await?;
        let days = recorded_operation_day::Entity::find()
            .filter(recorded_operation_day::Column::OperationId.is_in(ids.iter().copied()))
            .filter(recorded_operation_day::Column::Day.gte(since))
            .all(&self.database.read)
            .await?;
        let mut by_operation: IndexMap<i64, IndexMap<(String, String), i64>> = IndexMap::new();
        for day in days {
            let clients = by_operation.entry(day.operation_id).or_default();
            *clients
                .entry((day.client_name, day.client_version))
                .or_default() += day.requests;
        }
        let usages = operations.into_iter().filter_map(|operation| {
            let clients = by_operation.shift_remove(&operation.id)?;
            let mut clients: Vec<_> = clients
                .into_iter()
                .map(|((name, version), requests)| (name, version, requests))
                .collect();
            clients.sort_by(|a, b| (b.2, &a.0, &a.1).cmp(&(a.2, &b.0, &b.1)));
            Some(Usage {
                key: operation.record_key,
                name: operation.name,
                last_seen_on: operation.last_seen_on,
                requests: clients.iter().map(|(_, _, requests)| requests).sum(),
                clients,
            })
        });
        Ok(usages.collect())
    }
}

/// Makes sure that operations are there: their row numbers, by key.
async fn upsert(
    transaction: &DatabaseTransaction,
    seen: &[&Seen],
    day: NaiveDate,
) -> Result<IndexMap<String, i64>, DbErr> {
    use recorded_operation::Column;
    let known = ids_of(transaction, seen).await?;
    let (anonymous, named): (Vec<&Seen>, Vec<&Seen>) = seen
        .iter()
        .partition(|operation| operation.entity().is_empty());
    let again = OnConflict::column(Column::RecordKey)
        .update_column(Column::LastSeenOn)
        .to_owned();
    let by_entity = again.clone().update_column(Column::Entity).to_owned();
    for (operations, on_conflict) in [(anonymous, again), (named, by_entity)] {
        let rows = operations
            .iter()
            .map(|operation| recorded_operation::ActiveModel {
                record_key: Set(operation.key.clone()),
                name: Set(operation.name.clone()),
                signature: Set(operation.signature.clone()),
                entity: Set(operation.entity().to_owned()),
                first_seen_on: Set(day),
                last_seen_on: Set(day),
                ..Default::default()
            });
        if operations.is_empty() {
            continue;
        }
        recorded_operation::Entity::insert_many(rows)
            .on_conflict(on_conflict)
            .exec_without_returning(transaction)
            .await?;
    }
    let ids = ids_of(transaction, seen).await?;
    let new = seen
        .iter()
        .filter(|operation| !known.contains_key(&operation.key));
    let new = new.filter_map(|operation| Some((*operation, *ids.get(&operation.key)?)));
    let rows = new.flat_map(|(operation, id)| {
        let coordinates = operation.coordinates.iter();
        coordinates.map(
            move |coordinate| recorded_operation_coordinate::ActiveModel {
                record_key: Set(format!("{}/{coordinate}", operation.key)),
                operation_id: Set(id),
                coordinate: Set(coordinate.clone()),
                ..Default::default()
            },
        )
    });
    let rows: Vec<_> = rows.collect();
    for rows in rows.chunks(CHUNK) {
        recorded_operation_coordinate::Entity::insert_many(rows.to_vec())
            .on_conflict(
                OnConflict::column(recorded_operation_coordinate::Column::RecordKey)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(ids)
}

async fn ids_of(
    transaction: &DatabaseTransaction,
    seen: &[&Seen],
) -> Result<IndexMap<String, i64>, DbErr> {
    let keys = seen.iter().map(|operation| operation.key.as_str());
    let rows: Vec<(String, i64)> = recorded_operation::Entity::find()
        .filter(recorded_operation::Column::RecordKey.is_in(keys))
        .select_only()
        .column(recorded_operation::Column::RecordKey)
        .column(recorded_operation::Column::Id)
        .into_tuple()
        .all(transaction)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Adds requests to what each client sent on the day.
async fn count(
    transaction: &DatabaseTransaction,
    seen: &[&Seen],
    ids: &IndexMap<String, i64>,
    day: NaiveDate,
) -> Result<(), DbErr> {
    use recorded_operation_day::Column;
    let known: Vec<(i64, String, String, String)> = recorded_operation_day::Entity::find()
        .filter(Column::OperationId.is_in(ids.values().copied()))
        .filter(Column::Day.eq(day))
        .select_only()
        .columns([
            Column::OperationId,
            Column::Entity,
            Column::ClientName,
            Column::ClientVersion,
        ])
        .into_tuple()
        .all(transaction)
        .await?;
    let mut clients: IndexMap<i64, IndexSet<Client>> = IndexMap::new();
    for (operation, entity, name, version) in known {
        clients.entry(operation).or_default().insert(Client {
            entity,
            name,
            version,
        });
    }
    let mut requests: IndexMap<(&str, i64, Client), i64> = IndexMap::new();
    for operation in seen {
        let Some(id) = ids.get(&operation.key).copied() else {
            continue;
        };
        let told_apart = clients.entry(id).or_default();
        for (client, count) in &operation.clients {
            let client = among(client, told_apart);
            let total = requests.entry((&operation.key, id, client)).or_default();
            *total = total.saturating_add(*count);
        }
    }
    let rows = requests
        .into_iter()
        .map(|((key, operation_id, client), requests)| {
            let Client {
                entity,
                name,
                version,
            } = client;
            recorded_operation_day::ActiveModel {
                record_key: Set(format!("{key}/{day}/{entity}/{name}/{version}")),
                operation_id: Set(operation_id),
                day: Set(day),
                entity: Set(entity),
                client_name: Set(name),
                client_version: Set(version),
                requests: Set(requests),
                ..Default::default()
            }
        });
    let rows: Vec<_> = rows.collect();
    let before = Expr::col((recorded_operation_day::Entity, Column::Requests));
    let add = before.add(Expr::col(("excluded", Column::Requests)));
    let on_conflict = OnConflict::column(Column::RecordKey)
        .value(Column::Requests, add)
        .to_owned();
    for rows in rows.chunks(CHUNK) {
        recorded_operation_day::Entity::insert_many(rows.to_vec())
            .on_conflict(on_conflict.clone())
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

/// The client it is counted as: itself as long as its entity has not too many.
fn among(client: &Client, told_apart: &mut IndexSet<Client>) -> Client {
    let of_entity = told_apart
        .iter()
        .filter(|each| each.entity == client.entity);
    if told_apart.contains(client) || of_entity.count() < MOST_CLIENTS {
        told_apart.insert(client.clone());
        return client.clone();
    }
    Client {
        entity: client.entity.clone(),
        name: OTHERS.to_owned(),
        version: String::new(),
    }
}

async fn prune(transaction: &DatabaseTransaction, day: NaiveDate) -> Result<(), DbErr> {
    let first_kept = day.checked_sub_days(Days::new(DAYS_KEPT)).unwrap_or(day);
    recorded_operation_day::Entity::delete_many()
        .filter(recorded_operation_day::Column::Day.lt(first_kept))
        .exec(transaction)
        .await?;
    let mut gone: Vec<i64> = recorded_operation::Entity::find()
        .filter(recorded_operation::Column::LastSeenOn.lt(first_kept))
        .select_only()
        .column(recorded_operation::Column::Id)
        .into_tuple()
        .all(transaction)
        .await?;
    gone.extend(find_surplus(transaction, first_kept).await?);
    for ids in gone.chunks(CHUNK) {
        recorded_operation_day::Entity::delete_many()
            .filter(recorded_operation_day::Column::OperationId.is_in(ids.iter().copied()))
            .exec(transaction)
            .await?;
        recorded_operation_coordinate::Entity::delete_many()
            .filter(recorded_operation_coordinate::Column::OperationId.is_in(ids.iter().copied()))
            .exec(transaction)
            .await?;
        recorded_operation::Entity::delete_many()
            .filter(recorded_operation::Column::Id.is_in(ids.iter().copied()))
            .exec(transaction)
            .await?;
    }
    Ok(())
}

/// Operations past what is kept of their entity.
async fn find_surplus(
    transaction: &DatabaseTransaction,
    first_kept: NaiveDate,
) -> Result<Vec<i64>, DbErr> {
    use recorded_operation::Column;
    let kept = recorded_operation::Entity::find().filter(Column::LastSeenOn.gte(first_kept));
    let counts: Vec<(String, i64)> = kept
        .clone()
        .select_only()
        .column(Column::Entity)
        .column_as(Column::Id.count(), "operations")
        .group_by(Column::Entity)
        .into_tuple()
        .all(transaction)
        .await?;
    let mut surplus = Vec::new();
    for (entity, operations) in counts {
        if u64::try_from(operations).unwrap_or_default() <= MOST_OPERATIONS {
            continue;
        }
        let ids: Vec<i64> = kept
            .clone()
            .filter(Column::Entity.eq(entity))
            .select_only()
            .column(Column::Id)
            .order_by_desc(Column::LastSeenOn)
            .order_by_desc(Column::Id)
            .offset(MOST_OPERATIONS)
            .limit(MOST_OPERATIONS)
            .into_tuple()
            .all(transaction)
            .await?;
        surplus.extend(ids);
    }
    Ok(surplus)
}
