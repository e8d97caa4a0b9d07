//! Supergraphs that were served.

use async_graphql::{ComplexObject, Context, Result, SimpleObject};
use entities::registry_supergraph;

use super::{asker::Asker, error::failed, loader::MembersOf, terms::SupergraphCause};
use crate::{
    registry::store,
    vocabulary::{DateTime, EntityCode},
};

/// A supergraph that was served; the one with the highest number is.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex, tag = "unclassified")]
pub(crate) struct SupergraphVersion {
    /// 1 is the first.
    number: i32,
    /// It, as join-specification SDL.
    sdl: String,
    /// SHA-256 of that.
    sdl_hash: String,
    /// What made it.
    cause: SupergraphCause,
    /// The source that changed; null where it was none, or several.
    source: Option<String>,
    /// Why, where it had to be said.
    reason: Option<String>,
    /// Which entity made it.
    made_by: EntityCode,
    /// When.
    made_at: DateTime,
    #[graphql(skip)]
    id: i64,
}

/// A source in a supergraph.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct SupergraphMember {
    /// Name of the source.
    source: String,
    /// Number of its version.
    version: i32,
    /// SHA-256 of its SDL.
    sdl_hash: String,
}

#[ComplexObject]
impl SupergraphVersion {
    /// The registered sources in it, oldest first.
    async fn members(&self, context: &Context<'_>) -> Result<Vec<SupergraphMember>> {
        let lists = context.data::<Asker>()?.lists()?;
        let members = lists.load_one(MembersOf(self.id)).await.map_err(failed)?;
        let convert = members
            .unwrap_or_default()
            .into_iter()
            .map(SupergraphMember::from);
        Ok(convert.collect())
    }
}

impl From<store::SupergraphMember> for SupergraphMember {
    fn from(member: store::SupergraphMember) -> Self {
        Self {
            source: member.source,
            version: member.version,
            sdl_hash: member.sdl_hash,
        }
    }
}

impl From<registry_supergraph::Model> for SupergraphVersion {
    fn from(row: registry_supergraph::Model) -> Self {
        Self {
            number: row.number,
            sdl: row.sdl,
            sdl_hash: row.sdl_hash,
            cause: row.cause.into(),
            source: row.source_name,
            reason: row.reason,
            made_by: row.made_by.into(),
            made_at: DateTime(row.made_at),
            id: row.id,
        }
    }
}
