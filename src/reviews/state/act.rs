//! Acts on the review.

use chrono::{DateTime, NaiveDate, Utc};
use entities::terms::{CycleKind, DecisionKind, InputKind};

use super::record::{Content, InputKey, ItemKey};

/// An act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Plans a cycle.
    Plan(NewCycle),
    /// Moves a cycle on, or back by one step.
    MoveCycle {
        cycle: String,
        act: CycleAct,
        reason: Option<String>,
        /// The profiles that were read to be frozen, where the act freezes them.
        profiles: Option<Profiles>,
    },
    /// Freezes the profile of one item again.
    FreezeAgain {
        item: ItemKey,
        reason: String,
        profiles: Profiles,
    },
    /// Proposes a situation for the agenda.
    Propose { item: ItemKey, reason: String },
    /// Moves an item.
    MoveItem {
        item: ItemKey,
        act: ItemAct,
        reason: Option<String>,
        version: Version,
    },
    /// Puts the items of a cycle in an order.
    OrderAgenda {
        cycle: String,
        situations: Vec<String>,
    },
    /// Drafts an input, or changes its draft.
    Draft {
        input: InputKey,
        kind: InputKind,
        content: Box<Content>,
        version: Version,
    },
    /// Moves an input.
    MoveInput {
        input: InputKey,
        act: InputAct,
        reason: Option<String>,
        version: Version,
    },
    /// Notes what the meeting decided on an item.
    Decide {
        item: ItemKey,
        kind: DecisionKind,
        note: Option<String>,
        dissent: Vec<String>,
        actions: Vec<NewAction>,
    },
    /// Moves an action.
    MoveAction {
        action: String,
        act: ActionAct,
        outcome: Option<String>,
        version: Version,
    },
}

/// The version that the actor saw; none where it does not matter.
pub(crate) type Version = Option<i32>;

/// A cycle to be planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewCycle {
    pub(crate) kind: CycleKind,
    /// Code of a month.
    pub(crate) period: String,
    pub(crate) period_start: NaiveDate,
    pub(crate) opens_at: Option<DateTime<Utc>>,
    pub(crate) inputs_due_at: DateTime<Utc>,
    pub(crate) session_at: Option<DateTime<Utc>>,
}

/// An action that follows from a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewAction {
    pub(crate) title: String,
    pub(crate) owner: String,
    pub(crate) due_on: NaiveDate,
}

/// Profiles that were read to be frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Profiles {
    /// The situations whose profiles were read.
    pub(crate) situations: Vec<String>,
    /// The revision of the review that they were read at.
    pub(crate) revision: i64,
}

/// What is done with a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum CycleAct {
    /// Opens it for inputs; open actions and deferred items of before come on its agenda.
    OpenInputs,
    /// Closes the inputs and freezes the profiles of its agenda.
    CloseInputs,
    /// Says that the inputs are joined.
    Consolidate,
    /// Begins the meeting.
    BeginSession,
    /// Closes the inputs of an extraordinary review and begins its meeting at once.
    BeginFlashSession,
    /// Ends the meeting; what it did not decide is deferred.
    ConcludeSession,
    /// Begins the follow-up.
    BeginFollowUp,
    /// Ends the cycle.
    Close,
    /// Goes back by one step.
    StepBack,
}

/// What is done with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ItemAct {
    /// Takes the proposal back.
    Withdraw,
    /// Puts it on the agenda.
    Accept,
    /// Takes it up in the meeting.
    Discuss,
    /// Puts it off to the next cycle.
    Defer,
    /// Does not take it up.
    Decline,
}

/// What is done with an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum InputAct {
    /// Hands it in to be cleared.
    Submit,
    /// Clears it for the review.
    Clear,
    /// Gives it back to who drafts it.
    Return,
    /// Opens what was cleared, to be changed.
    Reopen,
    /// Takes it out of the cycle.
    Withdraw,
}

/// What is done with an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ActionAct {
    /// Begins it.
    Start,
    /// Says that it is done.
    Complete,
    /// Gives it up.
    Cancel,
}
