//! The graph of the example: what it adds to a situation, and its notices.

use async_graphql::{ComplexObject, Context, Description, ID, Object, Result};

use super::{
    ids,
    loader::{NoticeId, NoticesOf},
    notice,
};
use crate::{
    sources::block::mandate_block,
    vocabulary::{Party, Rows, charged, party},
};

/// The root: entities alone.
pub(crate) struct Query;

#[Object]
impl Query {
    #[graphql(entity)]
    async fn find_situation(&self, context: &Context<'_>, id: ID) -> Result<Option<Situation>> {
        Situation::find(context, id).await
    }

    #[graphql(entity)]
    async fn find_block(&self, context: &Context<'_>, id: ID) -> Result<Option<ExampleBlock>> {
        ExampleBlock::find(context, id).await
    }

    #[graphql(entity)]
    async fn find_notice(&self, context: &Context<'_>, id: ID) -> Result<Option<ExampleNotice>> {
        let row = context.data::<Rows>()?.load_one(NoticeId(id.0)).await?;
        Ok(row.map(ExampleNotice))
    }
}

mandate_block! {
    /// What the example holds on it.
    example:
    /// What the example holds on a situation.
    ExampleBlock = ids::BLOCK,
    nodes: [ExampleNotice]
}

#[ComplexObject]
impl ExampleBlock {
    /// The notices on it.
    #[graphql(tag = "unclassified")]
    async fn notices(&self, context: &Context<'_>) -> Result<Option<Vec<ExampleNotice>>> {
        let rows = context
            .data::<Rows>()?
            .load_one(NoticesOf(self.situation))
            .await?;
        charged(context, rows.unwrap_or_default(), ExampleNotice).map(Some)
    }
}

/// A notice of the example.
#[derive(Clone, Debug, Description)]
pub(crate) struct ExampleNotice(notice::Model);

#[Object(use_type_description)]
impl ExampleNotice {
    /// Opaque.
    #[graphql(tag = "unclassified")]
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.public_id.clone())
    }

    /// What it says.
    #[graphql(tag = "unclassified")]
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// The party it names.
    #[graphql(tag = "unclassified")]
    async fn party(&self, context: &Context<'_>) -> Result<Option<Party>> {
        party(context, Some(self.0.party_id)).await
    }
}
