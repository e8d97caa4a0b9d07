//! The graph of OHCHR: what it adds to a situation, and its own records.

mod casualties;
mod communications;
mod presences;
mod recommendations;
mod signals;

use async_graphql::{ComplexObject, Context, ID, Interface, Object, Result, SimpleObject};

use self::{
    casualties::CasualtyCount,
    communications::{Communication, CommunicationConnection, CommunicationFilter},
    presences::FieldPresence,
    recommendations::{
        MechanismRecommendation, MechanismRecommendationConnection, RecommendationFilter,
    },
    signals::{EarlyWarningSignal, EarlyWarningSignalConnection},
};
use super::{
    ids,
    loader::{
        CommunicationId, CommunicationReference, Ohchr, PresenceId, PresencesOf, RecommendationId,
        SignalId,
    },
    terms::CasualtyDimension,
};
use crate::{
    sources::subgraph::Builder,
    vocabulary::{PeriodRange, block_situation, find_situation, frame, mandate_block, told},
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
    FieldPresence(FieldPresence),
    MechanismRecommendation(MechanismRecommendation),
    Communication(Communication),
    EarlyWarningSignal(EarlyWarningSignal),
    OhchrBlock(OhchrBlock),
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
    async fn find_presence(&self, context: &Context<'_>, id: ID) -> Result<Option<FieldPresence>> {
        let row = context.data::<Ohchr>()?.load_one(PresenceId(id.0)).await?;
        Ok(row.map(FieldPresence))
    }

    #[graphql(entity)]
    async fn find_communication(
        &self,
        context: &Context<'_>,
        id: ID,
    ) -> Result<Option<Communication>> {
        let row = context
            .data::<Ohchr>()?
            .load_one(CommunicationId(id.0))
            .await?;
        Ok(row.map(Communication))
    }

    #[graphql(entity)]
    async fn find_communication_by_reference(
        &self,
        context: &Context<'_>,
        reference: String,
    ) -> Result<Option<Communication>> {
        let key = CommunicationReference(reference);
        Ok(context
            .data::<Ohchr>()?
            .load_one(key)
            .await?
            .map(Communication))
    }

    #[graphql(entity)]
    async fn find_block(&self, context: &Context<'_>, id: ID) -> Result<Option<OhchrBlock>> {
        let id = block_situation(ids::BLOCK, &id);
        match find_situation(context, &id).await? {
            Some(row) => Situation { id: id.into(), row }.ohchr(context).await,
            None => Ok(None),
        }
    }

    #[graphql(entity)]
    async fn find_recommendation(
        &self,
        context: &Context<'_>,
        id: ID,
    ) -> Result<Option<MechanismRecommendation>> {
        let row = context
            .data::<Ohchr>()?
            .load_one(RecommendationId(id.0))
            .await?;
        Ok(row.map(MechanismRecommendation))
    }

    #[graphql(entity)]
    async fn find_signal(
        &self,
        context: &Context<'_>,
        id: ID,
    ) -> Result<Option<EarlyWarningSignal>> {
        let row = context.data::<Ohchr>()?.load_one(SignalId(id.0)).await?;
        Ok(row.map(EarlyWarningSignal))
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
    /// What OHCHR holds on it.
    #[graphql(tag = "unclassified")]
    async fn ohchr(&self, context: &Context<'_>) -> Result<Option<OhchrBlock>> {
        let frame = frame(context, self.row).await?;
        Ok(Some(OhchrBlock::new((&self.id, self.row), frame)))
    }
}

mandate_block! {
    /// What OHCHR holds on a situation.
    OhchrBlock, ids::BLOCK
}

#[ComplexObject]
impl OhchrBlock {
    /// The field presences that cover it.
    #[graphql(tag = "unclassified")]
    async fn presences(&self, context: &Context<'_>) -> Result<Option<Vec<FieldPresence>>> {
        let rows = context
            .data::<Ohchr>()?
            .load_one(PresencesOf(self.situation))
            .await?;
        told(context, rows.unwrap_or_default(), FieldPresence).map(Some)
    }

    /// Letters of the Special Procedures, the last sent first. Gated whole: some are not public yet.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn communications(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "Some(20)")] first: Option<i32>,
        after: Option<String>,
        filter: Option<CommunicationFilter>,
    ) -> Result<Option<CommunicationConnection>> {
        communications::list(context, self.situation, (first, after), filter)
            .await
            .map(Some)
    }

    /// What human rights mechanisms recommended, the last published first.
    #[graphql(tag = "unclassified")]
    async fn recommendations(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "Some(20)")] first: Option<i32>,
        after: Option<String>,
        filter: Option<RecommendationFilter>,
    ) -> Result<Option<MechanismRecommendationConnection>> {
        recommendations::list(context, self.situation, (first, after), filter)
            .await
            .map(Some)
    }

    /// Released figures (SDG 16.1.2).
    #[graphql(tag = "unclassified")]
    async fn published_casualties(
        &self,
        context: &Context<'_>,
        periods: PeriodRange,
        #[graphql(default)] by: Vec<CasualtyDimension>,
    ) -> Result<Option<Vec<CasualtyCount>>> {
        casualties::list(context, self.situation, (periods, by), true).await
    }

    /// Working figures. Dense: one row a month and group, also where nothing was recorded.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn casualties(
        &self,
        context: &Context<'_>,
        periods: PeriodRange,
        #[graphql(default)] by: Vec<CasualtyDimension>,
    ) -> Result<Option<Vec<CasualtyCount>>> {
        casualties::list(context, self.situation, (periods, by), false).await
    }

    /// Early-warning signals, the last observed first.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn signals(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "Some(20)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<EarlyWarningSignalConnection>> {
        signals::list(context, self.situation, (first, after))
            .await
            .map(Some)
    }
}

// A reference into the directory of the review.
#[derive(SimpleObject)]
#[graphql(unresolvable = "id")]
pub(crate) struct Area {
    #[graphql(tag = "unclassified")]
    id: ID,
}
