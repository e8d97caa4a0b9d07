//! Changes of the review.

mod agenda;
mod asked;
mod cycles;
mod follow_up;
mod inputs;
mod payload;

use async_graphql::{Context, Object, Result};

use self::{
    agenda::{
        DecideReviewItemInput, FreezeProfileInput, MoveReviewItemInput, OrderAgendaInput,
        ProposeReviewItemInput,
    },
    asked::{Asked, place},
    cycles::{MoveReviewCycleInput, PlanReviewCycleInput},
    follow_up::MoveActionInput,
    inputs::{CopyEntityInputInput, DraftEntityInputInput, MoveEntityInputInput},
    payload::{ActionPayload, EntityInputPayload, Payload, ReviewCyclePayload, ReviewItemPayload},
};
use super::{
    super::{
        acts::{ActError, run},
        loader::{ActionId, CycleId, InputId, ItemId},
        state::Refusal,
    },
    objects::{Action, EntityInput, ReviewCycle, ReviewItem},
};
use crate::vocabulary::Rows;

/// The root of changes.
pub(crate) struct Mutation;

#[Object]
impl Mutation {
    /// Plans a monthly or extraordinary review. For the secretariat (`review:steer`).
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn plan_review_cycle(
        &self,
        context: &Context<'_>,
        input: PlanReviewCycleInput,
    ) -> Result<Option<ReviewCyclePayload>> {
        cycle(context, input.request(context)).await
    }

    /// Moves a review on, or back by one step. For the secretariat (`review:steer`); cycles are opened and closed by
    /// themselves when their time has come.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn move_review_cycle(
        &self,
        context: &Context<'_>,
        input: MoveReviewCycleInput,
    ) -> Result<Option<ReviewCyclePayload>> {
        cycle(context, input.request(context).await).await
    }

    /// Puts the items of a review in an order; those that are not named come last, as they stood. For the secretariat
    /// (`review:steer`).
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn order_agenda(
        &self,
        context: &Context<'_>,
        input: OrderAgendaInput,
    ) -> Result<Option<ReviewCyclePayload>> {
        cycle(context, input.request(context).await).await
    }

    /// Proposes a situation for the agenda, for the caller's entity. For focal points (`review:contribute`) and
    /// clearing officers (`review:clear`).
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn propose_review_item(
        &self,
        context: &Context<'_>,
        input: ProposeReviewItemInput,
    ) -> Result<Option<ReviewItemPayload>> {
        item(context, input.request(context).await).await
    }

    /// Moves an agenda item: only its proposer withdraws it, only the meeting declines or defers it, as the
    /// secretariat (`review:steer`) notes.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn move_review_item(
        &self,
        context: &Context<'_>,
        input: MoveReviewItemInput,
    ) -> Result<Option<ReviewItemPayload>> {
        item(context, input.request(context).await).await
    }

    /// Notes what the meeting decided on an item, with the actions that follow. For the secretariat (`review:steer`).
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn decide_review_item(
        &self,
        context: &Context<'_>,
        input: DecideReviewItemInput,
    ) -> Result<Option<ReviewItemPayload>> {
        item(context, input.request(context).await).await
    }

    /// Freezes the profile of an item again, as one more version: where a source was down, until the meeting is over.
    /// For the secretariat (`review:steer`).
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn freeze_profile(
        &self,
        context: &Context<'_>,
        input: FreezeProfileInput,
    ) -> Result<Option<ReviewItemPayload>> {
        item(context, input.request(context).await).await
    }

    /// Drafts the input of the caller's entity on a situation for a review, or replaces its draft. For focal points
    /// (`review:contribute`).
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn draft_entity_input(
        &self,
        context: &Context<'_>,
        input: DraftEntityInputInput,
    ) -> Result<Option<EntityInputPayload>> {
        entity_input(context, input.request(context).await).await
    }

    /// Drafts the input of the caller's entity from the one of an earlier review. For focal points
    /// (`review:contribute`).
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn copy_entity_input(
        &self,
        context: &Context<'_>,
        input: CopyEntityInputInput,
    ) -> Result<Option<EntityInputPayload>> {
        entity_input(context, input.request(context).await).await
    }

    /// Moves an input: focal points (`review:contribute`) submit it, a clearing officer (`review:clear`) who did not
    /// draft it clears it.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn move_entity_input(
        &self,
        context: &Context<'_>,
        input: MoveEntityInputInput,
    ) -> Result<Option<EntityInputPayload>> {
        entity_input(context, input.request(context).await).await
    }

    /// Moves an action: focal points of its owner (`review:contribute`) begin and complete it; that it is given up is
    /// noted by the secretariat (`review:steer`).
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn move_action(
        &self,
        context: &Context<'_>,
        input: MoveActionInput,
    ) -> Result<Option<ActionPayload>> {
        let request = input.request(context).await;
        let id = match changed(context, request).await {
            Ok(id) => id,
            Err(error) => return ActionPayload::failed(error).map(Some),
        };
        let found = context.data::<Rows>()?.load_one(ActionId(id)).await?;
        Ok(Some(ActionPayload::changed(found.map(Action))))
    }
}

async fn changed(context: &Context<'_>, request: Asked) -> Result<String, ActError> {
    let request = request?;
    if let Some(key) = &request.key {
        let length = key.chars().count();
        if length == 0 || length > 100 || key.contains('\0') {
            return Err(Refusal::invalid(
                "idempotencyKey",
                "`idempotencyKey` has 1 to 100 characters; a UUID will do.",
            )
            .into());
        }
    }
    let asker = place(context).and_then(|place| place.asker(context));
    let asker = asker.map_err(|_| ActError::Interrupted)?;
    run(asker, request).await
}

async fn cycle(context: &Context<'_>, request: Asked) -> Result<Option<ReviewCyclePayload>> {
    let id = match changed(context, request).await {
        Ok(id) => id,
        Err(error) => return ReviewCyclePayload::failed(error).map(Some),
    };
    let found = context.data::<Rows>()?.load_one(CycleId(id)).await?;
    Ok(Some(ReviewCyclePayload::changed(found.map(ReviewCycle))))
}

async fn item(context: &Context<'_>, request: Asked) -> Result<Option<ReviewItemPayload>> {
    let id = match changed(context, request).await {
        Ok(id) => id,
        Err(error) => return ReviewItemPayload::failed(error).map(Some),
    };
    let found = context.data::<Rows>()?.load_one(ItemId(id)).await?;
    Ok(Some(ReviewItemPayload::changed(found.map(ReviewItem))))
}

async fn entity_input(context: &Context<'_>, request: Asked) -> Result<Option<EntityInputPayload>> {
    let id = match changed(context, request).await {
        Ok(id) => id,
        Err(error) => return EntityInputPayload::failed(error).map(Some),
    };
    let found = context.data::<Rows>()?.load_one(InputId(id)).await?;
    Ok(Some(EntityInputPayload::changed(found.map(EntityInput))))
}
