//! The agenda: proposals, their order, what the meeting does with them.

use entities::terms::ItemState;

use super::{
    act::{ItemAct, Version},
    check::{check_cycle, check_role, check_version, cycle_of, reason_of, step, wrong_state},
    cycle::agenda,
    record::{Change, Item, ItemKey, State},
    refusal::Refusal,
    role::{Actor, Role},
    transitions::{ITEMS, ORDERED_DURING, PROPOSED_BY, PROPOSED_DURING},
};

/// Proposes a situation.
pub(super) fn propose(
    state: &State,
    key: &ItemKey,
    reason: &str,
    actor: &Actor,
) -> Result<Vec<Change>, Refusal> {
    let (cycle, situation) = key;
    if !actor.knows(situation) {
        return Err(Refusal::NotFound("situation"));
    }
    check_role(actor, PROPOSED_BY, None)?;
    let entity = actor.entity().ok_or(Refusal::NoPerson)?;
    let cycle = cycle_of(state, cycle)?;
    check_cycle(cycle, PROPOSED_DURING)?;
    let reason = reason_of(Some(reason), true)?;
    let before = state.items.get(key);
    if let Some(item) = before.filter(|item| item.state != ItemState::Withdrawn) {
        return Err(wrong_state(
            "review item",
            &item.state,
            &[ItemState::Withdrawn],
        ));
    }
    Ok(vec![Change::Item(Item {
        cycle: cycle.code.clone(),
        situation: situation.clone(),
        state: ItemState::Proposed,
        position: None,
        proposed_by: entity.to_owned(),
        reason,
        carried_from: before.and_then(|item| item.carried_from.clone()),
        version: before.map_or(1, |item| item.version + 1),
    })])
}

/// The item with a key, where it exists for the actor.
pub(super) fn item_of<'a>(
    state: &'a State,
    key: &ItemKey,
    actor: &Actor,
) -> Result<&'a Item, Refusal> {
    let item = state
        .items
        .get(key)
        .filter(|item| actor.knows(&item.situation));
    item.ok_or(Refusal::NotFound("review item"))
}

/// Moves an item.
pub(super) fn advance(
    state: &State,
    key: &ItemKey,
    (act, reason, version): (ItemAct, Option<&str>, Version),
    actor: &Actor,
) -> Result<Vec<Change>, Refusal> {
    let item = item_of(state, key, actor)?;
    // Only the proposer takes a proposal back.
    let entity = (act == ItemAct::Withdraw).then_some(item.proposed_by.as_str());
    let row = step(ITEMS, "review item", (&item.state, act), (actor, entity))?;
    check_version(version, item.version)?;
    check_cycle(cycle_of(state, &item.cycle)?, row.during)?;
    let reason = reason_of(reason, row.needs_reason)?;
    Ok(vec![Change::Item(Item {
        state: row.to,
        reason: reason.or_else(|| item.reason.clone()),
        version: item.version + 1,
        ..item.clone()
    })])
}

/// Puts the items of a cycle in an order: those that are named first, then the others as they stood.
pub(super) fn order(
    state: &State,
    cycle: &str,
    situations: &[String],
    actor: &Actor,
) -> Result<Vec<Change>, Refusal> {
    check_role(actor, &[Role::Secretariat], None)?;
    let cycle = cycle_of(state, cycle)?;
    check_cycle(cycle, ORDERED_DURING)?;
    let mut ordered: Vec<&Item> = Vec::new();
    for situation in situations {
        let key = (cycle.code.clone(), situation.clone());
        let item = item_of(state, &key, actor)?;
        if ordered.contains(&item) {
            return Err(Refusal::invalid("items", "An item is named twice."));
        }
        ordered.push(item);
    }
    let others = agenda(state, &cycle.code).into_iter();
    let others: Vec<_> = others.filter(|item| !ordered.contains(item)).collect();
    let all = ordered.into_iter().chain(others).zip(1..);
    let moved = all.filter(|(item, position)| item.position != Some(*position));
    Ok(moved
        .map(|(item, position)| {
            Change::Item(Item {
                position: Some(position),
                version: item.version + 1,
                ..item.clone()
            })
        })
        .collect())
}
