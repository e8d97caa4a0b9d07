//! Random acts by random people: whatever they try, in whatever order, the invariants of the review hold.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entities::terms::{
    Coverage, CycleKind, CycleState, DecisionKind, InputKind, InputStatus, ItemState,
};

use super::{
    Act, ActionAct, Actor, Change, Content, CycleAct, InputAct, ItemAct, NewAction, NewCycle,
    Profiles, Role, State, Text, decide,
};
use crate::auth::Person;

const ACTS: usize = 10_000;
const ENTITIES: [&str; 4] = ["OHCHR", "OSAPG", "SRSG_CAAC", "SRSG_SVC"];
const SITUATIONS: [&str; 4] = ["arvenia", "belmora", "corvessa", "dorlund"];

/// A sequence of numbers that is the same each time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }

    fn one_of<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    fn is_one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }
}

fn actor(numbers: &mut Numbers) -> Actor {
    if numbers.is_one_in(20) {
        return Actor::clock();
    }
    let entity = numbers.one_of(&ENTITIES);
    let mut roles = BTreeSet::new();
    for role in Role::OF_TOKENS {
        if numbers.is_one_in(2) {
            roles.insert(role);
        }
    }
    let situations = SITUATIONS.into_iter().filter(|_| !numbers.is_one_in(5));
    let situations: BTreeSet<_> = situations.map(str::to_owned).collect();
    let subject = match numbers.below(4) {
        0 => entity.to_owned(),
        other => format!("{entity}.{other}"),
    };
    Actor {
        person: Some(Person {
            entity: entity.to_owned(),
            issuer: "https://issuer.example".to_owned(),
            subject,
            on_behalf_of: None,
        }),
        roles,
        situations,
    }
}

fn cycle_code(numbers: &mut Numbers, state: &State) -> String {
    let codes: Vec<_> = state.cycles.keys().cloned().collect();
    if codes.is_empty() {
        return "none".to_owned();
    }
    // Mostly those that are under way.
    let latest = codes.len().saturating_sub(3);
    codes[latest + numbers.below(codes.len() - latest)].clone()
}

fn reason(numbers: &mut Numbers) -> Option<String> {
    (!numbers.is_one_in(3)).then(|| "A reason.".to_owned())
}

#[expect(clippy::too_many_lines, reason = "one arm an act")]
fn act(
    numbers: &mut Numbers,
    state: &State,
    actor: &Actor,
    (month, now): (&mut NaiveDate, DateTime<Utc>),
) -> Act {
    let cycle = cycle_code(numbers, state);
    let situation = numbers.one_of(&SITUATIONS).to_owned();
    let item = (cycle.clone(), situation.clone());
    let own = actor.entity().unwrap_or("OHCHR").to_owned();
    let entity = if numbers.is_one_in(6) {
        numbers.one_of(&ENTITIES).to_owned()
    } else {
        own
    };
    let input = (cycle.clone(), situation, entity.clone());
    let version = numbers
        .is_one_in(4)
        .then(|| i32::try_from(numbers.below(5)).unwrap());
    match numbers.below(14) {
        0 => {
            let kind = if numbers.is_one_in(3) {
                CycleKind::Extraordinary
            } else {
                *month = month.checked_add_months(chrono::Months::new(1)).unwrap();
                CycleKind::Monthly
            };
            Act::Plan(NewCycle {
                kind,
                period: month.format("%Y-%m").to_string(),
                period_start: *month,
                opens_at: None,
                inputs_due_at: now + TimeDelta::days(3),
                session_at: None,
            })
        }
        1..=4 => {
            let situations = SITUATIONS.map(str::to_owned).to_vec();
            let revision = state.revision - i64::from(numbers.is_one_in(9));
            Act::MoveCycle {
                cycle,
                act: numbers.one_of(&[
                    CycleAct::OpenInputs,
                    CycleAct::CloseInputs,
                    CycleAct::Consolidate,
                    CycleAct::BeginSession,
                    CycleAct::BeginFlashSession,
                    CycleAct::ConcludeSession,
                    CycleAct::BeginFollowUp,
                    CycleAct::Close,
                    CycleAct::StepBack,
                ]),
                reason: reason(numbers),
                profiles: Some(Profiles {
                    situations,
                    revision,
                }),
            }
        }
        5 => Act::Propose {
            item,
            reason: "It is getting worse.".to_owned(),
        },
        6 | 7 => Act::MoveItem {
            item,
            act: numbers.one_of(&[
                ItemAct::Withdraw,
                ItemAct::Accept,
                ItemAct::Discuss,
                ItemAct::Defer,
                ItemAct::Decline,
            ]),
            reason: reason(numbers),
            version,
        },
        8 => Act::OrderAgenda {
            cycle,
            situations: vec![item.1],
        },
        9 => {
            let kind =
                numbers.one_of(&[InputKind::Report, InputKind::NilReturn, InputKind::NoChange]);
            let mut content = Content::new(numbers.one_of(&[
                Coverage::Covered,
                Coverage::PartlyCovered,
                Coverage::OutsideMandate,
            ]));
            match kind {
                InputKind::Report => content.headline = Some(Text::New("It goes on.".to_owned())),
                InputKind::NilReturn => content.covers = Some((*month, *month)),
                InputKind::NoChange => content.confirms = Some(cycle_code(numbers, state)),
            }
            Act::Draft {
                input,
                kind,
                content: Box::new(content),
                version,
            }
        }
        10 | 11 => Act::MoveInput {
            input,
            act: numbers.one_of(&[
                InputAct::Submit,
                InputAct::Clear,
                InputAct::Return,
                InputAct::Reopen,
                InputAct::Withdraw,
            ]),
            reason: reason(numbers),
            version,
        },
        12 => Act::Decide {
            item,
            kind: DecisionKind::Monitor,
            note: None,
            dissent: Vec::new(),
            actions: vec![NewAction {
                title: "Ask again.".to_owned(),
                owner: numbers.one_of(&ENTITIES).to_owned(),
                due_on: month.checked_add_days(Days::new(40)).unwrap(),
            }],
        },
        _ => {
            let codes: Vec<_> = state.actions.keys().cloned().collect();
            let action = if codes.is_empty() {
                "none".to_owned()
            } else {
                numbers.one_of(&codes)
            };
            Act::MoveAction {
                action,
                act: numbers.one_of(&[ActionAct::Start, ActionAct::Complete, ActionAct::Cancel]),
                outcome: reason(numbers),
                version,
            }
        }
    }
}

/// Nothing moves without a right: the rights are written down here once more, as the roles are described.
fn check_rights(before: &State, act: &Act, actor: &Actor) {
    let has = |role: Role| actor.roles.contains(&role);
    let steers = has(Role::Secretariat);
    match act {
        Act::Plan(_)
        | Act::MoveCycle {
            act: CycleAct::OpenInputs | CycleAct::CloseInputs,
            ..
        } => assert!(steers || has(Role::Clock)),
        Act::MoveCycle { .. } | Act::OrderAgenda { .. } => assert!(steers),
        Act::FreezeAgain { item, .. } | Act::Decide { item, .. } => {
            assert!(steers && actor.knows(&item.1));
        }
        Act::Propose { item, .. } => {
            assert!(has(Role::FocalPoint) || has(Role::ClearingOfficer));
            assert!(actor.knows(&item.1));
        }
        Act::MoveItem { item, act, .. } => {
            assert!(actor.knows(&item.1));
            if *act == ItemAct::Withdraw {
                assert!(actor.is_of(&before.items[item].proposed_by));
            } else {
                assert!(steers);
            }
        }
        Act::Draft { input, .. } => {
            assert!(has(Role::FocalPoint) && actor.is_of(&input.2) && actor.knows(&input.1));
            assert!(actor.person.as_ref().unwrap().is_one());
        }
        Act::MoveInput { input, act, .. } => {
            assert!(actor.is_of(&input.2) && actor.knows(&input.1));
            match act {
                InputAct::Submit => assert!(has(Role::FocalPoint)),
                InputAct::Withdraw => {
                    assert!(has(Role::FocalPoint) || has(Role::ClearingOfficer));
                }
                _ => assert!(has(Role::ClearingOfficer)),
            }
        }
        Act::MoveAction { action, act, .. } => {
            let action = &before.actions[action];
            assert!(actor.knows(&action.situation));
            if *act == ActionAct::Cancel {
                assert!(steers);
            } else {
                assert!(has(Role::FocalPoint) && actor.is_of(&action.owner));
            }
        }
    }
}

/// Each change adds one to the version of its record.
fn check_versions(before: &State, changes: &[Change]) {
    for change in changes {
        let (version, was) = match change {
            Change::Cycle(cycle) => (
                cycle.version,
                before.cycles.get(&cycle.code).map(|one| one.version),
            ),
            Change::Item(item) => (
                item.version,
                before.items.get(&item.key()).map(|one| one.version),
            ),
            Change::Input(input) => (
                input.version,
                before.inputs.get(&input.key()).map(|one| one.version),
            ),
            Change::Action(action) => (
                action.version,
                before.actions.get(&action.code).map(|one| one.version),
            ),
            Change::Decision(_) | Change::Frozen(_) => continue,
        };
        assert_eq!(version, was.unwrap_or_default() + 1, "{change:?}");
    }
}

/// What holds of every state.
fn check_state(state: &State, opened: &BTreeMap<String, BTreeSet<String>>) {
    for input in state.inputs.values() {
        let was_cleared = matches!(
            input.status,
            InputStatus::Cleared | InputStatus::NilReturn | InputStatus::NoChange
        );
        if was_cleared {
            let by = input.cleared_by.as_ref().expect("who cleared it");
            assert!(by.is_one() && by.entity == input.entity);
            assert!(input.drafted_by.iter().all(|drafter| !drafter.can_be(by)));
        }
        if input.status == InputStatus::NilReturn {
            assert_ne!(input.content.coverage, Coverage::OutsideMandate);
            assert!(input.content.covers.is_some() && input.content.headline.is_none());
        }
    }
    for (cycle, actions) in opened {
        // No action is lost between cycles: those that were open when one opened stand on its agenda.
        for code in actions {
            let action = &state.actions[code];
            assert!(action.stands_in.contains(cycle), "{code} in {cycle}");
            let item = &state.items[&(cycle.clone(), action.situation.clone())];
            assert_ne!(item.state, ItemState::Proposed);
        }
    }
    let mut positions = BTreeSet::new();
    for item in state.items.values() {
        let is_listed = item.state != ItemState::Withdrawn;
        if let Some(position) = item.position.filter(|_| is_listed) {
            assert!(
                positions.insert((&item.cycle, position)),
                "two items at {position} of {}",
                item.cycle
            );
        }
        let cycle = &state.cycles[&item.cycle];
        if matches!(cycle.state, CycleState::FollowUp | CycleState::Closed) {
            assert!(
                !matches!(item.state, ItemState::Accepted | ItemState::Proposed),
                "{item:?} after the meeting"
            );
        }
        let is_closed = matches!(
            cycle.state,
            CycleState::InputClosed | CycleState::Consolidated
        );
        if is_closed && item.state != ItemState::Withdrawn {
            assert!(state.frozen[&item.key()] >= 1, "{item:?} has no profile");
        }
    }
}

fn run(seed: u64) -> usize {
    let mut numbers = Numbers(seed);
    let mut state = State::default();
    let mut month: NaiveDate = "2026-01-01".parse().unwrap();
    let mut now: DateTime<Utc> = month.and_hms_opt(0, 0, 0).unwrap().and_utc();
    let mut opened = BTreeMap::new();
    let mut carried_out = 0;
    for _ in 0..ACTS / 20 {
        let actor = actor(&mut numbers);
        let act = act(&mut numbers, &state, &actor, (&mut month, now));
        now += TimeDelta::minutes(7);
        let Ok(changes) = decide(&state, &act, &actor, now) else {
            continue;
        };
        carried_out += 1;
        check_rights(&state, &act, &actor);
        check_versions(&state, &changes);
        let before = state.clone();
        if let Act::MoveCycle {
            cycle,
            act: CycleAct::OpenInputs,
            ..
        } = &act
            && before.cycles[cycle].kind == CycleKind::Monthly
        {
            let start = before.cycles[cycle].period_start;
            let earlier = before.actions.values().filter(|action| {
                let first = before.cycles[&action.first_cycle].period_start;
                action.is_open() && first <= start && action.first_cycle != *cycle
            });
            opened.insert(
                cycle.clone(),
                earlier.map(|action| action.code.clone()).collect(),
            );
        }
        for change in &changes {
            state.apply(change);
        }
        state.revision += 1;
        for (item, count) in &before.frozen {
            assert!(state.frozen[item] >= *count, "a frozen profile is gone");
        }
        for (key, input) in &before.inputs {
            // Nothing is forgotten: revisions only follow each other.
            assert!(state.inputs[key].version >= input.version);
        }
        check_state(&state, &opened);
    }
    carried_out
}

#[test]
fn no_sequence_of_acts_breaks_an_invariant() {
    let carried_out: usize = (1..=400).map(|seed| run(seed * 7_919)).sum();
    // Enough of them lead somewhere.
    assert!(carried_out > 10_000, "{carried_out}");
}
