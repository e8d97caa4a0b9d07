//! Cycles: planned, opened, closed, and so on; what is carried over, what is frozen.

use chrono::{DateTime, TimeDelta, Utc};
use entities::terms::{CycleKind, CycleState, ItemState};

use super::{
    act::{CycleAct, NewCycle, Profiles},
    check::{check_cycle, check_role, cycle_of, reason_of, step, wrong_state},
    record::{Change, Cycle, Item, ItemKey, State},
    refusal::Refusal,
    role::{Actor, Role},
    transitions::CYCLES,
};

/// How far ahead reviews are planned at most.
const MOST_AHEAD: TimeDelta = TimeDelta::days(731);

/// How a cycle is moved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move<'a> {
    pub(super) cycle: &'a str,
    pub(super) act: CycleAct,
    pub(super) reason: Option<&'a str>,
    pub(super) profiles: Option<&'a Profiles>,
}

/// Plans a cycle.
pub(super) fn plan(
    state: &State,
    new: &NewCycle,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Change>, Refusal> {
    check_role(actor, &[Role::Secretariat, Role::Clock], None)?;
    let code = match new.kind {
        CycleKind::Monthly => new.period.clone(),
        CycleKind::Extraordinary => free_code(state, &new.period),
        CycleKind::QuarterlyRegional => {
            return Err(Refusal::invalid(
                "kind",
                "Regional meetings are not planned here: DPPA and the UNSDG set their rhythm, and their cycles are \
                 imported.",
            ));
        }
    };
    if state.cycles.contains_key(&code) {
        return Err(Refusal::invalid(
            "period",
            format!("The monthly review of {} is planned already.", new.period),
        ));
    }
    if new.inputs_due_at <= now {
        return Err(Refusal::invalid(
            "inputsDueAt",
            "Inputs are due at an instant that is still to come; for a month that is past, say when with `inputsDueAt`.",
        ));
    }
    let monthly = (state.cycles.values()).filter(|cycle| cycle.kind == CycleKind::Monthly);
    let last = monthly.map(|cycle| cycle.period_start).max();
    let is_monthly = new.kind == CycleKind::Monthly;
    if is_monthly && last.is_some_and(|last| new.period_start < last) {
        return Err(Refusal::invalid(
            "period",
            "A later monthly review is planned already, and what is left goes from one to the next; plan an \
             extraordinary one.",
        ));
    }
    if new.period_start > now.date_naive() + MOST_AHEAD {
        return Err(Refusal::invalid(
            "period",
            "A review is planned two years ahead at most.",
        ));
    }
    if new.opens_at.is_some_and(|opens| opens >= new.inputs_due_at) {
        return Err(Refusal::invalid(
            "opensAt",
            "Inputs are opened before they are due.",
        ));
    }
    if new
        .session_at
        .is_some_and(|session| session < new.inputs_due_at)
    {
        return Err(Refusal::invalid(
            "sessionAt",
            "The meeting is after the inputs are due.",
        ));
    }
    let same_kind = state.cycles.values().filter(|cycle| cycle.kind == new.kind);
    let before = same_kind.filter(|cycle| cycle.period_start < new.period_start);
    let previous = before.max_by_key(|cycle| (cycle.period_start, cycle.code.clone()));
    Ok(vec![Change::Cycle(Cycle {
        code,
        kind: new.kind,
        period: new.period.clone(),
        period_start: new.period_start,
        state: CycleState::Planned,
        opens_at: new.opens_at,
        inputs_due_at: new.inputs_due_at,
        session_at: new.session_at,
        frozen_at: None,
        previous: previous.map(|cycle| cycle.code.clone()),
        version: 1,
    })])
}

fn free_code(state: &State, period: &str) -> String {
    let first = format!("{period}-extraordinary");
    let further = (2..).map(|number| format!("{first}-{number}"));
    let mut codes = std::iter::once(first.clone()).chain(further);
    codes
        .find(|code| !state.cycles.contains_key(code))
        .unwrap_or(first)
}

/// Moves a cycle.
pub(super) fn advance(
    state: &State,
    how: &Move<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Change>, Refusal> {
    let cycle = cycle_of(state, how.cycle)?;
    let row = step(
        CYCLES,
        "review cycle",
        (&cycle.state, how.act),
        (actor, None),
    )?;
    reason_of(how.reason, row.needs_reason)?;
    if how.act == CycleAct::BeginFlashSession && cycle.kind != CycleKind::Extraordinary {
        return Err(Refusal::invalid(
            "act",
            "Only an extraordinary review begins its meeting at once; plan one of the kind EXTRAORDINARY.",
        ));
    }
    let mut after = Cycle {
        state: row.to,
        version: cycle.version + 1,
        ..cycle.clone()
    };
    let mut changes = match how.act {
        CycleAct::OpenInputs => carried_over(state, &after, now),
        CycleAct::CloseInputs | CycleAct::BeginFlashSession => {
            after.frozen_at = Some(now);
            frozen(state, cycle, how.profiles)?
        }
        CycleAct::ConcludeSession => concluded(state, cycle, now),
        CycleAct::StepBack if row.to == CycleState::Planned => {
            // It would be opened again at once, its time being past.
            after.opens_at = None;
            Vec::new()
        }
        _ => Vec::new(),
    };
    changes.push(Change::Cycle(after));
    Ok(changes)
}

/// The items that stand on the agenda of a cycle, in order.
pub(super) fn agenda<'a>(state: &'a State, cycle: &'a str) -> Vec<&'a Item> {
    let items = state.items.values().filter(|item| item.cycle == cycle);
    let mut items: Vec<_> = items
        .filter(|item| item.state != ItemState::Withdrawn)
        .collect();
    items.sort_by_key(|item| (item.position.unwrap_or(i32::MAX), item.situation.clone()));
    items
}

/// Closing: proposals that nobody withdrew are on the agenda, and the profile of each item is frozen.
fn frozen(
    state: &State,
    cycle: &Cycle,
    profiles: Option<&Profiles>,
) -> Result<Vec<Change>, Refusal> {
    let profiles = profiles.ok_or(Refusal::Outrun)?;
    let mut changes = Vec::new();
    let mut position = 0;
    for item in agenda(state, &cycle.code) {
        if !profiles.situations.contains(&item.situation) || profiles.revision != state.revision {
            return Err(Refusal::Outrun);
        }
        position += 1;
        changes.push(Change::Frozen(item.key()));
        let after = Item {
            state: match item.state {
                ItemState::Proposed => ItemState::Accepted,
                other => other,
            },
            position: Some(position),
            ..item.clone()
        };
        if after != *item {
            changes.push(Change::Item(Item {
                version: item.version + 1,
                ..after
            }));
        }
    }
    Ok(changes)
}

/// Freezes the profile of one item again, beside what was frozen before.
pub(super) fn freeze_again(
    state: &State,
    key: &ItemKey,
    (reason, profiles): (&str, &Profiles),
    actor: &Actor,
) -> Result<Vec<Change>, Refusal> {
    let item = state
        .items
        .get(key)
        .filter(|item| actor.knows(&item.situation));
    let item = item.ok_or(Refusal::NotFound("review item"))?;
    check_role(actor, &[Role::Secretariat], None)?;
    reason_of(Some(reason), true)?;
    let cycle = cycle_of(state, &item.cycle)?;
    check_cycle(
        cycle,
        &[
            CycleState::InputClosed,
            CycleState::Consolidated,
            CycleState::InSession,
        ],
    )?;
    if !matches!(item.state, ItemState::Accepted | ItemState::Discussed) {
        return Err(wrong_state(
            "review item",
            &item.state,
            &[ItemState::Accepted, ItemState::Discussed],
        ));
    }
    if !profiles.situations.contains(&item.situation) || profiles.revision != state.revision {
        return Err(Refusal::Outrun);
    }
    Ok(vec![Change::Frozen(item.key())])
}

/// The end of a meeting: what it did not decide is deferred; its open actions come on the agenda of a later cycle
/// that is open already.
fn concluded(state: &State, cycle: &Cycle, now: DateTime<Utc>) -> Vec<Change> {
    let mut after = state.clone();
    let mut changes = Vec::new();
    for item in agenda(state, &cycle.code) {
        let is_left = matches!(
            item.state,
            ItemState::Proposed | ItemState::Accepted | ItemState::Discussed
        );
        if is_left {
            let deferred = Change::Item(Item {
                state: ItemState::Deferred,
                version: item.version + 1,
                ..item.clone()
            });
            after.apply(&deferred);
            changes.push(deferred);
        }
    }
    let later = state.cycles.values().filter(|other| {
        let is_later = other.period_start > cycle.period_start;
        is_later && other.kind == CycleKind::Monthly && other.state == CycleState::InputOpen
    });
    if let Some(next) = later.min_by_key(|other| other.period_start) {
        changes.extend(carried_over(&after, next, now));
    }
    changes
}

/// What comes back by itself on the agenda of a cycle that opens: deferred items of the cycle before, and
/// situations with open actions. Those with overdue actions stand first.
fn carried_over(state: &State, into: &Cycle, now: DateTime<Utc>) -> Vec<Change> {
    if into.kind != CycleKind::Monthly {
        return Vec::new();
    }
    let today = now.date_naive();
    let open: Vec<_> = state
        .actions
        .values()
        .filter(|action| action.is_open())
        .filter(|action| started_before(state, &action.first_cycle, into))
        .collect();
    let mut returning: Vec<(bool, Item)> = Vec::new();
    let mut add = |is_overdue: bool, item: Item| {
        let listed = returning
            .iter_mut()
            .find(|(_, one)| one.situation == item.situation);
        match listed {
            Some((overdue, _)) => *overdue |= is_overdue,
            None => returning.push((is_overdue, item)),
        }
    };
    for action in &open {
        let item = Item {
            cycle: into.code.clone(),
            situation: action.situation.clone(),
            state: ItemState::Accepted,
            position: None,
            proposed_by: action.owner.clone(),
            reason: None,
            carried_from: action.stands_in.last().cloned(),
            version: 1,
        };
        add(action.due_on < today, item);
    }
    let previous = into.previous.as_ref();
    let previous = previous.and_then(|code| state.cycles.get(code));
    let returns = |item: &&Item| {
        let of = state.cycles.get(&item.cycle);
        let is_of_previous = previous.is_some_and(|cycle| cycle.code == item.cycle);
        // Extraordinary reviews since then have no next one of their own.
        let is_extraordinary = of.is_some_and(|cycle| {
            cycle.kind == CycleKind::Extraordinary
                && previous.is_none_or(|previous| cycle.period_start >= previous.period_start)
                && cycle.period_start <= into.period_start
        });
        item.state == ItemState::Deferred && (is_of_previous || is_extraordinary)
    };
    for item in state.items.values().filter(returns) {
        let back = Item {
            cycle: into.code.clone(),
            state: ItemState::Accepted,
            position: None,
            carried_from: Some(item.cycle.clone()),
            version: 1,
            ..item.clone()
        };
        add(false, back);
    }
    returning.sort_by_key(|(is_overdue, item)| (!is_overdue, item.situation.clone()));
    let mut changes: Vec<_> = placed(state, into, returning);
    changes.extend(
        open.into_iter()
            .filter(|action| !action.stands_in.contains(&into.code))
            .map(|action| {
                let mut action = action.clone();
                action.stands_in.push(into.code.clone());
                action.version += 1;
                Change::Action(action)
            }),
    );
    changes
}

/// The items that return, placed before those that are on the agenda already.
fn placed(state: &State, into: &Cycle, returning: Vec<(bool, Item)>) -> Vec<Change> {
    let returned: Vec<_> = returning.into_iter().map(|(_, item)| item).collect();
    let others = agenda(state, &into.code);
    let others = others
        .into_iter()
        .filter(|item| returned.iter().all(|one| one.situation != item.situation))
        .cloned();
    let all: Vec<_> = returned.iter().cloned().chain(others).collect();
    let mut changes = Vec::new();
    for (item, position) in all.into_iter().zip(1..) {
        let before = state.items.get(&item.key());
        let after = match before {
            Some(before) => Item {
                state: match before.state {
                    ItemState::Proposed | ItemState::Withdrawn
                        if returned.iter().any(|one| one.situation == item.situation) =>
                    {
                        ItemState::Accepted
                    }
                    other => other,
                },
                position: Some(position),
                carried_from: item.carried_from.or_else(|| before.carried_from.clone()),
                ..before.clone()
            },
            None => Item {
                position: Some(position),
                ..item
            },
        };
        if before.is_some_and(|before| *before == after) {
            continue;
        }
        let version = before.map_or(1, |before| before.version + 1);
        changes.push(Change::Item(Item { version, ..after }));
    }
    changes
}

fn started_before(state: &State, code: &str, into: &Cycle) -> bool {
    let first = state.cycles.get(code);
    code != into.code && first.is_none_or(|first| first.period_start <= into.period_start)
}
