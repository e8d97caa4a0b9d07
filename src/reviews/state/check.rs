//! What several acts check: roles, states, versions, reasons.

use std::collections::BTreeSet;

use entities::terms::CycleState;
use sea_orm::ActiveEnum;

use super::{
    act::Version,
    record::{Cycle, State, Text},
    refusal::Refusal,
    role::{Actor, Role},
    transitions::Transition,
};

/// The cycle with a code.
pub(super) fn cycle_of<'a>(state: &'a State, code: &str) -> Result<&'a Cycle, Refusal> {
    let cycle = state.cycles.get(code);
    cycle.ok_or(Refusal::NotFound("review cycle"))
}

/// Refuses who has none of the roles.
pub(super) fn check_role(
    actor: &Actor,
    roles: &[Role],
    entity: Option<&str>,
) -> Result<(), Refusal> {
    let has_role = roles.iter().any(|role| actor.roles.contains(role));
    let is_of_entity = entity.is_none_or(|entity| actor.is_of(entity));
    if has_role && is_of_entity {
        return Ok(());
    }
    Err(Refusal::Forbidden {
        roles: roles.to_vec(),
        entity: entity.map(str::to_owned),
    })
}

/// Refuses where the actor saw another version than there is.
pub(super) fn check_version(seen: Version, is: i32) -> Result<(), Refusal> {
    match seen {
        Some(seen) if seen != is => Err(Refusal::Conflict { seen, is }),
        _ => Ok(()),
    }
}

/// Refuses where a cycle is in none of these states.
pub(super) fn check_cycle(cycle: &Cycle, during: &[CycleState]) -> Result<(), Refusal> {
    if during.contains(&cycle.state) {
        return Ok(());
    }
    Err(wrong_state("review cycle", &cycle.state, during))
}

/// The record is in a state that the act does not lead from.
pub(super) fn wrong_state<S: ActiveEnum<Value = String>>(
    what: &'static str,
    state: &S,
    allowed: &[S],
) -> Refusal {
    Refusal::WrongState {
        what,
        state: state.to_value(),
        allowed: allowed.iter().map(ActiveEnum::to_value).collect(),
    }
}

/// What a table says: the row by which an act leads on from a state.
pub(super) fn step<'a, S, A>(
    table: &'a [Transition<S, A>],
    what: &'static str,
    (state, act): (&S, A),
    (actor, entity): (&Actor, Option<&str>),
) -> Result<&'a Transition<S, A>, Refusal>
where
    S: ActiveEnum<Value = String> + PartialEq + Clone,
    A: PartialEq + Copy,
{
    let rows = || table.iter().filter(|row| row.act == act);
    let roles: BTreeSet<_> = rows().flat_map(|row| row.roles).copied().collect();
    let roles: Vec<_> = roles.into_iter().collect();
    check_role(actor, &roles, entity)?;
    let Some(row) = rows().find(|row| row.from.contains(state)) else {
        let allowed: Vec<S> = rows().flat_map(|row| row.from).cloned().collect();
        return Err(wrong_state(what, state, &allowed));
    };
    check_role(actor, row.roles, entity)?;
    Ok(row)
}

/// The reason that is given, where one is needed.
pub(super) fn reason_of(given: Option<&str>, is_needed: bool) -> Result<Option<Text>, Refusal> {
    match given.map(str::trim).filter(|text| !text.is_empty()) {
        None if is_needed => Err(Refusal::invalid("reason", "Give a reason.")),
        given => Ok(given.map(|text| Text::New(text.to_owned()))),
    }
}
