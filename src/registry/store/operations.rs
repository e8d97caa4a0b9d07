//! Recorded operations: counted by day and client, bounded in number and in age.

use chrono::{Days, NaiveDate};
use entities::{recorded_operation, recorded_operation_coordinate, recorded_operation_day};
use indexmap::{IndexMap, IndexSet};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::Store;

/// Operations kept; the longest unseen go first.
const MOST_OPERATIONS: u64 = 10_000;
/// Days kept.
const DAYS_KEPT: u64 = 90;
/// Clients told apart of one operation on one day.
const MOST_CLIENTS: u64 = 100;
/// Stands for further clients.
const OTHERS: &str = "(others)";
/// Values of one `IN` list.
const CHUNK: usize = 500;

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
    /// Requests by client name and version.
    pub clients: IndexMap<(String, String), i64>,
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
        let transaction = self.begin().await?;
        for operation in seen {
            let operation_id = upsert(&transaction, operation, day).await?;
            for ((name, version), requests) in &operation.clients {
                let client = (name.as_str(), version.as_str());
                count(
                    &transaction,
                    operation_id,
                    (&operation.key, day),
                    client,
                    *requests,
                )
                .await?;
            }
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

async fn upsert(
    transaction: &DatabaseTransaction,
    operation: &Seen,
    day: NaiveDate,
) -> Result<i64, DbErr> {
    let known = recorded_operation::Entity::find()
        .filter(recorded_operation::Column::RecordKey.eq(&operation.key))
        .one(transaction)
        .await?;
    if let Some(known) = known {
        let id = known.id;
        if known.last_seen_on < day {
            let mut known = known.into_active_model();
            known.last_seen_on = Set(day);
            known.update(transaction).await?;
        }
        return Ok(id);
    }
    let stored = recorded_operation::ActiveModel {
        record_key: Set(operation.key.clone()),
        name: Set(operation.name.clone()),
        signature: Set(operation.signature.clone()),
        first_seen_on: Set(day),
        last_seen_on: Set(day),
        ..Default::default()
    }
    .insert(transaction)
    .await?;
    let rows =
        operation
            .coordinates
            .iter()
            .map(|coordinate| recorded_operation_coordinate::ActiveModel {
                record_key: Set(format!("{}/{coordinate}", operation.key)),
                operation_id: Set(stored.id),
                coordinate: Set(coordinate.clone()),
                ..Default::default()
            });
    let rows: Vec<_> = rows.collect();
    for rows in rows.chunks(CHUNK) {
        recorded_operation_coordinate::Entity::insert_many(rows.to_vec())
            .exec(transaction)
            .await?;
    }
    Ok(stored.id)
}

async fn count(
    transaction: &DatabaseTransaction,
    operation_id: i64,
    (key, day): (&str, NaiveDate),
    client: (&str, &str),
    requests: i64,
) -> Result<(), DbErr> {
    let key_of = |(name, version): (&str, &str)| format!("{key}/{day}/{name}/{version}");
    let find = |key: String| {
        recorded_operation_day::Entity::find()
            .filter(recorded_operation_day::Column::RecordKey.eq(key))
            .one(transaction)
    };
    let mut client = client;
    let mut known = find(key_of(client)).await?;
    if known.is_none() {
        let clients = recorded_operation_day::Entity::find()
            .filter(recorded_operation_day::Column::OperationId.eq(operation_id))
            .filter(recorded_operation_day::Column::Day.eq(day))
            .count(transaction)
            .await?;
        if clients >= MOST_CLIENTS {
            client = (OTHERS, "");
            known = find(key_of(client)).await?;
        }
    }
    match known {
        Some(known) => {
            recorded_operation_day::ActiveModel {
                id: Unchanged(known.id),
                requests: Set(known.requests.saturating_add(requests)),
                ..Default::default()
            }
            .update(transaction)
            .await?;
        }
        None => {
            recorded_operation_day::ActiveModel {
                record_key: Set(key_of(client)),
                operation_id: Set(operation_id),
                day: Set(day),
                client_name: Set(client.0.to_owned()),
                client_version: Set(client.1.to_owned()),
                requests: Set(requests),
                ..Default::default()
            }
            .insert(transaction)
            .await?;
        }
    }
    Ok(())
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
    let surplus: Vec<i64> = recorded_operation::Entity::find()
        .filter(recorded_operation::Column::LastSeenOn.gte(first_kept))
        .select_only()
        .column(recorded_operation::Column::Id)
        .order_by_desc(recorded_operation::Column::LastSeenOn)
        .order_by_desc(recorded_operation::Column::Id)
        .offset(MOST_OPERATIONS)
        .limit(MOST_OPERATIONS)
        .into_tuple()
        .all(transaction)
        .await?;
    gone.extend(surplus);
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
