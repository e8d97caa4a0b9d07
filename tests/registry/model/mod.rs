//! A model of the registry: random acts of four entities, on decisions alone and on the stored
//! registry with clients that leave and processes that end in the middle.

mod invariants;
mod stored;
mod world;

use std::time::Instant;

use crate::{length::length, random::Random};
use invariants::{assert_own, assert_sound};
use upfront::registry::state::{Act, Judge, Refused, State, decide};
use world::{Remembering, embedded, random_act};

/// States that a rollback may lead back to.
const REMEMBERED: usize = 30;

#[test]
fn whatever_is_asked_nobody_reads_or_changes_what_is_not_theirs() {
    let acts = length(2_000, 10_000);
    let judge = Remembering::default();
    let mut random = Random(20_261_127);
    let mut state = State {
        embedded: embedded(false),
        supergraph_sdl: judge.compose(&embedded(false)).0,
        ..State::default()
    };
    let mut history: Vec<State> = Vec::new();
    let (mut changed, mut expelled, mut transferred) = (0, 0, 0);
    let started = Instant::now();
    for _ in 0..acts {
        let (by, act) = random_act(&mut random, &history);
        let mut before = state.clone();
        if matches!(act, Act::Start) {
            // The service starts with other embedded sources.
            before.embedded = embedded(random.below(2) == 0);
            before.supergraph_sdl = None;
        }
        let by = match act {
            Act::Start => "UPFRONT",
            _ => by,
        };
        let decision = match decide(&before, by, &act, &judge) {
            Ok(decision) => decision,
            Err(refused) => {
                assert_may_be_refused(&before, by, &act, &refused);
                continue;
            }
        };
        assert_sound(&decision.after, &judge);
        assert_own(&before, by, &decision);
        if let Act::Withdraw { coordinate, source } = &act {
            let mut grants = decision.after.grants.iter();
            let holds = grants.any(|grant| {
                (
                    &grant.consent.coordinate,
                    &grant.source,
                    grant.consent.granted_by.as_str(),
                ) == (coordinate, source, by)
            });
            assert!(!holds, "it was withdrawn");
        }
        changed += usize::from(!decision.is_unchanged());
        expelled += decision.left.len();
        let owners = |state: &State| {
            state
                .sources
                .iter()
                .map(|each| each.entity.clone())
                .collect::<Vec<_>>()
        };
        transferred += usize::from(
            before.sources.len() == decision.after.sources.len()
                && owners(&before) != owners(&decision.after),
        );
        state = decision.after;
        history.push(state.clone());
        if history.len() > REMEMBERED {
            history.remove(0);
        }
    }
    eprintln!(
        "{acts} acts in {:?}: {changed} changed something, {expelled} sources were expelled, \
         {transferred} handed over",
        started.elapsed()
    );
    // The walk has been where it matters.
    assert!(changed > acts / 20 && expelled > acts / 500 && transferred > acts / 500);
}

/// Nothing stands against the end of a consent.
fn assert_may_be_refused(before: &State, by: &str, act: &Act, refused: &Refused) {
    if let Act::Withdraw { coordinate, source } = act {
        let held = before.grants.iter().any(|grant| {
            (
                &grant.consent.coordinate,
                &grant.source,
                grant.consent.granted_by.as_str(),
            ) == (coordinate, source, by)
        });
        assert!(!held, "{refused:?}");
    }
}
