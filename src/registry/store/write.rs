//! Changes of the joint schema, each in one transaction: whole or not at all.

use chrono::{DateTime, Utc};
use entities::{
    registry_event, registry_source, registry_source_version, registry_supergraph,
    registry_supergraph_member,
    terms::{Classification, DriftState, SourceEventKind, SourceKind, SupergraphCause},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, Statement,
};

use super::{
    Store, StoreError,
    read::{find_source, newest_number},
};
use crate::registry::hash;

/// What replicas on PostgreSQL listen to.
pub(crate) const CHANNEL: &str = "upfront_supergraph";

/// Writers of the registry take turns. Any number will do, as long as it stays the same.
const ADVISORY_LOCK: i64 = 0x0075_7066_7265_6773;

/// A version to be stored.
#[derive(Clone, Debug)]
pub struct NewVersion {
    /// Name of the source.
    pub source: String,
    /// What answers there.
    pub kind: SourceKind,
    /// Where it answers.
    pub url: String,
    /// The SDL as it is composed.
    pub sdl: String,
    /// SHA-256 of the SDL as it was given.
    pub given_hash: String,
    /// Prefix of a plain server's names.
    pub prefix: Option<String>,
    /// Level of fields that mark none.
    pub default_level: Option<Classification>,
    /// Why it may add non-null fields to what others own.
    pub allow_non_null: Option<String>,
    /// Why it may break operations.
    pub allow_breaking: Option<String>,
}

/// A supergraph to be stored.
#[derive(Clone, Debug)]
pub struct NewSupergraph {
    /// The number of the one it was made from: the newest still, or nothing is stored.
    pub after: i32,
    /// It.
    pub sdl: String,
    /// SHA-256 over the embedded sources in it.
    pub embedded_hash: String,
    /// What made it.
    pub cause: SupergraphCause,
    /// The source that changed.
    pub source: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Code of the entity that made it.
    pub made_by: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Versions that stay in it.
    pub kept_versions: Vec<i64>,
}

/// What was stored.
#[derive(Clone, Debug)]
pub struct Published {
    /// The supergraph.
    pub supergraph: registry_supergraph::Model,
    /// The new version, if there is one.
    pub version: Option<registry_source_version::Model>,
}

impl Store {
    /// Stores a supergraph, with a new version of a source where one made it.
    pub async fn publish(
        &self,
        supergraph: NewSupergraph,
        version: Option<NewVersion>,
    ) -> Result<Published, StoreError> {
        let transaction = self.begin().await?;
        if newest_number(&transaction).await? != supergraph.after {
            return Err(StoreError::Outrun);
        }
        let mut kept = supergraph.kept_versions.clone();
        let stored_version = match version {
            Some(version) => {
                let stored = insert_version(&transaction, &supergraph, version).await?;
                kept.push(stored.id);
                Some(stored)
            }
            None => None,
        };
        let stored = insert_supergraph(&transaction, &supergraph).await?;
        for version_id in kept {
            registry_supergraph_member::ActiveModel {
                record_key: Set(format!("{}/{version_id}", stored.number)),
                supergraph_id: Set(stored.id),
                version_id: Set(version_id),
                ..Default::default()
            }
            .insert(&transaction)
            .await?;
        }
        if let Some(source) = &supergraph.source {
            let kind = match supergraph.cause {
                SupergraphCause::Publish => SourceEventKind::Published,
                SupergraphCause::Retire => SourceEventKind::Retired,
                SupergraphCause::Rollback | SupergraphCause::Start => SourceEventKind::RolledBack,
            };
            let event = (kind, supergraph.reason.clone());
            let by = (supergraph.made_by.as_str(), supergraph.made_at);
            insert_event(&transaction, source, event, by).await?;
        }
        notify(&transaction, stored.number).await?;
        transaction.commit().await?;
        Ok(Published {
            supergraph: stored,
            version: stored_version,
        })
    }

    /// Gives a source to another entity; whether it was the first entity's to give.
    pub async fn transfer(
        &self,
        name: &str,
        from: &str,
        to: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, DbErr> {
        let transaction = self.begin().await?;
        let source = find_source(&transaction, name).await?;
        let Some(source) = source.filter(|source| source.entity == from) else {
            return Ok(false);
        };
        let mut source = source.into_active_model();
        source.entity = Set(to.to_owned());
        source.update(&transaction).await?;
        let event = (SourceEventKind::Transferred, Some(format!("to {to}")));
        insert_event(&transaction, name, event, (from, at)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Notes whether a source still answers with what was registered.
    pub async fn set_drift(
        &self,
        source_id: i64,
        state: DriftState,
        detail: Option<String>,
        at: DateTime<Utc>,
    ) -> Result<(), DbErr> {
        registry_source::ActiveModel {
            id: Unchanged(source_id),
            drift: Set(Some(state)),
            drift_detail: Set(detail),
            drift_checked_at: Set(Some(at)),
            ..Default::default()
        }
        .update(&self.database.write)
        .await?;
        Ok(())
    }

    /// A transaction that no other writer of the registry runs beside.
    pub(super) async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let transaction = self.database.begin().await?;
        if self.database.backend() == DbBackend::Postgres {
            let lock = format!("SELECT pg_advisory_xact_lock({ADVISORY_LOCK})");
            transaction.execute_unprepared(&lock).await?;
        }
        Ok(transaction)
    }
}

async fn insert_version(
    transaction: &DatabaseTransaction,
    supergraph: &NewSupergraph,
    version: NewVersion,
) -> Result<registry_source_version::Model, DbErr> {
    let source = match find_source(transaction, &version.source).await? {
        Some(source) => source,
        None => {
            registry_source::ActiveModel {
                record_key: Set(version.source.clone()),
                entity: Set(supergraph.made_by.clone()),
                registered_at: Set(supergraph.made_at),
                ..Default::default()
            }
            .insert(transaction)
            .await?
        }
    };
    let newest: Option<Option<i32>> = registry_source_version::Entity::find()
        .filter(registry_source_version::Column::SourceId.eq(source.id))
        .select_only()
        .column_as(registry_source_version::Column::Number.max(), "newest")
        .into_tuple()
        .one(transaction)
        .await?;
    let number = newest.flatten().unwrap_or(0) + 1;
    registry_source_version::ActiveModel {
        record_key: Set(format!("{}@{number}", version.source)),
        source_id: Set(source.id),
        number: Set(number),
        kind: Set(version.kind),
        url: Set(version.url),
        sdl_hash: Set(hash::of([version.sdl.as_str()])),
        sdl: Set(version.sdl),
        given_hash: Set(version.given_hash),
        prefix: Set(version.prefix),
        default_level: Set(version.default_level),
        allow_non_null_reason: Set(version.allow_non_null),
        allow_breaking_reason: Set(version.allow_breaking),
        published_at: Set(supergraph.made_at),
        published_by: Set(supergraph.made_by.clone()),
        ..Default::default()
    }
    .insert(transaction)
    .await
}

async fn insert_supergraph(
    transaction: &DatabaseTransaction,
    supergraph: &NewSupergraph,
) -> Result<registry_supergraph::Model, DbErr> {
    let number = supergraph.after + 1;
    registry_supergraph::ActiveModel {
        record_key: Set(number.to_string()),
        number: Set(number),
        sdl: Set(supergraph.sdl.clone()),
        sdl_hash: Set(hash::of([supergraph.sdl.as_str()])),
        embedded_hash: Set(supergraph.embedded_hash.clone()),
        cause: Set(supergraph.cause),
        source_name: Set(supergraph.source.clone()),
        reason: Set(supergraph.reason.clone()),
        made_by: Set(supergraph.made_by.clone()),
        made_at: Set(supergraph.made_at),
        ..Default::default()
    }
    .insert(transaction)
    .await
}

pub(super) async fn insert_event(
    transaction: &DatabaseTransaction,
    source: &str,
    (kind, detail): (SourceEventKind, Option<String>),
    (entity, at): (&str, DateTime<Utc>),
) -> Result<(), DbErr> {
    let of_source = registry_event::Entity::find()
        .filter(registry_event::Column::SourceName.eq(source))
        .count(transaction)
        .await?;
    registry_event::ActiveModel {
        record_key: Set(format!("{source}#{}", of_source + 1)),
        source_name: Set(source.to_owned()),
        kind: Set(kind),
        entity: Set(entity.to_owned()),
        detail: Set(detail),
        happened_at: Set(at),
        ..Default::default()
    }
    .insert(transaction)
    .await?;
    Ok(())
}

/// Tells replicas; the message goes out when the transaction commits.
async fn notify(transaction: &DatabaseTransaction, number: i32) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        let notify = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_notify($1, $2)",
            [CHANNEL.into(), number.to_string().into()],
        );
        transaction.execute_raw(notify).await?;
    }
    Ok(())
}
