//! Agenda items.

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{
    super::{
        loader::{
            ActionKey, ActionsUnder, CycleKey, DecisionsOf, FrozenOf, InputsOf, ItemKey,
            SituationKey,
        },
        service::in_order,
        store::ItemFilter,
        terms::{ConcernLevel, ItemState},
    },
    areas::area_ids,
    mandates::mandate_codes,
    objects::{Action, Decision, EntityInput, FrozenProfile, ReviewCycle, ReviewItem, Situation},
};
use crate::vocabulary::{
    Classification, EntityCode, Rows, StoredText, charged, connection, missing, record_id, terms,
};

#[Object(use_type_description)]
impl ReviewItem {
    /// Opaque.
    #[graphql(tag = "confidential")]
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        record_id(context, &self.0.public_id, Classification::Confidential)
    }

    /// On whose agenda.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn cycle(&self, context: &Context<'_>) -> Result<ReviewCycle> {
        let cycle = context
            .data::<Rows>()?
            .load_one(CycleKey(self.0.cycle_id))
            .await?;
        cycle.map(ReviewCycle).ok_or_else(missing)
    }

    /// Which situation.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn situation(&self, context: &Context<'_>) -> Result<Situation> {
        let key = SituationKey(self.0.situation_id);
        context
            .data::<Rows>()?
            .load_one(key)
            .await?
            .map(Situation)
            .ok_or_else(missing)
    }

    /// Where on the agenda.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn agenda_position(&self) -> Option<i32> {
        self.0.agenda_position
    }

    /// How far it is.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn state(&self) -> ItemState {
        self.0.state.into()
    }

    /// Which entity proposed it.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn proposed_by(&self) -> EntityCode {
        self.0.proposed_by.clone().into()
    }

    /// What was handed in on the situation for the cycle.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn inputs(&self, context: &Context<'_>) -> Result<Vec<EntityInput>> {
        let inputs = context
            .data::<Rows>()?
            .load_one(InputsOf(self.0.cycle_id))
            .await?;
        let mut inputs = inputs.unwrap_or_default();
        inputs.retain(|input| input.situation_id == self.0.situation_id);
        charged(context, in_order(inputs), EntityInput)
    }

    /// What was decided.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn decisions(&self, context: &Context<'_>) -> Result<Vec<Decision>> {
        let decisions = context
            .data::<Rows>()?
            .load_one(DecisionsOf(self.0.id))
            .await?;
        charged(context, decisions.unwrap_or_default(), Decision)
    }

    /// What has to be done, actions carried over included, the first due first.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn actions(&self, context: &Context<'_>) -> Result<Vec<Action>> {
        let loader = context.data::<Rows>()?;
        let links = loader
            .load_one(ActionsUnder(self.0.id))
            .await?
            .unwrap_or_default();
        let keys: Vec<_> = links.iter().map(|link| ActionKey(link.action_id)).collect();
        let mut actions: Vec<_> = loader.load_many(keys).await?.into_values().collect();
        actions.sort_by_key(|action| (action.due_on, action.id));
        charged(context, actions, Action)
    }

    /// The item of an earlier cycle that it carries on.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn carried_from(&self, context: &Context<'_>) -> Result<Option<ReviewItem>> {
        let Some(origin) = self.0.carried_from_id else {
            return Ok(None);
        };
        Ok(context
            .data::<Rows>()?
            .load_one(ItemKey(origin))
            .await?
            .map(ReviewItem))
    }

    /// Why it was proposed, or put off, or declined.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn reason(&self) -> Option<StoredText> {
        self.0.reason.as_deref().map(Into::into)
    }

    /// The profiles of the situation that were frozen for the review, the last first; one, unless it was frozen again.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn frozen_profiles(&self, context: &Context<'_>) -> Result<Vec<FrozenProfile>> {
        let frozen = context
            .data::<Rows>()?
            .load_one(FrozenOf(self.0.id))
            .await?;
        charged(context, frozen.unwrap_or_default(), FrozenProfile)
    }

    /// The profile of the situation as it was when inputs closed: the last version; null until then.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn frozen_profile(&self, context: &Context<'_>) -> Result<Option<FrozenProfile>> {
        let frozen = context
            .data::<Rows>()?
            .load_one(FrozenOf(self.0.id))
            .await?;
        let last = frozen.and_then(|frozen| frozen.into_iter().next());
        Ok(last.map(FrozenProfile))
    }

    /// Counts the changes to it.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Only items that fit all of what is given.
#[derive(InputObject)]
pub(crate) struct ReviewItemFilter {
    /// In one of these states.
    states: Option<Vec<ItemState>>,
    /// On situations of one of these levels of concern.
    concern: Option<Vec<ConcernLevel>>,
    /// On situations in one of these regions.
    regions: Option<Vec<ID>>,
    /// Without the input of one of these entities: not received, which neither a nil return nor an entity without a mechanism is.
    input_missing_from: Option<Vec<EntityCode>>,
    /// With an overdue action.
    overdue_only: Option<bool>,
}

impl ReviewItemFilter {
    /// The filter with its ids checked.
    pub(super) fn check(self) -> Result<ItemFilter> {
        Ok(ItemFilter {
            states: terms("states", self.states)?,
            concern: terms("concern", self.concern)?,
            regions: area_ids("regions", self.regions)?,
            input_missing_from: mandate_codes("inputMissingFrom", self.input_missing_from)?,
            overdue_only: self.overdue_only.unwrap_or_default(),
        })
    }
}

connection! {
    #[graphql(requires_scopes = "clearance:confidential")]
    ReviewItemConnection, ReviewItemEdge, ReviewItem
}
