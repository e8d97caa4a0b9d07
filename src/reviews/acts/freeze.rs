//! Profiles that are frozen: read through the gateway, stored as they were read, with hashes over all of it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use data_encoding::HEXLOWER;
use entities::{frozen_part, frozen_profile, situation};
use futures::{StreamExt, TryStreamExt, stream};
use sea_orm::{
    ActiveEnum, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
};
use serde_json::json;

use super::{
    error::ActError,
    profiles::{ReadProfile, ReviewCell},
};

/// How many profiles one operation reads.
const TOGETHER: usize = 10;
/// How many operations run at once.
const AT_ONCE: usize = 2;

/// Profiles by the natural keys of their situations.
pub(super) type ReadAll = BTreeMap<String, ReadProfile>;

/// Reads the profiles of situations for a review, by its id and the end of its period.
pub(super) async fn read_all<C: ConnectionTrait>(
    connection: &C,
    cell: &ReviewCell,
    situations: &[String],
    at: (&str, NaiveDate),
) -> Result<ReadAll, ActError> {
    let parts = cell.parts();
    let parts = parts.ok_or_else(|| {
        ActError::Profiles("this service does not serve the joint schema".to_owned())
    })?;
    let rows = situation::Entity::find()
        .filter(situation::Column::RecordKey.is_in(situations))
        .all(connection)
        .await?;
    let (keys, ids): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .map(|row| (row.record_key, row.public_id))
        .unzip();
    let chunks: Vec<Vec<String>> = ids.chunks(TOGETHER).map(<[String]>::to_vec).collect();
    let reading = chunks.into_iter().map(|ids| async move {
        let read = parts.profiles.read(&ids, at).await;
        read.map_err(ActError::Profiles)
    });
    let read: Vec<Vec<_>> = stream::iter(reading)
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(keys.into_iter().zip(read.into_iter().flatten()).collect())
}

/// Where a profile is frozen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    /// Id of the frozen profile in the graph.
    pub(super) public_id: &'a str,
    /// Surrogate key of the item.
    pub(super) item: i64,
    /// Counts the freezings of the item.
    pub(super) version: i32,
    /// Why it is frozen again, as it is stored.
    pub(super) reason: Option<&'a str>,
    pub(super) at: DateTime<Utc>,
}

/// Stores a profile.
pub(super) async fn store<C: ConnectionTrait>(
    connection: &C,
    place: Place<'_>,
    profile: &ReadProfile,
) -> Result<(), DbErr> {
    let sources = serde_json::to_string(&profile.sources)
        .map_err(|error| DbErr::Custom(error.to_string()))?;
    let mut row = frozen_profile::Model {
        id: 0,
        public_id: place.public_id.to_owned(),
        item_id: place.item,
        version: place.version,
        frozen_at: place.at,
        reason: place.reason.map(str::to_owned),
        supergraph: profile.supergraph,
        operation: profile.operation.clone(),
        operation_hash: sha256(&profile.operation),
        sources,
        digest: String::new(),
    };
    let parts: Vec<_> = profile
        .parts
        .iter()
        .map(|part| frozen_part::Model {
            id: 0,
            frozen_id: 0,
            level: part.scope.level,
            scope: part.scope.exact.clone(),
            digest: sha256(&part.body),
            body: part.body.clone(),
        })
        .collect();
    row.digest = digest(&row, &parts);
    let inserted = frozen_profile::Entity::insert(frozen_profile::ActiveModel {
        public_id: Set(row.public_id),
        item_id: Set(row.item_id),
        version: Set(row.version),
        frozen_at: Set(row.frozen_at),
        reason: Set(row.reason),
        supergraph: Set(row.supergraph),
        operation: Set(row.operation),
        operation_hash: Set(row.operation_hash),
        sources: Set(row.sources),
        digest: Set(row.digest),
        ..Default::default()
    });
    let frozen_id = inserted.exec(connection).await?.last_insert_id;
    let parts = parts.into_iter().map(|part| frozen_part::ActiveModel {
        frozen_id: Set(frozen_id),
        level: Set(part.level),
        scope: Set(part.scope),
        body: Set(part.body),
        digest: Set(part.digest),
        ..Default::default()
    });
    frozen_part::Entity::insert_many(parts)
        .exec_without_returning(connection)
        .await
        .map(|_| ())
}

/// SHA-256 of a text, in hexadecimal.
fn sha256(text: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    HEXLOWER.encode(digest.as_ref())
}

/// Whether a frozen profile is as it was when it was stored, by its digests.
pub(crate) fn is_intact(profile: &frozen_profile::Model, parts: &[frozen_part::Model]) -> bool {
    let are_intact = parts.iter().all(|part| sha256(&part.body) == part.digest);
    are_intact
        && sha256(&profile.operation) == profile.operation_hash
        && digest(profile, parts) == profile.digest
}

/// SHA-256 over what is said of a frozen profile and the digests of its parts, in hexadecimal.
fn digest(profile: &frozen_profile::Model, parts: &[frozen_part::Model]) -> String {
    let mut digests: Vec<_> = parts
        .iter()
        .map(|part| json!([part.level.to_value(), part.scope, part.digest]))
        .collect();
    digests.sort_by_key(ToString::to_string);
    let all = json!([
        profile.public_id,
        profile.version,
        profile
            .frozen_at
            .to_rfc3339_opts(SecondsFormat::Micros, true),
        profile.supergraph,
        profile.operation_hash,
        profile.sources,
        digests,
    ]);
    sha256(&all.to_string())
}
