//! The tables of the review: in which states what act leads where, and who may do it.

use entities::terms::{ActionState, CycleState, InputStatus, ItemState};

use super::{
    act::{ActionAct, CycleAct, InputAct, ItemAct},
    role::Role,
};

/// One row: from some states an act of some roles leads to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transition<S: 'static, A> {
    /// The states that it leads from.
    pub(crate) from: &'static [S],
    /// The act.
    pub(crate) act: A,
    /// Who may do it.
    pub(crate) roles: &'static [Role],
    /// The state that it leads to.
    pub(crate) to: S,
    /// In which states of the cycle; for actions in all.
    pub(crate) during: &'static [CycleState],
    /// Whether a reason has to be given.
    pub(crate) needs_reason: bool,
}

use CycleState::{
    Closed, Consolidated, Decided, FollowUp, InSession, InputClosed, InputOpen, Planned,
};

const STEERED: &[Role] = &[Role::Secretariat];
const FOCAL: &[Role] = &[Role::FocalPoint];
const CLEARING: &[Role] = &[Role::ClearingOfficer];

const fn cycle(
    from: &'static [CycleState],
    act: CycleAct,
    roles: &'static [Role],
    to: CycleState,
) -> Transition<CycleState, CycleAct> {
    Transition {
        from,
        act,
        roles,
        to,
        during: from,
        needs_reason: matches!(act, CycleAct::StepBack | CycleAct::BeginFlashSession),
    }
}

/// How cycles go on, and back.
pub(crate) const CYCLES: &[Transition<CycleState, CycleAct>] = &[
    cycle(
        &[Planned],
        CycleAct::OpenInputs,
        &[Role::Secretariat, Role::Clock],
        InputOpen,
    ),
    cycle(
        &[InputOpen],
        CycleAct::CloseInputs,
        &[Role::Secretariat, Role::Clock],
        InputClosed,
    ),
    cycle(
        &[InputOpen],
        CycleAct::BeginFlashSession,
        STEERED,
        InSession,
    ),
    cycle(&[InputClosed], CycleAct::Consolidate, STEERED, Consolidated),
    cycle(&[Consolidated], CycleAct::BeginSession, STEERED, InSession),
    cycle(&[InSession], CycleAct::ConcludeSession, STEERED, Decided),
    cycle(&[Decided], CycleAct::BeginFollowUp, STEERED, FollowUp),
    cycle(&[FollowUp], CycleAct::Close, STEERED, Closed),
    cycle(&[InputOpen], CycleAct::StepBack, STEERED, Planned),
    cycle(&[InputClosed], CycleAct::StepBack, STEERED, InputOpen),
    cycle(&[Consolidated], CycleAct::StepBack, STEERED, InputClosed),
    cycle(&[InSession], CycleAct::StepBack, STEERED, Consolidated),
    cycle(&[Decided], CycleAct::StepBack, STEERED, InSession),
    cycle(&[FollowUp], CycleAct::StepBack, STEERED, Decided),
    cycle(&[Closed], CycleAct::StepBack, STEERED, FollowUp),
];

/// When situations can be proposed.
pub(crate) const PROPOSED_DURING: &[CycleState] = &[Planned, InputOpen];

/// Who may propose a situation.
pub(crate) const PROPOSED_BY: &[Role] = &[Role::FocalPoint, Role::ClearingOfficer];

/// When the meeting decides.
pub(crate) const DECIDED_DURING: &[CycleState] = &[InSession];

/// When the agenda is put in an order.
pub(crate) const ORDERED_DURING: &[CycleState] =
    &[Planned, InputOpen, InputClosed, Consolidated, InSession];

const BEFORE_THE_MEETING: &[CycleState] = &[Planned, InputOpen, InputClosed, Consolidated];

const fn item(
    from: &'static [ItemState],
    act: ItemAct,
    roles: &'static [Role],
    to: ItemState,
    during: &'static [CycleState],
) -> Transition<ItemState, ItemAct> {
    Transition {
        from,
        act,
        roles,
        to,
        during,
        needs_reason: matches!(act, ItemAct::Defer | ItemAct::Decline),
    }
}

/// How items go on. Only the meeting puts one off or declines it.
pub(crate) const ITEMS: &[Transition<ItemState, ItemAct>] = &[
    item(
        &[ItemState::Proposed],
        ItemAct::Withdraw,
        PROPOSED_BY,
        ItemState::Withdrawn,
        BEFORE_THE_MEETING,
    ),
    item(
        &[ItemState::Proposed],
        ItemAct::Accept,
        STEERED,
        ItemState::Accepted,
        BEFORE_THE_MEETING,
    ),
    item(
        &[ItemState::Deferred, ItemState::Declined],
        ItemAct::Accept,
        STEERED,
        ItemState::Accepted,
        DECIDED_DURING,
    ),
    item(
        &[ItemState::Accepted],
        ItemAct::Discuss,
        STEERED,
        ItemState::Discussed,
        DECIDED_DURING,
    ),
    item(
        &[ItemState::Accepted, ItemState::Discussed],
        ItemAct::Defer,
        STEERED,
        ItemState::Deferred,
        DECIDED_DURING,
    ),
    item(
        &[ItemState::Accepted, ItemState::Discussed],
        ItemAct::Decline,
        STEERED,
        ItemState::Declined,
        DECIDED_DURING,
    ),
];

/// The states of items that the meeting decides on.
pub(crate) const DECIDED_FROM: &[ItemState] = &[ItemState::Discussed, ItemState::Decided];

/// When inputs are drafted and cleared: what comes after the profiles are frozen is late, and stands beside them.
pub(crate) const INPUTS_DURING: &[CycleState] = &[InputOpen, InputClosed, Consolidated, InSession];

/// The statuses of inputs that can be drafted.
pub(crate) const DRAFTED_FROM: &[InputStatus] = &[
    InputStatus::NotReceived,
    InputStatus::Draft,
    InputStatus::Withdrawn,
];

/// Who drafts an input.
pub(crate) const DRAFTED_BY: &[Role] = FOCAL;

const fn input(
    from: &'static [InputStatus],
    act: InputAct,
    roles: &'static [Role],
    to: InputStatus,
) -> Transition<InputStatus, InputAct> {
    Transition {
        from,
        act,
        roles,
        to,
        during: INPUTS_DURING,
        needs_reason: matches!(
            act,
            InputAct::Return | InputAct::Reopen | InputAct::Withdraw
        ),
    }
}

const WAS_CLEARED: &[InputStatus] = &[
    InputStatus::Cleared,
    InputStatus::NilReturn,
    InputStatus::NoChange,
];

/// How inputs go on. Clearing leads to `NIL_RETURN` for a nil return, to `NO_CHANGE` for a declaration that
/// nothing changed.
pub(crate) const INPUTS: &[Transition<InputStatus, InputAct>] = &[
    input(
        &[InputStatus::Draft],
        InputAct::Submit,
        FOCAL,
        InputStatus::Submitted,
    ),
    input(
        &[InputStatus::Submitted],
        InputAct::Clear,
        CLEARING,
        InputStatus::Cleared,
    ),
    input(
        &[InputStatus::Submitted],
        InputAct::Return,
        CLEARING,
        InputStatus::Draft,
    ),
    input(WAS_CLEARED, InputAct::Reopen, CLEARING, InputStatus::Draft),
    input(
        &[InputStatus::Draft, InputStatus::Submitted],
        InputAct::Withdraw,
        &[Role::FocalPoint, Role::ClearingOfficer],
        InputStatus::Withdrawn,
    ),
    input(
        WAS_CLEARED,
        InputAct::Withdraw,
        CLEARING,
        InputStatus::Withdrawn,
    ),
];

const fn action(
    from: &'static [ActionState],
    act: ActionAct,
    roles: &'static [Role],
    to: ActionState,
) -> Transition<ActionState, ActionAct> {
    Transition {
        from,
        act,
        roles,
        to,
        during: &[],
        needs_reason: matches!(act, ActionAct::Complete | ActionAct::Cancel),
    }
}

/// How actions go on: officers of the owner begin and complete them; the secretariat notes that one is given up.
pub(crate) const ACTIONS: &[Transition<ActionState, ActionAct>] = &[
    action(
        &[ActionState::Open],
        ActionAct::Start,
        FOCAL,
        ActionState::InProgress,
    ),
    action(
        &[ActionState::Open, ActionState::InProgress],
        ActionAct::Complete,
        FOCAL,
        ActionState::Done,
    ),
    action(
        &[ActionState::Open, ActionState::InProgress],
        ActionAct::Cancel,
        STEERED,
        ActionState::Cancelled,
    ),
];
