//! What the sources that are served have served without a break.

use entities::{registry_source_version, registry_supergraph, registry_supergraph_member};
use indexmap::{IndexMap, IndexSet};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};

use super::{CHUNK, Store, Stored};
use crate::registry::check::{Past, Tenure};

/// A version, and the supergraph it came with.
struct Come {
    version_id: i64,
    since: i32,
}

impl Store {
    /// Since when each of the sources that are served now has been, and with which SDL.
    pub async fn past(&self, stored: &Stored) -> Result<Past, DbErr> {
        let read = &self.database.read;
        let supergraphs: Vec<(i64, i32)> = registry_supergraph::Entity::find()
            .filter(registry_supergraph::Column::Number.lte(stored.number()))
            .order_by_desc(registry_supergraph::Column::Number)
            .select_only()
            .column(registry_supergraph::Column::Id)
            .column(registry_supergraph::Column::Number)
            .into_tuple()
            .all(read)
            .await?;
        let mut past = Past::new();
        for source in self.sources().await? {
            let served = stored.sources.iter().filter(|each| each.served.is_some());
            if !served
                .map(|each| &each.name)
                .any(|name| *name == source.record_key)
            {
                continue;
            }
            let come = self.come(source.id, &supergraphs).await?;
            let mut sdl: IndexMap<i64, String> = IndexMap::new();
            let ids: IndexSet<i64> = come.iter().map(|come| come.version_id).collect();
            let ids: Vec<i64> = ids.into_iter().collect();
            for ids in ids.chunks(CHUNK) {
                let rows: Vec<(i64, String)> = registry_source_version::Entity::find()
                    .filter(registry_source_version::Column::Id.is_in(ids.iter().copied()))
                    .select_only()
                    .column(registry_source_version::Column::Id)
                    .column(registry_source_version::Column::Sdl)
                    .into_tuple()
                    .all(read)
                    .await?;
                sdl.extend(rows);
            }
            let tenures = come.iter().filter_map(|come| {
                let sdl = sdl.get(&come.version_id)?.clone();
                let since = come.since;
                Some(Tenure { since, sdl })
            });
            past.insert(source.record_key, tenures.collect());
        }
        Ok(past)
    }

    /// The versions of a source that were served one after the other, oldest first, back to where
    /// none was.
    async fn come(&self, source_id: i64, newest_first: &[(i64, i32)]) -> Result<Vec<Come>, DbErr> {
        let served: Vec<(i64, i64)> = registry_supergraph_member::Entity::find()
            .join(
                JoinType::InnerJoin,
                registry_supergraph_member::Relation::Version.def(),
            )
            .filter(registry_source_version::Column::SourceId.eq(source_id))
            .select_only()
            .column(registry_supergraph_member::Column::SupergraphId)
            .column(registry_supergraph_member::Column::VersionId)
            .into_tuple()
            .all(&self.database.read)
            .await?;
        let served: IndexMap<i64, i64> = served.into_iter().collect();
        let mut found: Vec<Come> = Vec::new();
        for (supergraph_id, number) in newest_first {
            let Some(version_id) = served.get(supergraph_id).copied() else {
                break;
            };
            match found.last_mut() {
                Some(last) if last.version_id == version_id => last.since = *number,
                _ => found.push(Come {
                    version_id,
                    since: *number,
                }),
            }
        }
        found.reverse();
        Ok(found)
    }
}
