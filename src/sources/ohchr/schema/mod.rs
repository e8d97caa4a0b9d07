//! The graph of OHCHR: what it adds to a situation, and its own records.

mod casualties;
mod communications;
mod presences;
mod recommendations;
mod signals;

use self::{
    casualties::CasualtyCount,
    communications::{Communication, CommunicationConnection, CommunicationFilter},
    presences::FieldPresence,
    recommendations::{
        MechanismRecommendation, MechanismRecommendationConnection, RecommendationFilter,
    },
    signals::{EarlyWarningSignal, EarlyWarningSignalConnection},
};
use async_graphql::{ComplexObject, Context, ID, Object, Result};

use super::{
    ids,
    loader::{
        CommunicationId, CommunicationReference, PresenceId, PresencesOf, RecommendationId,
        SignalId,
    },
    terms::CasualtyDimension,
};
use crate::{
    sources::block::mandate_block,
    vocabulary::{PeriodRange, Rows, charged},
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
    async fn find_presence(&self, context: &Context<'_>, id: ID) -> Result<Option<FieldPresence>> {
        let row = context.data::<Rows>()?.load_one(PresenceId(id.0)).await?;
        Ok(row.map(FieldPresence))
    }

    #[graphql(entity)]
    async fn find_communication(
        &self,
        context: &Context<'_>,
        id: ID,
    ) -> Result<Option<Communication>> {
        let row = context
            .data::<Rows>()?
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
            .data::<Rows>()?
            .load_one(key)
            .await?
            .map(Communication))
    }

    #[graphql(entity)]
    async fn find_block(&self, context: &Context<'_>, id: ID) -> Result<Option<OhchrBlock>> {
        OhchrBlock::find(context, id).await
    }

    #[graphql(entity)]
    async fn find_recommendation(
        &self,
        context: &Context<'_>,
        id: ID,
    ) -> Result<Option<MechanismRecommendation>> {
        let row = context
            .data::<Rows>()?
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
        let row = context.data::<Rows>()?.load_one(SignalId(id.0)).await?;
        Ok(row.map(EarlyWarningSignal))
    }
}

mandate_block! {
    /// What OHCHR holds on it.
    ohchr:
    /// What OHCHR holds on a situation.
    OhchrBlock = ids::BLOCK,
    nodes: [FieldPresence, MechanismRecommendation, Communication, EarlyWarningSignal]
}

#[ComplexObject]
impl OhchrBlock {
    /// The field presences that cover it.
    #[graphql(tag = "unclassified")]
    async fn presences(&self, context: &Context<'_>) -> Result<Option<Vec<FieldPresence>>> {
        let rows = context
            .data::<Rows>()?
            .load_one(PresencesOf(self.situation))
            .await?;
        charged(context, rows.unwrap_or_default(), FieldPresence).map(Some)
    }

    /// Letters of the Special Procedures, the last sent first: those that are public, and others for who needs to know of the situation.
    #[graphql(tag = "unclassified")]
    async fn communications(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "Some(20)")] first: Option<i32>,
        after: Option<String>,
        filter: Option<CommunicationFilter>,
    ) -> Result<Option<CommunicationConnection>> {
        communications::list(context, self.situation, first, after, filter)
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
        recommendations::list(context, self.situation, first, after, filter)
            .await
            .map(Some)
    }

    /// Published figures, by year (SDG 16.1.2), as documents print them: those of the tables that break them down by exactly `by`. Nothing is crossed more finely; `provenance` cites document and table.
    #[graphql(tag = "unclassified")]
    async fn published_casualties(
        &self,
        context: &Context<'_>,
        periods: PeriodRange,
        #[graphql(default)] by: Vec<CasualtyDimension>,
    ) -> Result<Option<Vec<CasualtyCount>>> {
        casualties::list(context, self.situation, periods, by, true).await
    }

    /// Working figures. Dense: one row a month and group, also where nothing was recorded.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn casualties(
        &self,
        context: &Context<'_>,
        periods: PeriodRange,
        #[graphql(default)] by: Vec<CasualtyDimension>,
    ) -> Result<Option<Vec<CasualtyCount>>> {
        casualties::list(context, self.situation, periods, by, false).await
    }

    /// Early-warning signals, the last observed first.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn signals(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "Some(20)")] first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<EarlyWarningSignalConnection>> {
        signals::list(context, self.situation, first, after)
            .await
            .map(Some)
    }
}
