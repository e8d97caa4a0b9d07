//! Whether a situation exists for the caller: asked by every subgraph, answered in one place.

use std::collections::{BTreeSet, HashMap};

use async_graphql::{Context, ID, dataloader::Loader};
use entities::situation;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{
    error::StoreError,
    id::Kind,
    loading::{CHUNK, RequestLoader},
    provenance::Classification,
    record_levels::{REVIEW, RecordLevels, level_where, record_id},
    viewer::Viewer,
};
use crate::database::Database;

/// Finds the rows of situations that the viewer may see.
#[derive(Debug)]
pub struct SituationLoader {
    /// Where they are.
    pub database: Database,
    /// For whom.
    pub viewer: Viewer,
}

/// An id in the graph that stands for a situation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SituationId(pub String);

/// A situation that exists for the viewer.
#[derive(Clone, Copy, Debug)]
pub struct KnownSituation {
    /// Its row.
    row: i64,
    /// Whether it exists for everybody.
    is_public: bool,
}

impl Loader<SituationId> for SituationLoader {
    type Value = KnownSituation;
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[SituationId],
    ) -> Result<HashMap<SituationId, KnownSituation>, StoreError> {
        let mut found = HashMap::with_capacity(keys.len());
        for chunk in keys.chunks(CHUNK) {
            let rows: Vec<(String, i64, bool)> = situation::Entity::find()
                .select_only()
                .columns([
                    situation::Column::PublicId,
                    situation::Column::Id,
                    situation::Column::IsPublic,
                ])
                .filter(situation::Column::PublicId.is_in(chunk.iter().map(|key| &key.0)))
                .filter(self.viewer.visible_situations())
                .into_tuple()
                .all(&self.database.read)
                .await?;
            found.extend(
                rows.into_iter().map(|(id, row, is_public)| {
                    (SituationId(id), KnownSituation { row, is_public })
                }),
            );
        }
        Ok(found)
    }
}

/// Those of some situations, by their rows, that the viewer needs to know of.
pub(super) async fn needed_situations(
    database: &Database,
    viewer: &Viewer,
    rows: impl Iterator<Item = i64>,
) -> Result<BTreeSet<i64>, StoreError> {
    if !viewer.is_cleared() {
        return Ok(BTreeSet::new());
    }
    let needed: Vec<i64> = situation::Entity::find()
        .select_only()
        .column(situation::Column::Id)
        .filter(situation::Column::Id.is_in(rows))
        .filter(viewer.needs(situation::Column::Id))
        .into_tuple()
        .all(&database.read)
        .await?;
    Ok(needed.into_iter().collect())
}

/// The row of a situation that the viewer may need to know of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NeededSituation(pub i64);

impl Loader<NeededSituation> for SituationLoader {
    type Value = ();
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[NeededSituation],
    ) -> Result<HashMap<NeededSituation, ()>, StoreError> {
        let mut found = HashMap::with_capacity(keys.len());
        for chunk in keys.chunks(CHUNK) {
            let rows = chunk.iter().map(|key| key.0);
            let needed = needed_situations(&self.database, &self.viewer, rows).await?;
            found.extend(needed.into_iter().map(|row| (NeededSituation(row), ())));
        }
        Ok(found)
    }
}

/// The row of a situation, of which it is asked whether it exists for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PublicSituation(pub i64);

impl Loader<PublicSituation> for SituationLoader {
    type Value = bool;
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[PublicSituation],
    ) -> Result<HashMap<PublicSituation, bool>, StoreError> {
        let mut found = HashMap::with_capacity(keys.len());
        for chunk in keys.chunks(CHUNK) {
            let rows: Vec<(i64, bool)> = situation::Entity::find()
                .select_only()
                .columns([situation::Column::Id, situation::Column::IsPublic])
                .filter(situation::Column::Id.is_in(chunk.iter().map(|key| key.0)))
                .into_tuple()
                .all(&self.database.read)
                .await?;
            let rows = rows.into_iter();
            found.extend(rows.map(|(row, is_public)| (PublicSituation(row), is_public)));
        }
        Ok(found)
    }
}

/// Whether the caller needs to know of the situation with this row: asked for a confidential value of a row
/// that is open itself.
pub async fn needs_situation(context: &Context<'_>, row: i64) -> async_graphql::Result<bool> {
    let loader = context.data::<RequestLoader<SituationLoader>>()?;
    Ok(loader.load_one(NeededSituation(row)).await?.is_some())
}

/// The id of the situation that a block is on; an id that no situation has for what is none of a
/// block of the kind.
pub fn block_situation(kind: Kind, id: &str) -> String {
    if kind.fits(id) {
        Kind::SITUATION.beside(id)
    } else {
        String::new()
    }
}

/// The row of a situation, where it exists for the caller. What is no id of a situation, what does
/// not exist and what is hidden give the same answer.
pub async fn find_situation(context: &Context<'_>, id: &str) -> async_graphql::Result<Option<i64>> {
    if !Kind::SITUATION.fits(id) {
        return Ok(None);
    }
    let loader = context.data::<RequestLoader<SituationLoader>>()?;
    let Some(found) = loader.load_one(SituationId(id.to_owned())).await? else {
        return Ok(None);
    };
    let known = (PublicSituation(found.row), found.is_public);
    loader.feed_many([known]).await;
    let levels = context.data::<RecordLevels>()?;
    levels.note_of(REVIEW, id, level_where(found.is_public));
    Ok(Some(found.row))
}

/// The id of a record on the situation with a row. Its level, which is noted, is its own or that of the
/// situation, if that is higher.
pub async fn record_id_on(
    context: &Context<'_>,
    situation: i64,
    id: &str,
    level: Classification,
) -> async_graphql::Result<ID> {
    let is_open = level == Classification::Unclassified;
    if is_open && !is_public_situation(context, situation).await? {
        return record_id(context, id, Classification::Confidential);
    }
    record_id(context, id, level)
}

/// Whether a situation that exists for the caller exists for everybody.
async fn is_public_situation(context: &Context<'_>, row: i64) -> async_graphql::Result<bool> {
    if !context.data::<Viewer>()?.is_cleared() {
        return Ok(true);
    }
    let loader = context.data::<RequestLoader<SituationLoader>>()?;
    Ok(loader.load_one(PublicSituation(row)).await? == Some(true))
}
