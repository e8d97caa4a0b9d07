//! Which served versions have to be expelled, until the rest may be served.
//!
//! A version is expelled because it reads what it may not, or because it does not compose without one
//! that was. No earlier version takes its place: its publisher may have replaced that one to raise
//! a level, or moved away from its URL.

use federation::diagnostic::{Diagnostic, Diagnostics, Label, Severity};
use indexmap::{IndexMap, IndexSet};

use super::{Checks, Source, State};
use crate::registry::{
    check::Member,
    rules::{Refusal, RefusalCode},
};

/// Sources named in one sentence.
pub(super) const MOST_NAMED: usize = 20;

/// A source that is no longer served, though its entity did not retire it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expelled {
    /// Its name.
    pub source: String,
    /// Why.
    pub reason: String,
    /// What it reads that it may not; nothing where it merely depended on one that is expelled.
    pub refusals: Vec<Refusal>,
}

/// What has happened before a state is settled.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// Why sources may have to be expelled.
    pub cause: String,
    /// What the state composes to as it is, where that is known.
    pub composed: Option<String>,
    /// Which sources are expelled already.
    pub expelled: Vec<Expelled>,
    /// Versions that are no longer served, as they were.
    pub gone: Vec<Member>,
}

/// Takes out of a state what may not stay, and composes the rest. What composition says where not
/// even the embedded sources compose.
pub fn settle(
    state: &mut State,
    before: Before,
    checks: &dyn Checks,
) -> Result<Vec<Expelled>, Diagnostics> {
    let Before {
        cause,
        mut composed,
        mut expelled,
        mut gone,
    } = before;
    loop {
        let readers = find_readers(state, checks);
        if !readers.is_empty() {
            composed = None;
            let names = readers.keys();
            let members = names.filter_map(|name| state.find(name)?.member());
            gone.extend(members);
            expelled.extend(expel(state, readers, &cause));
            continue;
        }
        let diagnostics = match composed.take() {
            Some(sdl) => {
                state.supergraph_sdl = Some(sdl);
                return Ok(expelled);
            }
            None => match checks.compose(&state.members()) {
                (Some(sdl), _) => {
                    composed = Some(sdl);
                    continue;
                }
                (None, diagnostics) => diagnostics,
            },
        };
        let served = state.sources.iter();
        let served = served.filter(|source| source.served.is_some());
        let all: IndexSet<String> = served.map(|source| source.name.clone()).collect();
        let in_the_way = find_in_the_way(state, &diagnostics, &all, &gone, checks);
        if in_the_way.is_empty() {
            return Err(diagnostics);
        }
        let reason = without(&gone);
        for source in in_the_way {
            gone.extend(state.find(&source).and_then(Source::member));
            take_out(state, &source);
            expelled.push(Expelled {
                source,
                reason: reason.clone(),
                refusals: Vec::new(),
            });
        }
    }
}

/// Takes readers out of a state.
pub(super) fn expel(
    state: &mut State,
    readers: IndexMap<String, Vec<Refusal>>,
    cause: &str,
) -> Vec<Expelled> {
    let expel = |(source, refusals): (String, _)| {
        take_out(state, &source);
        Expelled {
            source,
            reason: cause.to_owned(),
            refusals,
        }
    };
    readers.into_iter().map(expel).collect()
}

/// Sources that read what they may not, or show what they read at a lower level.
pub(super) fn find_readers(state: &State, checks: &dyn Checks) -> IndexMap<String, Vec<Refusal>> {
    let mut found = checks.check_together(&state.embedded, &state.candidates());
    found.retain(|_, refusals| {
        refusals.retain(|refusal| {
            matches!(
                refusal.code,
                RefusalCode::RequiresWithoutConsent
                    | RefusalCode::RequiresAboveLevel
                    // What it reads is not known.
                    | RefusalCode::SdlTooLarge
            )
        });
        !refusals.is_empty()
    });
    found
}

/// The sources to take out next where a state does not compose, of those that may be:
///
/// 1. all that depend on what is gone and have an error of their own, which names no other source;
/// 2. one that depends on what is gone, or is of the same entity, if the errors are fewer without it;
/// 3. all that depend on what is gone and that an error names: they stand in each other's place;
/// 4. one that an error names.
///
/// No source is expelled for what others withdraw from each other. Among several, it is the one without
/// which fewest errors remain; among equals the newest, since others depend on the older ones.
pub(super) fn find_in_the_way(
    state: &State,
    diagnostics: &Diagnostics,
    expellable: &IndexSet<String>,
    gone: &[Member],
    checks: &dyn Checks,
) -> Vec<String> {
    let errors = diagnostics.iter().filter(|each| is_error(each));
    let labels = errors.clone().flat_map(|each| &each.labels);
    let named: IndexSet<&str> = labels.map(|label| label.subgraph.as_str()).collect();
    let members = state.members();
    let dependents = checks.dependents_of(gone, &members);
    let needy: IndexSet<String> = dependents.into_keys().collect();
    let mut dependents = needy.clone();
    let alone: IndexSet<&str> = errors.clone().filter_map(named_alone).collect();
    let certain = expellable
        .iter()
        .filter(|name| alone.contains(name.as_str()) && dependents.contains(*name));
    let certain: Vec<_> = certain.cloned().collect();
    if !certain.is_empty() {
        return certain;
    }
    let now = errors.count();
    let is_of_the_gone = |member: &&Member| gone.iter().any(|gone| gone.entity == member.entity);
    let of_the_gone = members.iter().filter(is_of_the_gone);
    dependents.extend(of_the_gone.map(|member| member.name.clone()));
    let mut candidates: Vec<&String> = expellable
        .iter()
        .filter(|name| named.contains(name.as_str()) || dependents.contains(*name))
        .collect();
    if candidates.is_empty() {
        candidates = expellable.iter().collect();
    }
    if let [only] = candidates.as_slice() {
        return vec![(*only).clone()];
    }
    let errors_without = |name: &str| {
        let rest: Vec<_> = members
            .iter()
            .filter(|member| member.name != name)
            .cloned()
            .collect();
        match checks.compose(&rest) {
            (Some(_), _) => 0,
            // One that cannot be made at all is worse than none.
            (None, diagnostics) => diagnostics
                .iter()
                .filter(|each| is_error(each))
                .count()
                .max(1),
        }
    };
    let without: Vec<(&String, usize)> = (candidates.into_iter().rev())
        .map(|name| (name, errors_without(name)))
        .collect();
    let of_dependents = without
        .iter()
        .filter(|(name, _)| dependents.contains(*name));
    let best = of_dependents.min_by_key(|(_, errors)| *errors);
    if let Some((name, _)) = best.filter(|(_, errors)| *errors < now) {
        return vec![(*name).clone()];
    }
    // Two that answer the same field stand in each other's place: then all go that an error names.
    let together = expellable.iter().filter(|name| needy.contains(*name));
    let together: Vec<_> = together
        .filter(|name| named.contains(name.as_str()))
        .cloned()
        .collect();
    if !together.is_empty() {
        return together;
    }
    let best = without.into_iter().min_by_key(|(_, errors)| *errors);
    best.into_iter().map(|(name, _)| name.clone()).collect()
}

/// The source that an error is about, if it names but one.
fn named_alone(error: &Diagnostic) -> Option<&str> {
    let (first, others) = error.labels.split_first()?;
    let is_same = |other: &Label| other.subgraph == first.subgraph;
    others
        .iter()
        .all(is_same)
        .then_some(first.subgraph.as_str())
}

pub(super) fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.code.severity() == Severity::Error
}

pub(super) fn take_out(state: &mut State, name: &str) {
    state.supergraph_sdl = None;
    if let Some(source) = state.find_mut(name) {
        source.served = None;
    }
}

fn without(gone: &[Member]) -> String {
    if gone.is_empty() {
        return "it does not compose with the embedded sources of this version".to_owned();
    }
    let some = gone.iter().take(MOST_NAMED);
    let names: Vec<_> = some.map(|each| format!("`{}`", each.name)).collect();
    let mut names = names.join(", ");
    if gone.len() > MOST_NAMED {
        names = format!("{names} and {} more", gone.len() - MOST_NAMED);
    }
    format!("it does not compose without {names}")
}
