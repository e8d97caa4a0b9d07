//! Stores a decision in one transaction.

use chrono::{DateTime, Utc};
use entities::{
    event, registry_consent, registry_source, registry_source_version, registry_supergraph,
    registry_supergraph_member,
    terms::{Classification, SourceEventKind, SupergraphCause},
};
use sea_orm::{
    ActiveEnum, ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, Func, Query},
};

use super::{
    CHUNK, MANDATE, OF_CONSENTS, Store, StoreError,
    load::newest_revision,
    read::{find_source, newest_number},
};
use crate::{
    database::take_turn,
    registry::{
        hash,
        state::Event,
        state::{Decision, Grant, Made, Source, State, Version},
    },
};

/// What replicas on PostgreSQL listen to.
pub(crate) const CHANNEL: &str = "upfront_supergraph";

/// Writers of the registry take turns. Any number will do, as long as it stays the same.
const ADVISORY_LOCK: i64 = 0x0075_7066_7265_6773;

/// What a decision was made on.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'a> {
    /// The log's last entry then.
    pub revision: i64,
    /// The newest supergraph then.
    pub number: i32,
    /// The state it was decided on.
    pub state: &'a State,
    /// SHA-256 over the embedded sources.
    pub embedded_hash: &'a str,
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
    /// Stores what was decided, with its events: the new supergraph, if the decision makes one.
    pub async fn apply(
        &self,
        basis: Basis<'_>,
        decision: &Decision,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<Option<Published>, StoreError> {
        let transaction = self.begin().await?;
        let is_newest = newest_revision(&transaction).await? == basis.revision
            && newest_number(&transaction).await? == basis.number;
        if !is_newest {
            return Err(StoreError::Outrun);
        }
        let writer = Writer {
            transaction: &transaction,
            basis,
            after: &decision.after,
            by,
            at,
        };
        writer.write_grants().await?;
        let version = writer.write_sources().await?;
        let supergraph = match &decision.made {
            Some(made) => Some(writer.write_supergraph(made).await?),
            None => None,
        };
        writer.write_events(decision, supergraph.as_ref()).await?;
        let number = supergraph.as_ref().map(|supergraph| supergraph.number);
        let is_of_consents = |event: &Event| OF_CONSENTS.contains(&event.kind);
        if number.is_some() || decision.events.iter().any(is_of_consents) {
            notify(&transaction, number.unwrap_or(basis.number)).await?;
        }
        transaction.commit().await?;
        Ok(supergraph.map(|supergraph| Published {
            supergraph,
            version,
        }))
    }

    /// A transaction that no other change of the registry runs beside.
    pub(super) async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let transaction = self.database.begin().await?;
        take_turn(&transaction, ADVISORY_LOCK).await?;
        Ok(transaction)
    }
}

struct Writer<'a> {
    transaction: &'a DatabaseTransaction,
    basis: Basis<'a>,
    after: &'a State,
    by: &'a str,
    at: DateTime<Utc>,
}

impl Writer<'_> {
    async fn write_grants(&self) -> Result<(), DbErr> {
        let before = &self.basis.state.grants;
        for grant in before
            .iter()
            .filter(|grant| !self.after.grants.contains(grant))
        {
            registry_consent::Entity::update_many()
                .col_expr(registry_consent::Column::WithdrawnAt, Expr::value(self.at))
                .filter(registry_consent::Column::SourceName.eq(&grant.source))
                .filter(registry_consent::Column::Coordinate.eq(&grant.consent.coordinate))
                .filter(registry_consent::Column::GrantedBy.eq(&grant.consent.granted_by))
                .filter(registry_consent::Column::GrantedTo.eq(&grant.granted_to))
                .filter(registry_consent::Column::WithdrawnAt.is_null())
                .exec(self.transaction)
                .await?;
        }
        for grant in self
            .after
            .grants
            .iter()
            .filter(|grant| !before.contains(grant))
        {
            self.insert_grant(grant).await?;
        }
        Ok(())
    }

    async fn insert_grant(&self, grant: &Grant) -> Result<(), DbErr> {
        let coordinate = &grant.consent.coordinate;
        let granted_by = &grant.consent.granted_by;
        let turn = registry_consent::Entity::find()
            .filter(registry_consent::Column::SourceName.eq(&grant.source))
            .filter(registry_consent::Column::Coordinate.eq(coordinate))
            .filter(registry_consent::Column::GrantedBy.eq(granted_by))
            .count(self.transaction)
            .await?
            + 1;
        registry_consent::ActiveModel {
            record_key: Set(format!("{granted_by}/{coordinate}/{}#{turn}", grant.source)),
            coordinate: Set(coordinate.clone()),
            granted_by: Set(granted_by.clone()),
            source_name: Set(grant.source.clone()),
            granted_to: Set(grant.granted_to.clone()),
            reason: Set(grant.reason.clone()),
            granted_at: Set(self.at),
            ..Default::default()
        }
        .insert(self.transaction)
        .await?;
        Ok(())
    }

    /// Writes what changed of sources; the new version, if there is one.
    async fn write_sources(&self) -> Result<Option<registry_source_version::Model>, DbErr> {
        let mut stored_version = None;
        for source in &self.after.sources {
            let before = self.basis.state.find(&source.name);
            if before == Some(source) {
                continue;
            }
            let id = self.write_source(source, before).await?;
            let newest = before.map_or(0, |before| before.newest);
            let new = source.served.as_ref();
            if let Some(version) = new.filter(|version| version.number > newest) {
                stored_version = Some(self.insert_version(source, id, version).await?);
            }
        }
        Ok(stored_version)
    }

    async fn write_source(&self, source: &Source, before: Option<&Source>) -> Result<i64, DbErr> {
        let known = find_source(self.transaction, &source.name).await?;
        let Some(known) = known else {
            let stored = registry_source::ActiveModel {
                record_key: Set(source.name.clone()),
                entity: Set(source.entity.clone()),
                offered_to: Set(source.offered_to.clone()),
                history: Set(write_history(source)?),
                registered_at: Set(self.at),
                ..Default::default()
            };
            return Ok(stored.insert(self.transaction).await?.id);
        };
        let columns = |source: &Source| {
            let Source {
                entity,
                offered_to,
                history,
                ..
            } = source.clone();
            (entity, offered_to, history)
        };
        if before.map(columns) != Some(columns(source)) {
            registry_source::ActiveModel {
                id: Unchanged(known.id),
                entity: Set(source.entity.clone()),
                offered_to: Set(source.offered_to.clone()),
                history: Set(write_history(source)?),
                ..Default::default()
            }
            .update(self.transaction)
            .await?;
        }
        Ok(known.id)
    }

    async fn insert_version(
        &self,
        source: &Source,
        source_id: i64,
        version: &Version,
    ) -> Result<registry_source_version::Model, DbErr> {
        let version = version.clone();
        registry_source_version::ActiveModel {
            record_key: Set(key_of(&source.name, version.number)),
            source_id: Set(source_id),
            number: Set(version.number),
            kind: Set(version.kind),
            url: Set(version.url),
            sdl_hash: Set(hash::of([version.sdl.as_str()])),
            sdl: Set(version.sdl),
            given_hash: Set(version.given_hash),
            prefix: Set(version.prefix),
            default_level: Set(version.default_level),
            allow_non_null_reason: Set(version.allow_non_null),
            allow_breaking_reason: Set(version.allow_breaking),
            published_at: Set(self.at),
            published_by: Set(self.by.to_owned()),
            ..Default::default()
        }
        .insert(self.transaction)
        .await
    }

    async fn write_supergraph(&self, made: &Made) -> Result<registry_supergraph::Model, DbErr> {
        let number = self.basis.number + 1;
        let sdl = self.after.supergraph_sdl.clone();
        let sdl = sdl.ok_or_else(|| DbErr::Custom("a supergraph without SDL".to_owned()))?;
        let stored = registry_supergraph::ActiveModel {
            record_key: Set(number.to_string()),
            number: Set(number),
            sdl_hash: Set(hash::of([sdl.as_str()])),
            sdl: Set(sdl),
            embedded_hash: Set(self.basis.embedded_hash.to_owned()),
            cause: Set(made.cause),
            source_name: Set(made.source.clone()),
            reason: Set(made.reason.clone()),
            made_by: Set(self.by.to_owned()),
            made_at: Set(self.at),
            ..Default::default()
        }
        .insert(self.transaction)
        .await?;
        let served = self.after.sources.iter();
        let keys: Vec<String> = served
            .filter_map(|source| {
                let served = source.served.as_ref()?;
                Some(key_of(&source.name, served.number))
            })
            .collect();
        for keys in keys.chunks(CHUNK) {
            let versions: Vec<i64> = registry_source_version::Entity::find()
                .filter(
                    registry_source_version::Column::RecordKey
                        .is_in(keys.iter().map(String::as_str)),
                )
                .select_only()
                .column(registry_source_version::Column::Id)
                .into_tuple()
                .all(self.transaction)
                .await?;
            let rows =
                versions
                    .into_iter()
                    .map(|version_id| registry_supergraph_member::ActiveModel {
                        record_key: Set(format!("{number}/{version_id}")),
                        supergraph_id: Set(stored.id),
                        version_id: Set(version_id),
                        ..Default::default()
                    });
            registry_supergraph_member::Entity::insert_many(rows)
                .exec(self.transaction)
                .await?;
        }
        Ok(stored)
    }

    /// Writes the log: an entry for each source that something happened to, and one for the
    /// supergraph.
    async fn write_events(
        &self,
        decision: &Decision,
        supergraph: Option<&registry_supergraph::Model>,
    ) -> Result<(), DbErr> {
        let of_sources = decision.events.iter().map(|happened| event::ActiveModel {
            kind: Set(SourceEventKind::to_value(&happened.kind)),
            subject_type: Set("source".to_owned()),
            subject: Set(happened.source.clone()),
            owner: Set(happened.owner.clone()),
            detail: Set(happened.detail.clone()),
            ..self.event()
        });
        let of_supergraph = supergraph.map(|made| event::ActiveModel {
            kind: Set(SupergraphCause::to_value(&made.cause)),
            subject_type: Set("supergraph".to_owned()),
            subject: Set(made.number.to_string()),
            owner: Set(made.made_by.clone()),
            detail: Set(made.reason.clone()),
            ..self.event()
        });
        let rows: Vec<_> = of_sources.chain(of_supergraph).collect();
        for rows in rows.chunks(CHUNK) {
            event::Entity::insert_many(rows.to_vec())
                .exec(self.transaction)
                .await?;
        }
        Ok(())
    }

    /// What all entries of one change have in common. Sources and what is done to them may be read by
    /// every entity that may read the registry.
    fn event(&self) -> event::ActiveModel {
        event::ActiveModel {
            happened_at: Set(self.at),
            mandate: Set(MANDATE.to_owned()),
            level: Set(Classification::Unclassified),
            actor: Set(self.by.to_owned()),
            ..Default::default()
        }
    }
}

fn write_history(source: &Source) -> Result<String, DbErr> {
    let history = source.history.as_deref();
    let written = history.map_or(Ok(String::new()), serde_json::to_string);
    written.map_err(|error| DbErr::Custom(format!("the history of a source: {error}")))
}

fn key_of(source: &str, number: i32) -> String {
    format!("{source}@{number}")
}

/// Notifies replicas; the message goes out when the transaction commits.
async fn notify(transaction: &DatabaseTransaction, number: i32) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        let notify =
            Func::cust("pg_notify").args([Expr::val(CHANNEL), Expr::val(number.to_string())]);
        transaction.execute(Query::select().expr(notify)).await?;
    }
    Ok(())
}
