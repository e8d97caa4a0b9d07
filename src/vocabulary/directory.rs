//! References into the directory of areas and parties, which the review holds. What does not exist
//! for the caller has no reference: it is null wherever a record names it.

use std::collections::HashMap;

use async_graphql::{Context, ID, SimpleObject, dataloader::Loader};
use entities::terms::Classification;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    error::StoreError,
    loading::{RequestLoader, all_of},
    record_levels::{REVIEW, RecordLevels, level_where},
    viewer::Viewer,
};
use crate::database::Database;

/// Finds the ids in the graph that rows stand for.
#[derive(Debug)]
pub struct DirectoryLoader {
    /// Where they are.
    pub database: Database,
    /// For whom.
    pub viewer: Viewer,
}

/// An area, by its surrogate key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AreaKey(pub i64);

impl Loader<AreaKey> for DirectoryLoader {
    type Value = String;
    type Error = StoreError;

    async fn load(&self, keys: &[AreaKey]) -> Result<HashMap<AreaKey, String>, StoreError> {
        let rows = all_of(keys, &self.database.read, |chunk| {
            entities::area::Entity::find()
                .filter(entities::area::Column::Id.is_in(chunk.iter().map(|key| key.0)))
        })
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| (AreaKey(row.id), row.public_id))
            .collect())
    }
}

/// A party, by its surrogate key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartyKey(pub i64);

impl Loader<PartyKey> for DirectoryLoader {
    type Value = String;
    type Error = StoreError;

    async fn load(&self, keys: &[PartyKey]) -> Result<HashMap<PartyKey, String>, StoreError> {
        let rows = all_of(keys, &self.database.read, |chunk| {
            entities::party::Entity::find()
                .filter(entities::party::Column::Id.is_in(chunk.iter().map(|key| key.0)))
                .filter(self.viewer.visible_parties())
        })
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| (PartyKey(row.id), row.public_id))
            .collect())
    }
}

/// The row of a party that may exist for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PublicParty(pub i64);

impl Loader<PublicParty> for DirectoryLoader {
    type Value = ();
    type Error = StoreError;

    async fn load(&self, keys: &[PublicParty]) -> Result<HashMap<PublicParty, ()>, StoreError> {
        let everybody = self.viewer.up_to(Classification::Unclassified);
        let rows = all_of(keys, &self.database.read, |chunk| {
            entities::party::Entity::find()
                .filter(entities::party::Column::Id.is_in(chunk.iter().map(|key| key.0)))
                .filter(everybody.visible_parties())
        })
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| (PublicParty(row.id), ()))
            .collect())
    }
}

// The review describes the type; a second description would compete.
#[derive(SimpleObject)]
#[graphql(unresolvable = "id")]
pub(crate) struct Area {
    #[graphql(tag = "unclassified")]
    id: ID,
}

// The same for parties.
#[derive(SimpleObject)]
#[graphql(unresolvable = "id")]
pub(crate) struct Party {
    #[graphql(tag = "unclassified")]
    id: ID,
}

/// The id of the party with a row, its level noted: it is confidential where no open listing names it.
pub async fn party_id(context: &Context<'_>, row: i64, id: &str) -> async_graphql::Result<ID> {
    let is_public = if context.data::<Viewer>()?.is_cleared() {
        let loader = context.data::<RequestLoader<DirectoryLoader>>()?;
        loader.load_one(PublicParty(row)).await?.is_some()
    } else {
        true
    };
    let levels = context.data::<RecordLevels>()?;
    levels.note_of(REVIEW, id, level_where(is_public));
    Ok(ID(id.to_owned()))
}

/// The area in a row, where it has one.
pub(crate) async fn area(
    context: &Context<'_>,
    row: Option<i64>,
) -> async_graphql::Result<Option<Area>> {
    let Some(row) = row else {
        return Ok(None);
    };
    let loader = context.data::<RequestLoader<DirectoryLoader>>()?;
    let id = loader.load_one(AreaKey(row)).await?;
    Ok(id.map(|id| Area { id: ID(id) }))
}

/// The party in a row, where it has one that exists for the caller.
pub(crate) async fn party(
    context: &Context<'_>,
    row: Option<i64>,
) -> async_graphql::Result<Option<Party>> {
    let Some(row) = row else {
        return Ok(None);
    };
    let loader = context.data::<RequestLoader<DirectoryLoader>>()?;
    let Some(id) = loader.load_one(PartyKey(row)).await? else {
        return Ok(None);
    };
    let id = party_id(context, row, &id).await?;
    Ok(Some(Party { id }))
}
