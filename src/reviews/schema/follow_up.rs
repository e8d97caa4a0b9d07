//! Decisions, actions and changes.

use async_graphql::{Context, ID, Object, Result};

use super::super::{
    loader::{ActionsFrom, CycleKey, ItemsOver},
    service::is_overdue,
    terms::{ActionState, ChangeKind, DecisionKind},
};
use super::objects::{Action, Change, Decision, ReviewCycle};
use crate::vocabulary::{
    Classification, Date, DateTime, EntityCode, Rows, StoredText, Viewer, charged, missing,
    record_id,
};

#[Object(use_type_description)]
impl Decision {
    /// Opaque.
    #[graphql(tag = "confidential")]
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        record_id(context, &self.0.public_id, Classification::Confidential)
    }

    /// What is asked for.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn kind(&self) -> DecisionKind {
        self.0.kind.into()
    }

    /// When it was decided.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn decided_at(&self) -> DateTime {
        DateTime(self.0.decided_at)
    }

    /// What was said with it.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn note(&self) -> Option<StoredText> {
        self.0.note.as_deref().map(Into::into)
    }

    /// Which entities dissented.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn dissent(&self) -> Vec<EntityCode> {
        self.0
            .dissent
            .as_slice()
            .iter()
            .map(|code| code.as_str().into())
            .collect()
    }

    /// What follows from it.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn actions(&self, context: &Context<'_>) -> Result<Vec<Action>> {
        let actions = context
            .data::<Rows>()?
            .load_one(ActionsFrom(self.0.id))
            .await?;
        charged(context, actions.unwrap_or_default(), Action)
    }
}

#[Object(use_type_description)]
impl Action {
    /// Opaque.
    #[graphql(tag = "confidential")]
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        record_id(context, &self.0.public_id, Classification::Confidential)
    }

    /// What is to be done.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn title(&self) -> StoredText {
        self.0.title.as_str().into()
    }

    /// Which entity does it.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn owner(&self) -> EntityCode {
        self.0.owner.clone().into()
    }

    /// By when.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn due_on(&self) -> Date {
        Date(self.0.due_on)
    }

    /// How far it is.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn state(&self) -> ActionState {
        self.0.state.into()
    }

    /// Whether it ought to be done by now.
    #[graphql(requires_scopes = "clearance:confidential")]
    #[expect(clippy::unused_async, reason = "a resolver is asynchronous")]
    async fn is_overdue(&self, context: &Context<'_>) -> Result<bool> {
        Ok(is_overdue(
            self.0.state,
            self.0.due_on,
            context.data::<Viewer>()?.today(),
        ))
    }

    /// What came of it.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn outcome(&self) -> Option<StoredText> {
        self.0.outcome.as_deref().map(Into::into)
    }

    /// How often it was carried over to another cycle.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn carried_over(&self, context: &Context<'_>) -> Result<i32> {
        let items = context
            .data::<Rows>()?
            .load_one(ItemsOver(self.0.id))
            .await?;
        let count = items.map_or(0, |items| items.len());
        Ok(i32::try_from(count.saturating_sub(1)).unwrap_or(i32::MAX))
    }

    /// Counts the changes to it.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The cycle it was first agreed in.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn first_cycle(&self, context: &Context<'_>) -> Result<ReviewCycle> {
        let cycle = context
            .data::<Rows>()?
            .load_one(CycleKey(self.0.first_cycle_id))
            .await?;
        cycle.map(ReviewCycle).ok_or_else(missing)
    }
}

#[Object(use_type_description, requires_scopes = "clearance:confidential")]
impl Change {
    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Whose record.
    async fn entity(&self) -> EntityCode {
        self.0.entity.clone().into()
    }

    /// What happened.
    async fn kind(&self) -> ChangeKind {
        self.0.kind.into()
    }

    /// What changed, as a path of the graph below the situation.
    async fn path(&self) -> &str {
        &self.0.path
    }

    /// One sentence.
    async fn summary(&self) -> Option<StoredText> {
        self.0.summary.as_deref().map(Into::into)
    }
}
