//! Inputs: drafted by an entity's focal points, cleared by another of its officers.

use chrono::{DateTime, Utc};
use entities::terms::{Coverage, InputKind, InputStatus};

use super::{
    act::{InputAct, Version},
    check::{check_cycle, check_role, check_version, cycle_of, reason_of, step, wrong_state},
    record::{Change, Content, Input, InputKey, State},
    refusal::Refusal,
    role::Actor,
    transitions::{DRAFTED_BY, DRAFTED_FROM, INPUTS, INPUTS_DURING},
};

/// Drafts an input, or changes its draft.
pub(super) fn draft(
    state: &State,
    key: &InputKey,
    (kind, content, version): (InputKind, &Content, Version),
    actor: &Actor,
) -> Result<Vec<Change>, Refusal> {
    let (cycle, situation, entity) = key;
    if !actor.knows(situation) {
        return Err(Refusal::NotFound("situation"));
    }
    check_role(actor, DRAFTED_BY, Some(entity))?;
    let person = actor.person.clone().filter(crate::auth::Person::is_one);
    let person = person.ok_or(Refusal::NoPerson)?;
    check_cycle(cycle_of(state, cycle)?, INPUTS_DURING)?;
    let before = state.inputs.get(key);
    let there = before.filter(|input| !input.is_sealed);
    if let Some(input) = there
        && !DRAFTED_FROM.contains(&input.status)
    {
        return Err(wrong_state("input", &input.status, DRAFTED_FROM));
    }
    // Who saw none has seen version 0.
    check_version(version, there.map_or(0, |input| input.version))?;
    check_content(state, key, kind, content)?;
    // Who worked on it once did so, though it was withdrawn: none of them clears it.
    let mut drafted_by = before.map_or_else(Vec::new, |input| input.drafted_by.clone());
    for drafter in content.drafted_by.iter().cloned().chain([person]) {
        if !drafted_by.contains(&drafter) {
            drafted_by.push(drafter);
        }
    }
    Ok(vec![Change::Input(Box::new(Input {
        cycle: cycle.clone(),
        situation: situation.clone(),
        entity: entity.clone(),
        kind,
        status: InputStatus::Draft,
        content: content.clone(),
        drafted_by,
        cleared_by: None,
        submitted_at: None,
        cleared_at: there.and_then(|input| input.cleared_at),
        version: before.map_or(1, |input| input.version + 1),
        is_sealed: false,
    }))])
}

/// What each kind of input has to say, and what it may not.
fn check_content(
    state: &State,
    (cycle, situation, entity): &InputKey,
    kind: InputKind,
    content: &Content,
) -> Result<(), Refusal> {
    let is_outside = content.coverage == Coverage::OutsideMandate;
    match kind {
        InputKind::Report => {
            if !content.has_text() && content.gap.is_none() {
                return Err(Refusal::invalid(
                    "headline",
                    "A report has a headline, a narrative or a gap; declare NIL_RETURN where there is nothing to \
                     report, NO_CHANGE where an earlier input still holds.",
                ));
            }
        }
        InputKind::NilReturn => {
            if is_outside {
                return Err(Refusal::OutsideMandate);
            }
            if content.has_text() {
                return Err(Refusal::invalid(
                    "headline",
                    "A nil return says nothing but that there is nothing to report; give `caveats`, or hand in a \
                     REPORT.",
                ));
            }
            if content.covers.is_none() {
                return Err(Refusal::invalid(
                    "covers",
                    "A nil return states the days that it speaks of.",
                ));
            }
        }
        InputKind::NoChange => {
            if content.has_text() {
                return Err(Refusal::invalid(
                    "headline",
                    "NO_CHANGE says nothing of its own; hand in a REPORT where there is something to say.",
                ));
            }
            let start = |code: &String| state.cycles.get(code).map(|cycle| cycle.period_start);
            let confirmed = content.confirms.as_ref();
            let confirmed = confirmed.filter(|other| start(other) < start(cycle));
            let confirmed = confirmed.and_then(|other| {
                let key = (other.clone(), situation.clone(), entity.clone());
                state.inputs.get(&key)
            });
            let is_cleared =
                confirmed.is_some_and(|input| !input.is_sealed && is_cleared(input.status));
            if !is_cleared {
                return Err(Refusal::invalid(
                    "confirms",
                    "NO_CHANGE names an earlier cycle for which your entity's input on the situation was cleared.",
                ));
            }
        }
    }
    if kind != InputKind::NoChange && content.confirms.is_some() {
        return Err(Refusal::invalid(
            "confirms",
            "Only NO_CHANGE confirms an earlier input.",
        ));
    }
    if content.covers.is_some_and(|(from, until)| from > until) {
        return Err(Refusal::invalid("covers", "`from` is not after `until`."));
    }
    if is_outside && content.gap.is_some() {
        return Err(Refusal::invalid(
            "gap",
            "An entity without a mechanism here has no gap; leave `gap` out, or change `coverage`.",
        ));
    }
    Ok(())
}

/// Whether a status is one of what was cleared.
pub(super) fn is_cleared(status: InputStatus) -> bool {
    matches!(
        status,
        InputStatus::Cleared | InputStatus::NilReturn | InputStatus::NoChange
    )
}

/// Moves an input.
pub(super) fn advance(
    state: &State,
    key: &InputKey,
    (act, reason, version): (InputAct, Option<&str>, Version),
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Change>, Refusal> {
    let input = state.inputs.get(key).filter(|input| !input.is_sealed);
    let input = input.filter(|input| actor.knows(&input.situation));
    // An input that is not cleared exists for its own entity alone.
    let input = input.filter(|input| is_cleared(input.status) || actor.is_of(&input.entity));
    let input = input.ok_or(Refusal::NotFound("input"))?;
    let row = step(
        INPUTS,
        "input",
        (&input.status, act),
        (actor, Some(&input.entity)),
    )?;
    check_version(version, input.version)?;
    check_cycle(cycle_of(state, &input.cycle)?, row.during)?;
    reason_of(reason, row.needs_reason)?;
    let mut after = Input {
        status: row.to,
        version: input.version + 1,
        ..input.clone()
    };
    match act {
        InputAct::Submit => {
            let person = actor.person.as_ref();
            if !person.is_some_and(crate::auth::Person::is_one) {
                return Err(Refusal::NoPerson);
            }
            after.submitted_at = Some(now);
        }
        InputAct::Clear => {
            let person = actor.person.clone().filter(crate::auth::Person::is_one);
            let person = person.ok_or(Refusal::NoPerson)?;
            if input
                .drafted_by
                .iter()
                .any(|drafter| drafter.can_be(&person))
            {
                return Err(Refusal::SamePerson);
            }
            after.status = match input.kind {
                InputKind::Report => InputStatus::Cleared,
                InputKind::NilReturn => InputStatus::NilReturn,
                InputKind::NoChange => InputStatus::NoChange,
            };
            after.cleared_by = Some(person);
            after.cleared_at = Some(now);
        }
        InputAct::Return | InputAct::Reopen => {
            // When it was cleared before stays: others were told of it, and of its withdrawal are told too.
            after.submitted_at = None;
            after.cleared_by = None;
        }
        InputAct::Withdraw => {}
    }
    Ok(vec![Change::Input(Box::new(after))])
}
