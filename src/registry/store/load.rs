//! Loads the whole state of the registry.

use std::sync::Arc;

use entities::{
    event, registry_consent, registry_source, registry_source_version, registry_supergraph,
};
use indexmap::IndexMap;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{MANDATE, Store};
use crate::registry::{
    history::History,
    rules::Consent,
    state::{Grant, Source, Version},
};

/// How often the rows are read anew when they change meanwhile.
const TRIES: usize = 4;

/// The registry as it stands.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// The log's last entry: it grows with every change.
    pub revision: i64,
    /// The newest supergraph; none before the first start.
    pub supergraph: Option<registry_supergraph::Model>,
    /// Every source that ever registered, oldest first.
    pub sources: Vec<Source>,
    /// Consents in force, oldest first.
    pub grants: Vec<Grant>,
}

impl Stored {
    /// The number of the newest supergraph; zero before the first.
    pub fn number(&self) -> i32 {
        let newest = self.supergraph.as_ref();
        newest.map_or(0, |supergraph| supergraph.number)
    }
}

impl Store {
    /// Everything that a change is decided on. The change is stored with the revision: if that is
    /// no longer the newest, another change was stored in between.
    pub async fn load(&self) -> Result<Stored, DbErr> {
        let read = &self.database.read;
        let mut revision = newest_revision(read).await?;
        for _ in 0..TRIES {
            let stored = self.load_at(revision).await?;
            let now = newest_revision(read).await?;
            if now == revision {
                return Ok(stored);
            }
            revision = now;
        }
        // Still whole enough to decide on: what is decided on it is not stored.
        self.load_at(revision).await
    }

    /// The versions of the registered sources in a supergraph, by name, oldest source first.
    pub async fn versions_by_source(
        &self,
        supergraph_id: i64,
    ) -> Result<Vec<(String, Version)>, DbErr> {
        let mut versions: IndexMap<i64, Version> = self
            .versions_in(supergraph_id)
            .await?
            .into_iter()
            .map(|version| (version.source_id, version_of(version)))
            .collect();
        let sources = self.sources().await?.into_iter();
        let named = |row: registry_source::Model| {
            let version = versions.swap_remove(&row.id)?;
            Some((row.record_key, version))
        };
        Ok(sources.filter_map(named).collect())
    }

    async fn load_at(&self, revision: i64) -> Result<Stored, DbErr> {
        let read = &self.database.read;
        let supergraph = self.newest_supergraph().await?;
        let served = match &supergraph {
            Some(supergraph) => self.versions_in(supergraph.id).await?,
            None => Vec::new(),
        };
        let mut served: IndexMap<i64, Version> = served
            .into_iter()
            .map(|version| (version.source_id, version_of(version)))
            .collect();
        let newest: Vec<(i64, i32)> = registry_source_version::Entity::find()
            .select_only()
            .column(registry_source_version::Column::SourceId)
            .column_as(registry_source_version::Column::Number.max(), "newest")
            .group_by(registry_source_version::Column::SourceId)
            .into_tuple()
            .all(read)
            .await?;
        let newest: IndexMap<i64, i32> = newest.into_iter().collect();
        let source_of = |row: registry_source::Model| {
            Ok(Source {
                newest: newest.get(&row.id).copied().unwrap_or_default(),
                served: served.swap_remove(&row.id),
                history: read_history(&row.history)?,
                name: row.record_key,
                entity: row.entity,
                offered_to: row.offered_to,
            })
        };
        let sources = self.sources().await?;
        let sources = sources.into_iter().map(source_of);
        let sources = sources.collect::<Result<Vec<_>, DbErr>>()?;
        let consents = registry_consent::Entity::find()
            .filter(registry_consent::Column::WithdrawnAt.is_null())
            .order_by_asc(registry_consent::Column::Id)
            .all(read)
            .await?;
        Ok(Stored {
            revision,
            sources,
            grants: consents.into_iter().map(grant_of).collect(),
            supergraph,
        })
    }
}

fn read_history(written: &str) -> Result<Option<Arc<History>>, DbErr> {
    if written.is_empty() {
        return Ok(None);
    }
    let history = serde_json::from_str(written);
    history
        .map(|history| Some(Arc::new(history)))
        .map_err(|error| DbErr::Custom(format!("the history of a source: {error}")))
}

fn version_of(row: registry_source_version::Model) -> Version {
    Version {
        number: row.number,
        kind: row.kind,
        url: row.url,
        sdl: row.sdl,
        given_hash: row.given_hash,
        prefix: row.prefix,
        default_level: row.default_level,
        allow_non_null: row.allow_non_null_reason,
        allow_breaking: row.allow_breaking_reason,
    }
}

fn grant_of(row: registry_consent::Model) -> Grant {
    Grant {
        consent: Consent {
            coordinate: row.coordinate,
            granted_by: row.granted_by,
        },
        source: row.source_name,
        granted_to: row.granted_to,
        reason: row.reason,
    }
}

pub(super) async fn newest_revision(connection: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let newest: Option<Option<i64>> = event::Entity::find()
        .filter(event::Column::Mandate.eq(MANDATE))
        .select_only()
        .column_as(event::Column::Id.max(), "newest")
        .into_tuple()
        .one(connection)
        .await?;
    Ok(newest.flatten().unwrap_or(0))
}
