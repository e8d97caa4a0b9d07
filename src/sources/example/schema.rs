//! The graph of the example: what it adds to a situation, and its notices.

use async_graphql::{
    ComplexObject, Context, Description, ID, Interface, Object, Result, SimpleObject,
};

use super::{
    ids,
    loader::{Example, NoticeId, NoticesOf},
    notice,
};
use crate::{
    sources::subgraph::Builder,
    vocabulary::{block_situation, find_situation, frame, mandate_block, party_id, told},
};

/// The root: entities alone.
pub(crate) struct Query;

/// What the records of a request say of one another only in other subgraphs.
pub(crate) fn register(builder: Builder<Query>) -> Builder<Query> {
    builder
        .register_output_type::<EntityContribution>()
        .register_output_type::<Node>()
}

/// Anything with an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", tag = "unclassified"))]
pub(crate) enum Node {
    ExampleNotice(ExampleNotice),
    ExampleBlock(ExampleBlock),
}

#[Object]
impl Query {
    #[graphql(entity)]
    async fn find_situation(&self, context: &Context<'_>, id: ID) -> Result<Option<Situation>> {
        Ok(find_situation(context, &id)
            .await?
            .map(|row| Situation { id, row }))
    }

    #[graphql(entity)]
    async fn find_block(&self, context: &Context<'_>, id: ID) -> Result<Option<ExampleBlock>> {
        let id = block_situation(ids::BLOCK, &id);
        match find_situation(context, &id).await? {
            Some(row) => Situation { id: id.into(), row }.example(context).await,
            None => Ok(None),
        }
    }

    #[graphql(entity)]
    async fn find_notice(&self, context: &Context<'_>, id: ID) -> Result<Option<ExampleNotice>> {
        let row = context.data::<Example>()?.load_one(NoticeId(id.0)).await?;
        Ok(row.map(ExampleNotice))
    }
}

// The subgraph that owns a type describes it; a second description would compete.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct Situation {
    #[graphql(tag = "unclassified")]
    id: ID,
    #[graphql(skip)]
    row: i64,
}

#[ComplexObject]
impl Situation {
    /// What the example holds on it.
    #[graphql(tag = "unclassified")]
    async fn example(&self, context: &Context<'_>) -> Result<Option<ExampleBlock>> {
        let frame = frame(context, self.row).await?;
        Ok(Some(ExampleBlock::new((&self.id, self.row), frame)))
    }
}

mandate_block! {
    /// What the example holds on a situation.
    ExampleBlock, ids::BLOCK
}

#[ComplexObject]
impl ExampleBlock {
    /// The notices on it.
    #[graphql(tag = "unclassified")]
    async fn notices(&self, context: &Context<'_>) -> Result<Option<Vec<ExampleNotice>>> {
        let rows = context
            .data::<Example>()?
            .load_one(NoticesOf(self.situation))
            .await?;
        told(context, rows.unwrap_or_default(), ExampleNotice).map(Some)
    }
}

// A reference into the directory of the review.
#[derive(SimpleObject)]
#[graphql(unresolvable = "id")]
pub(crate) struct Party {
    #[graphql(tag = "unclassified")]
    id: ID,
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
        Ok(party_id(context, Some(self.0.party_id))
            .await?
            .map(|id| Party { id }))
    }
}
