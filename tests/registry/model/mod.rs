//! A model of the registry: random acts of four entities, on decisions alone and on the stored
//! registry with clients that leave and processes that end in the middle.

mod invariants;
mod stored;
mod world;

use std::time::Instant;

use crate::support::{length::length, random::Random};
use invariants::{assert_own, assert_sound};
use upfront::registry::state::{Act, Checks, Refused, State, decide};
use world::{Remembering, embedded, random_act};

/// States that a rollback may lead back to.
const REMEMBERED: usize = 30;

#[test]
fn whatever_is_asked_nobody_reads_or_changes_what_is_not_theirs() {
    let acts = length(2_000, 10_000);
    let checks = Remembering::default();
    let mut random = Random::seeded(20_261_127);
    let mut state = State {
        embedded: embedded(false),
        supergraph_sdl: checks.compose(&embedded(false)).0,
        ..State::default()
    };
    let mut history: Vec<State> = Vec::new();
    let (mut changed, mut expelled, mut put_out, mut transferred) = (0, 0, 0, 0);
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
        let decision = match decide(&before, by, &act, &checks) {
            Ok(decision) => decision,
            Err(refused) => {
                assert_may_be_refused(&before, by, &act, &refused);
                continue;
            }
        };
        assert_sound(&decision.after, &checks);
        assert_own(&before, (by, &act), &decision);
        put_out += match act {
            Act::Publish { .. } | Act::Retire { .. } => decision.expelled.len(),
            _ => 0,
        };
        if let Act::Withdraw {
            coordinate, source, ..
        } = &act
        {
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
        expelled += decision.expelled.len();
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
         {put_out} by owners who changed or retired their own, {transferred} handed over",
        started.elapsed()
    );
    // The walk has been where it matters.
    assert!(changed > acts / 20 && expelled > acts / 500 && transferred > acts / 500);
    assert!(put_out > acts / 500);
}

/// Nothing stands against the end of a consent, nor against retiring what is one's own.
fn assert_may_be_refused(before: &State, by: &str, act: &Act, refused: &Refused) {
    if let Act::Retire { .. } = act {
        assert!(matches!(refused, Refused::Denied(_)), "{refused:?}");
    }
    if let Act::Withdraw {
        coordinate, source, ..
    } = act
    {
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
