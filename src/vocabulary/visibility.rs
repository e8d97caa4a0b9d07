//! Whether a situation exists for the caller: asked by every subgraph, answered in one place.

use std::collections::{BTreeSet, HashMap};

use async_graphql::{Context, dataloader::Loader};
use entities::situation;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{
    error::StoreError,
    id::Kind,
    loading::{CHUNK, RequestLoader},
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

impl Loader<SituationId> for SituationLoader {
    type Value = i64;
    type Error = StoreError;

    async fn load(&self, keys: &[SituationId]) -> Result<HashMap<SituationId, i64>, StoreError> {
        let mut found = HashMap::with_capacity(keys.len());
        for chunk in keys.chunks(CHUNK) {
            let rows: Vec<(String, i64)> = situation::Entity::find()
                .select_only()
                .columns([situation::Column::PublicId, situation::Column::Id])
                .filter(situation::Column::PublicId.is_in(chunk.iter().map(|key| &key.0)))
                .filter(self.viewer.visible_situations())
                .into_tuple()
                .all(&self.database.read)
                .await?;
            found.extend(rows.into_iter().map(|(id, row)| (SituationId(id), row)));
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
    Ok(loader.load_one(SituationId(id.to_owned())).await?)
}
