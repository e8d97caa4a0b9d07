//! The graph of the review: its roots and its entities.

mod areas;
mod cycles;
mod directory;
mod follow_up;
mod frozen;
mod inputs;
mod items;
mod log;
mod mandates;
mod mutation;
mod need_to_know;
mod nodes;
mod objects;
mod place;
mod situations;

use self::{
    cycles::{ReviewCycleConnection, ReviewCycleFilter},
    log::ReviewChangePage,
    need_to_know::NeedToKnowGrant,
    nodes::Node,
    objects::{
        Action, Area, Decision, EntityInput, FrozenProfile, Organisation, Party, ReviewCycle,
        ReviewItem, Situation,
    },
    situations::{SituationConnection, SituationFilter},
};
use async_graphql::{Context, ID, Object, Result};

use super::{
    ids,
    loader::{
        ActionId, AreaId, CycleId, DecisionId, FrozenId, InputId, ItemId, OrganisationCode,
        PartyId, Present, SituationId,
    },
    terms::{CycleKind, SituationOrder},
};
use crate::vocabulary::{EntityCode, Rows};

pub(crate) use self::{mutation::Mutation, place::Place};

/// The root.
pub(crate) struct Query;

#[Object]
impl Query {
    /// Anything with an id; null where there is none, or none for the caller.
    #[graphql(tag = "unclassified")]
    async fn node(&self, context: &Context<'_>, id: ID) -> Result<Option<Node>> {
        nodes::node(context, id).await
    }

    /// A situation of concern; null where there is none, or none for the caller.
    #[graphql(tag = "unclassified")]
    async fn situation(&self, context: &Context<'_>, id: ID) -> Result<Option<Situation>> {
        let id = SituationId(ids::SITUATION.check(id)?);
        Ok(context.data::<Rows>()?.load_one(id).await?.map(Situation))
    }

    /// The situations that exist for the caller. filter and orderBy reach UNCLASSIFIED fields only: an order by a hidden field tells what it hides.
    #[graphql(tag = "unclassified")]
    #[expect(
        clippy::too_many_arguments,
        reason = "they are those of the field in the graph"
    )]
    async fn situations(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "Some(20)")] first: Option<i32>,
        after: Option<String>,
        filter: Option<SituationFilter>,
        #[graphql(default_with = "Some(SituationOrder::Title)")] order_by: Option<SituationOrder>,
    ) -> Result<Option<SituationConnection>> {
        situations::list(context, first, after, filter, order_by)
            .await
            .map(Some)
    }

    /// The bodies that the graph names by a code.
    #[graphql(tag = "unclassified")]
    async fn organisations(&self, context: &Context<'_>) -> Result<Option<Vec<Organisation>>> {
        directory::organisations(context).await.map(Some)
    }

    /// The grants that are in force for the caller, the first to end first; 200 at most. Without one a clearance opens nothing of a situation.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn held_grants(&self, context: &Context<'_>) -> Result<Option<Vec<NeedToKnowGrant>>> {
        need_to_know::held_grants(context).await.map(Some)
    }

    /// A round of the review.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn review_cycle(&self, context: &Context<'_>, id: ID) -> Result<Option<ReviewCycle>> {
        let id = CycleId(ids::REVIEW_CYCLE.check(id)?);
        Ok(context.data::<Rows>()?.load_one(id).await?.map(ReviewCycle))
    }

    /// The cycle whose inputs are open or in session.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn current_review_cycle(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "Some(CycleKind::Monthly)")] kind: Option<CycleKind>,
    ) -> Result<Option<ReviewCycle>> {
        let kind = Present(kind.unwrap_or(CycleKind::Monthly).into());
        Ok(context
            .data::<Rows>()?
            .load_one(kind)
            .await?
            .map(ReviewCycle))
    }

    /// The rounds of the review, the latest first.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn review_cycles(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "Some(12)")] first: Option<i32>,
        after: Option<String>,
        filter: Option<ReviewCycleFilter>,
    ) -> Result<Option<ReviewCycleConnection>> {
        cycles::list(context, first, after, filter).await.map(Some)
    }

    /// What happened in reviews, in order, after a place in the log: to be asked again and again.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn review_changes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "At most so many; 50 unless given, 200 at most.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
    ) -> Result<Option<ReviewChangePage>> {
        log::page(context, first, after).await
    }

    #[graphql(entity)]
    async fn find_situation(&self, context: &Context<'_>, id: ID) -> Result<Option<Situation>> {
        Ok(context
            .data::<Rows>()?
            .load_one(SituationId(id.0))
            .await?
            .map(Situation))
    }

    #[graphql(entity)]
    async fn find_area(&self, context: &Context<'_>, id: ID) -> Result<Option<Area>> {
        Ok(context
            .data::<Rows>()?
            .load_one(AreaId(id.0))
            .await?
            .map(Area))
    }

    #[graphql(entity)]
    async fn find_party(&self, context: &Context<'_>, id: ID) -> Result<Option<Party>> {
        Ok(context
            .data::<Rows>()?
            .load_one(PartyId(id.0))
            .await?
            .map(Party))
    }

    #[graphql(entity)]
    async fn find_organisation(
        &self,
        context: &Context<'_>,
        code: EntityCode,
    ) -> Result<Option<Organisation>> {
        Ok(context
            .data::<Rows>()?
            .load_one(OrganisationCode(code.0))
            .await?
            .map(Organisation))
    }

    #[graphql(entity)]
    async fn find_cycle(&self, context: &Context<'_>, id: ID) -> Result<Option<ReviewCycle>> {
        Ok(context
            .data::<Rows>()?
            .load_one(CycleId(id.0))
            .await?
            .map(ReviewCycle))
    }

    #[graphql(entity)]
    async fn find_item(&self, context: &Context<'_>, id: ID) -> Result<Option<ReviewItem>> {
        Ok(context
            .data::<Rows>()?
            .load_one(ItemId(id.0))
            .await?
            .map(ReviewItem))
    }

    #[graphql(entity)]
    async fn find_input(&self, context: &Context<'_>, id: ID) -> Result<Option<EntityInput>> {
        Ok(context
            .data::<Rows>()?
            .load_one(InputId(id.0))
            .await?
            .map(EntityInput))
    }

    #[graphql(entity)]
    async fn find_decision(&self, context: &Context<'_>, id: ID) -> Result<Option<Decision>> {
        Ok(context
            .data::<Rows>()?
            .load_one(DecisionId(id.0))
            .await?
            .map(Decision))
    }

    #[graphql(entity)]
    async fn find_frozen_profile(
        &self,
        context: &Context<'_>,
        id: ID,
    ) -> Result<Option<FrozenProfile>> {
        Ok(context
            .data::<Rows>()?
            .load_one(FrozenId(id.0))
            .await?
            .map(FrozenProfile))
    }

    #[graphql(entity)]
    async fn find_action(&self, context: &Context<'_>, id: ID) -> Result<Option<Action>> {
        Ok(context
            .data::<Rows>()?
            .load_one(ActionId(id.0))
            .await?
            .map(Action))
    }
}
