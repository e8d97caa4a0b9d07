//! Decisions of the meeting, and the actions that follow from them.

use entities::terms::{ActionState, DecisionKind, ItemState};

use super::{
    act::{ActionAct, NewAction, Version},
    agenda::item_of,
    check::{check_cycle, check_role, check_version, cycle_of, reason_of, step, wrong_state},
    record::{Action, Change, Decision, Item, ItemKey, State, Text},
    refusal::Refusal,
    role::{Actor, Role},
    transitions::{ACTIONS, DECIDED_DURING, DECIDED_FROM},
};

/// What was decided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decided<'a> {
    pub(super) kind: DecisionKind,
    pub(super) note: Option<&'a str>,
    pub(super) dissent: &'a [String],
    pub(super) actions: &'a [NewAction],
}

/// Notes what the meeting decided on an item, with the actions that follow.
pub(super) fn decide(
    state: &State,
    key: &ItemKey,
    decided: &Decided<'_>,
    actor: &Actor,
) -> Result<Vec<Change>, Refusal> {
    let item = item_of(state, key, actor)?;
    check_role(actor, &[Role::Secretariat], None)?;
    let cycle = cycle_of(state, &item.cycle)?;
    check_cycle(cycle, DECIDED_DURING)?;
    if !DECIDED_FROM.contains(&item.state) {
        return Err(wrong_state("review item", &item.state, DECIDED_FROM));
    }
    let number = state.decisions.get(key).copied().unwrap_or_default() + 1;
    let mut changes = vec![
        Change::Item(Item {
            state: ItemState::Decided,
            version: item.version + 1,
            ..item.clone()
        }),
        Change::Decision(Decision {
            item: key.clone(),
            number,
            kind: decided.kind,
            note: reason_of(decided.note, false)?,
            dissent: decided.dissent.to_vec(),
        }),
    ];
    for (action, place) in decided.actions.iter().zip(1..) {
        if action.due_on < cycle.period_start {
            return Err(Refusal::invalid(
                "dueOn",
                "An action is due after the period of its review began.",
            ));
        }
        let code = format!("{}-{}-{number}-{place}", item.cycle, item.situation);
        changes.push(Change::Action(Action {
            code,
            situation: item.situation.clone(),
            title: Text::New(action.title.trim().to_owned()),
            owner: action.owner.clone(),
            due_on: action.due_on,
            state: ActionState::Open,
            outcome: None,
            first_cycle: item.cycle.clone(),
            decision: Some(number),
            stands_in: vec![item.cycle.clone()],
            version: 1,
        }));
    }
    Ok(changes)
}

/// Moves an action.
pub(super) fn advance(
    state: &State,
    code: &str,
    (act, outcome, version): (ActionAct, Option<&str>, Version),
    actor: &Actor,
) -> Result<Vec<Change>, Refusal> {
    let action = state.actions.get(code);
    let action = action.filter(|action| actor.knows(&action.situation));
    let action = action.ok_or(Refusal::NotFound("action"))?;
    // Officers of the owner act; that one is given up is the secretariat's to note.
    let entity = (act != ActionAct::Cancel).then_some(action.owner.as_str());
    let row = step(ACTIONS, "action", (&action.state, act), (actor, entity))?;
    check_version(version, action.version)?;
    let outcome = reason_of(outcome, row.needs_reason)
        .map_err(|_| Refusal::invalid("outcome", "Say what came of it."))?;
    Ok(vec![Change::Action(Action {
        state: row.to,
        outcome: outcome.or_else(|| action.outcome.clone()),
        version: action.version + 1,
        ..action.clone()
    })])
}
