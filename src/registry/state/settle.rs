//! Which served versions have to be expelled, until the rest may be served.
//!
//! A version is expelled because it reads what it may not, because more could see a field of it than before,
//! or because it does not compose without one that was. No earlier version takes its place: its publisher may have replaced that one to raise
//! a level, or moved away from its URL.

use federation::diagnostic::Diagnostics;
use indexmap::{IndexMap, IndexSet};

use super::{Checks, Source, State, trial::Trial};
use crate::registry::{
    check::{Loosened, Member},
    rules::{Refusal, RefusalCode},
};

/// Sources named in one sentence.
pub(super) const MOST_NAMED: usize = 20;

const LOOSENED: &str = "a field of it would lose the level that another source gave it";

/// A source that is no longer served, though its entity did not retire it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expelled {
    /// Its name.
    pub source: String,
    /// Why.
    pub reason: String,
    /// What it reads that it may not, or which levels its fields lost; nothing where it merely depended on
    /// one that is expelled.
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
    /// The members, and what they composed to.
    pub was: (Vec<Member>, Option<String>),
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
        was,
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
                let open = find_loosened(state, &was, &sdl, checks);
                if open.is_empty() {
                    state.supergraph_sdl = Some(sdl);
                    return Ok(expelled);
                }
                gone.extend(open.keys().filter_map(|name| state.find(name)?.member()));
                expelled.extend(expel(state, open, LOOSENED));
                continue;
            }
            None => match checks.compose(&state.members()) {
                (Some(sdl), _) => {
                    composed = Some(sdl);
                    continue;
                }
                (None, diagnostics) => diagnostics,
            },
        };
        let members = state.members();
        let registered = members.iter().skip(state.embedded.len());
        let registered: IndexSet<String> = registered.map(|each| each.name.clone()).collect();
        let trial = Trial {
            members: &members,
            expellable: &registered,
            gone: &gone,
            checks,
        };
        let in_the_way = trial.find_in_the_way(&diagnostics)?;
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

/// Sources with fields that more could see than before, since a source that restricted them is gone, or no
/// longer declares what it marked.
fn find_loosened(
    state: &State,
    (members, composed): &(Vec<Member>, Option<String>),
    sdl: &str,
    checks: &dyn Checks,
) -> IndexMap<String, Vec<Refusal>> {
    let Some(composed) = composed else {
        return IndexMap::new();
    };
    let mut found = checks.loosened((members, composed), (&state.members(), sdl));
    found.retain(|name, _| state.find(name).is_some());
    let refusal = |each: Loosened| {
        let Loosened { message, lost, .. } = each;
        Refusal::new(
            RefusalCode::LevelMissing,
            format!("{message} What restricted it was `{lost}` of another source."),
            "Publish a version that marks it.",
        )
        .at(&lost)
    };
    let found = found.into_iter().map(|(name, fields)| {
        let refusals = fields.into_iter().map(refusal).collect();
        (name, refusals)
    });
    found.collect()
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
                    // Its reads could not be computed.
                    | RefusalCode::SdlTooLarge
            )
        });
        !refusals.is_empty()
    });
    found
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
