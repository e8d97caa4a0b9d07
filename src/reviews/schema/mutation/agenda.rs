//! Changes of the agenda, and what the meeting decides.

use async_graphql::{Context, Enum, ID, InputObject};

use super::{
    super::super::{
        acts::{checked, checked_if_any},
        state::{self, Act, NewAction, Profiles, Refusal},
        terms::DecisionKind,
    },
    asked::{Asked, asked, cycle_of, item_of, known_entities, situation_of},
};
use crate::vocabulary::{Date, EntityCode};

/// Characters of a reason.
const REASON: usize = 500;
/// Characters of what is said with a decision.
const NOTE: usize = 5_000;
/// Characters of what is to be done.
const TITLE: usize = 300;
/// Actions of one decision, items of one order.
const MOST_ACTIONS: usize = 20;
const MOST_ITEMS: usize = 500;

/// A situation to be proposed.
#[derive(InputObject, Debug)]
pub(crate) struct ProposeReviewItemInput {
    /// For which review.
    cycle: ID,
    /// Which situation.
    situation: ID,
    /// Why.
    reason: String,
    /// The same key answers the same again, and changes nothing.
    idempotency_key: Option<String>,
}

impl ProposeReviewItemInput {
    pub(super) async fn request(self, context: &Context<'_>) -> Asked {
        let cycle = cycle_of(context, "cycle", self.cycle).await?;
        let situation = situation_of(context, self.situation).await?;
        let act = Act::Propose {
            item: (cycle, situation),
            reason: checked("reason", &self.reason, REASON)?,
        };
        Ok(asked(self.idempotency_key, act))
    }
}

/// What is done with an agenda item.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "state::ItemAct")]
pub(crate) enum ItemAct {
    /// Takes the proposal back.
    Withdraw,
    /// Puts it on the agenda.
    Accept,
    /// Takes it up in the meeting.
    Discuss,
    /// Puts it off to the next review; takes a reason.
    Defer,
    /// Does not take it up; takes a reason.
    Decline,
}

/// How an item is to be moved.
#[derive(InputObject, Debug)]
pub(crate) struct MoveReviewItemInput {
    /// The item.
    item: ID,
    /// What is done.
    act: ItemAct,
    /// Why.
    reason: Option<String>,
    /// The version that the caller saw: nothing changes where there is a later one.
    expected_version: Option<i32>,
    /// The same key answers the same again, and changes nothing.
    idempotency_key: Option<String>,
}

impl MoveReviewItemInput {
    pub(super) async fn request(self, context: &Context<'_>) -> Asked {
        let act = Act::MoveItem {
            item: item_of(context, "item", self.item).await?,
            act: self.act.into(),
            reason: checked_if_any("reason", self.reason.as_deref(), REASON)?,
            version: self.expected_version,
        };
        Ok(asked(self.idempotency_key, act))
    }
}

/// In which order the items of a review are to stand.
#[derive(InputObject, Debug)]
pub(crate) struct OrderAgendaInput {
    /// The review.
    cycle: ID,
    /// Its items, the first one first.
    items: Vec<ID>,
    /// The same key answers the same again, and changes nothing.
    idempotency_key: Option<String>,
}

impl OrderAgendaInput {
    pub(super) async fn request(self, context: &Context<'_>) -> Asked {
        if self.items.len() > MOST_ITEMS {
            let message = format!("`items` names {MOST_ITEMS} items at most.");
            return Err(Refusal::invalid("items", message).into());
        }
        let cycle = cycle_of(context, "cycle", self.cycle).await?;
        let mut situations = Vec::with_capacity(self.items.len());
        for id in self.items {
            let (of, situation) = item_of(context, "items", id).await?;
            if of != cycle {
                return Err(Refusal::NotFound("review item").into());
            }
            situations.push(situation);
        }
        Ok(asked(
            self.idempotency_key,
            Act::OrderAgenda { cycle, situations },
        ))
    }
}

/// An action that follows from a decision.
#[derive(InputObject, Debug)]
pub(crate) struct NewActionInput {
    /// What is to be done.
    title: String,
    /// Which entity does it.
    owner: EntityCode,
    /// By when.
    due_on: Date,
}

/// What the meeting decided.
#[derive(InputObject, Debug)]
pub(crate) struct DecideReviewItemInput {
    /// On which item.
    item: ID,
    /// What is asked for.
    kind: DecisionKind,
    /// What was said with it.
    note: Option<String>,
    /// Which entities dissented.
    #[graphql(default)]
    dissent: Vec<EntityCode>,
    /// What follows from it.
    #[graphql(default)]
    actions: Vec<NewActionInput>,
    /// The same key answers the same again, and changes nothing.
    idempotency_key: Option<String>,
}

impl DecideReviewItemInput {
    pub(super) async fn request(self, context: &Context<'_>) -> Asked {
        if self.actions.len() > MOST_ACTIONS {
            let message = format!("A decision makes {MOST_ACTIONS} actions at most.");
            return Err(Refusal::invalid("actions", message).into());
        }
        let dissent: Vec<String> = self.dissent.into_iter().map(|code| code.0).collect();
        known_entities(context, "dissent", &dissent).await?;
        let mut actions = Vec::with_capacity(self.actions.len());
        for action in self.actions {
            actions.push(NewAction {
                title: checked("title", &action.title, TITLE)?,
                owner: action.owner.0,
                due_on: action.due_on.0,
            });
        }
        let owners: Vec<_> = actions.iter().map(|action| action.owner.clone()).collect();
        known_entities(context, "owner", &owners).await?;
        let act = Act::Decide {
            item: item_of(context, "item", self.item).await?,
            kind: self.kind.into(),
            note: checked_if_any("note", self.note.as_deref(), NOTE)?,
            dissent,
            actions,
        };
        Ok(asked(self.idempotency_key, act))
    }
}

/// Which profile is to be frozen again.
#[derive(InputObject, Debug)]
pub(crate) struct FreezeProfileInput {
    /// That of which item.
    item: ID,
    /// Why.
    reason: String,
    /// The same key answers the same again, and changes nothing.
    idempotency_key: Option<String>,
}

impl FreezeProfileInput {
    pub(super) async fn request(self, context: &Context<'_>) -> Asked {
        let act = Act::FreezeAgain {
            item: item_of(context, "item", self.item).await?,
            reason: checked("reason", &self.reason, REASON)?,
            profiles: Profiles {
                situations: Vec::new(),
                revision: 0,
            },
        };
        Ok(asked(self.idempotency_key, act))
    }
}
