//! Changes of actions.

use async_graphql::{Context, Enum, ID, InputObject};

use super::{
    super::super::{
        acts::{action_key, checked_if_any},
        ids,
        state::{self, Act, Refusal},
    },
    asked::{Asked, asked, checked_id, database},
};

/// Characters of an outcome.
const OUTCOME: usize = 2_000;

/// What is done with an action.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "state::ActionAct")]
pub(crate) enum ActionAct {
    /// Begins it.
    Start,
    /// Says that it is done; takes an outcome.
    Complete,
    /// Gives it up; takes an outcome.
    Cancel,
}

/// How an action is to be moved.
#[derive(InputObject, Debug)]
pub(crate) struct MoveActionInput {
    /// The action.
    action: ID,
    /// What is done.
    act: ActionAct,
    /// What came of it.
    outcome: Option<String>,
    /// The version that the caller saw: nothing changes where there is a later one.
    expected_version: Option<i32>,
    /// The same key answers the same again, and changes nothing.
    idempotency_key: Option<String>,
}

impl MoveActionInput {
    pub(super) async fn request(self, context: &Context<'_>) -> Asked {
        let id = checked_id("action", ids::ACTION, self.action)?;
        let action = action_key(database(context)?, &id).await?;
        let act = Act::MoveAction {
            action: action.ok_or(Refusal::NotFound("action"))?,
            act: self.act.into(),
            outcome: checked_if_any("outcome", self.outcome.as_deref(), OUTCOME)?,
            version: self.expected_version,
        };
        Ok(asked(self.idempotency_key, act))
    }
}
