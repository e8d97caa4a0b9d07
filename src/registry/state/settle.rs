//! Which served versions have to leave, until what is left may be served.
//!
//! A version leaves because it reads what it may not, or because it does not compose without one
//! that left. No earlier version takes its place: its publisher may have replaced that one to raise
//! a level, or moved away from its URL.

use federation::diagnostic::{Diagnostics, Severity};
use indexmap::{IndexMap, IndexSet};

use super::{Judge, State};
use crate::registry::{
    judgement::Candidate,
    rules::{Refusal, RefusalCode},
};

/// A source that is no longer served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Its name.
    pub source: String,
    /// Why.
    pub reason: String,
    /// What it reads that it may not; nothing where it merely depended on one that left.
    pub refusals: Vec<Refusal>,
}

/// Takes out of a state what may not stay, and composes the rest. `composed` is what the state
/// composes to as it is, where that is known; `cause` says why something may have to leave; `left`
/// has left already. What composition says where not even the embedded sources compose.
pub fn settle(
    state: &mut State,
    mut left: Vec<Left>,
    cause: &str,
    mut composed: Option<String>,
    judge: &dyn Judge,
) -> Result<Vec<Left>, Diagnostics> {
    loop {
        let readers = find_readers(state, judge);
        if !readers.is_empty() {
            composed = None;
            left.extend(expel(state, readers, cause));
            continue;
        }
        let diagnostics = match composed.take() {
            Some(sdl) => {
                state.supergraph_sdl = Some(sdl);
                return Ok(left);
            }
            None => match judge.compose(&state.members()) {
                (Some(sdl), _) => {
                    composed = Some(sdl);
                    continue;
                }
                (None, diagnostics) => diagnostics,
            },
        };
        let Some(source) = find_in_the_way(state, &diagnostics, judge) else {
            return Err(diagnostics);
        };
        take_out(state, &source);
        left.push(Left {
            source,
            reason: without(&left),
            refusals: Vec::new(),
        });
    }
}

/// Takes readers out of a state.
pub(super) fn expel(
    state: &mut State,
    readers: IndexMap<String, Vec<Refusal>>,
    cause: &str,
) -> Vec<Left> {
    let expel = |(source, refusals): (String, _)| {
        take_out(state, &source);
        Left {
            source,
            reason: cause.to_owned(),
            refusals,
        }
    };
    readers.into_iter().map(expel).collect()
}

/// Sources that read what they may not, or show what they read at a lower level.
pub(super) fn find_readers(state: &State, judge: &dyn Judge) -> IndexMap<String, Vec<Refusal>> {
    let served = state.sources.iter();
    let served: Vec<Candidate> = served
        .filter_map(|source| state.candidate(source))
        .collect();
    let mut found = judge.check_together(&state.embedded, &served);
    found.retain(|_, refusals| {
        refusals.retain(|refusal| {
            matches!(
                refusal.code,
                RefusalCode::RequiresWithoutConsent | RefusalCode::RequiresAboveLevel
            )
        });
        !refusals.is_empty()
    });
    found
}

/// The source to take out next where a state does not compose: of those that composition names, the
/// one without which fewest errors are left; the newest among equals, since others lean on the older
/// ones.
fn find_in_the_way(state: &State, diagnostics: &Diagnostics, judge: &dyn Judge) -> Option<String> {
    let served = state
        .sources
        .iter()
        .filter(|source| source.served.is_some());
    let served: IndexSet<&str> = served.map(|source| source.name.as_str()).collect();
    let errors = diagnostics.iter().filter(|each| is_error(each));
    let labels = errors.flat_map(|each| &each.labels);
    let named: IndexSet<&str> = labels.map(|label| label.subgraph.as_str()).collect();
    let mut candidates: Vec<&str> = served
        .iter()
        .copied()
        .filter(|name| named.contains(name))
        .collect();
    if candidates.is_empty() {
        candidates = served.into_iter().collect();
    }
    if let [only] = candidates.as_slice() {
        return Some((*only).to_owned());
    }
    let members = state.members();
    let errors_without = |name: &str| {
        let rest: Vec<_> = members
            .iter()
            .filter(|member| member.name != name)
            .cloned()
            .collect();
        match judge.compose(&rest) {
            (Some(_), _) => 0,
            // One that cannot be made at all is worse than none.
            (None, diagnostics) => diagnostics
                .iter()
                .filter(|each| is_error(each))
                .count()
                .max(1),
        }
    };
    let newest_first = candidates.into_iter().rev();
    newest_first
        .min_by_key(|name| errors_without(name))
        .map(str::to_owned)
}

fn is_error(diagnostic: &federation::diagnostic::Diagnostic) -> bool {
    diagnostic.code.severity() == Severity::Error
}

pub(super) fn take_out(state: &mut State, name: &str) {
    state.supergraph_sdl = None;
    if let Some(source) = state.find_mut(name) {
        source.served = None;
    }
}

fn without(left: &[Left]) -> String {
    if left.is_empty() {
        return "it does not compose with the embedded sources of this version".to_owned();
    }
    let names: Vec<_> = left
        .iter()
        .map(|each| format!("`{}`", each.source))
        .collect();
    format!("it does not compose without {}", names.join(", "))
}
