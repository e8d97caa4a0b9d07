//! What an act comes to.

use chrono::{DateTime, Utc};

use super::{
    act::Act,
    agenda, cycle, follow_up, input,
    record::{Change, State},
    refusal::Refusal,
    role::Actor,
};

/// Decides: the records that change, as they are afterwards.
pub(crate) fn decide(
    state: &State,
    act: &Act,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Change>, Refusal> {
    match act {
        Act::Plan(new) => cycle::plan(state, new, actor, now),
        Act::MoveCycle {
            cycle,
            act,
            reason,
            profiles,
        } => cycle::advance(
            state,
            &cycle::Move {
                cycle,
                act: *act,
                reason: reason.as_deref(),
                profiles: profiles.as_ref(),
            },
            actor,
            now,
        ),
        Act::FreezeAgain {
            item,
            reason,
            profiles,
        } => cycle::freeze_again(state, item, (reason, profiles), actor),
        Act::Propose { item, reason } => agenda::propose(state, item, reason, actor),
        Act::MoveItem {
            item,
            act,
            reason,
            version,
        } => agenda::advance(state, item, (*act, reason.as_deref(), *version), actor),
        Act::OrderAgenda { cycle, situations } => agenda::order(state, cycle, situations, actor),
        Act::Draft {
            input,
            kind,
            content,
            version,
        } => input::draft(state, input, (*kind, content, *version), actor),
        Act::MoveInput {
            input,
            act,
            reason,
            version,
        } => input::advance(
            state,
            input,
            (*act, reason.as_deref(), *version),
            actor,
            now,
        ),
        Act::Decide {
            item,
            kind,
            note,
            dissent,
            actions,
        } => follow_up::decide(
            state,
            item,
            &follow_up::Decided {
                kind: *kind,
                note: note.as_deref(),
                dissent,
                actions,
            },
            actor,
        ),
        Act::MoveAction {
            action,
            act,
            outcome,
            version,
        } => follow_up::advance(state, action, (*act, outcome.as_deref(), *version), actor),
    }
}
