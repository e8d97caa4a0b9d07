//! A change of the registry, decided as a whole.

use std::sync::Arc;

use entities::terms::{SourceEventKind, SupergraphCause};

use super::{Act, Before, Checks, Expelled, Source, State, settle};
use crate::registry::{
    check::{Findings, Member},
    history::History,
    rules::{Refusal, RefusalCode},
};

pub(super) const CLASSIFIED: &str = "a field it reads became classified";

/// What was decided.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// The state after the change.
    pub after: State,
    /// What happened to sources.
    pub events: Vec<Event>,
    /// What was found on the way.
    pub findings: Findings,
    /// Sources that are no longer served because of the change, though their entities did not retire them.
    pub expelled: Vec<Expelled>,
    /// How the supergraph came to change, if it did.
    pub made: Option<Made>,
}

/// Something that happened to a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub kind: SourceEventKind,
    /// Name of the source.
    pub source: String,
    /// Code of the entity that answers for it from then on.
    pub owner: String,
    /// More about it.
    pub detail: Option<String>,
}

/// How a supergraph came to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// What made it.
    pub cause: SupergraphCause,
    /// The source that changed, where it is one.
    pub source: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// Why nothing is changed.
#[derive(Clone, Debug)]
pub enum Refused {
    /// The entity may not ask for it.
    Denied(Denial),
    /// Something stands against it.
    Found(Box<Findings>),
    /// Sources would be expelled because of it, and no reason was given.
    Expelling(Box<Findings>, Vec<Expelled>),
}

/// Why an entity may not ask for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denial {
    /// It may not.
    Forbidden(String),
    /// There is no such thing.
    NotFound(String),
    /// It is invalid.
    BadInput(String),
}

impl From<Denial> for Refused {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

/// Decides on an act of an entity.
pub fn decide(
    before: &State,
    by: &str,
    act: &Act,
    checks: &dyn Checks,
) -> Result<Decision, Refused> {
    let deciding = Deciding { before, by, checks };
    let mut decision = deciding.decide(act)?;
    deciding.record(act, &mut decision);
    Ok(decision)
}

pub(super) struct Deciding<'a> {
    pub(super) before: &'a State,
    pub(super) by: &'a str,
    pub(super) checks: &'a dyn Checks,
}

/// The state after a change, before it is known who may not stay.
#[derive(Default)]
pub(super) struct Unsettled<'a> {
    pub(super) after: State,
    /// What it composes to as it is, where that is known.
    pub(super) composed: Option<String>,
    /// Which sources are expelled already.
    pub(super) expelled: Vec<Expelled>,
    /// Why sources may have to be expelled.
    pub(super) cause: &'a str,
    /// What was found on the way.
    pub(super) findings: Findings,
}

impl Deciding<'_> {
    fn decide(&self, act: &Act) -> Result<Decision, Refused> {
        match act {
            Act::Publish { source, version } => self.publish(source, version),
            Act::Retire {
                source,
                allow_breaking,
            } => self.retire(source, allow_breaking.as_deref()),
            Act::Offer { source, to } => self.offer(source, to),
            Act::CancelOffer { source } => self.cancel_offer(source),
            Act::Accept { source } => self.accept(source),
            Act::Grant {
                coordinate,
                source,
                to,
                reason,
            } => self.grant(coordinate, source, to.as_deref(), reason),
            Act::Withdraw {
                coordinate,
                source,
                reason,
            } => self.withdraw(coordinate, source, reason.as_deref()),
            Act::Rollback {
                number,
                versions,
                reason,
            } => self.roll_back(*number, versions, reason.as_deref()),
            Act::Start => self.start(),
        }
    }

    /// Writes into the state after a change since when each source has what it declares, and which
    /// supergraph is the newest.
    fn record(&self, act: &Act, decision: &mut Decision) {
        if decision.made.is_some() {
            decision.after.number += 1;
        }
        let number = decision.after.number;
        let members = decision.after.members();
        let mut changed = Vec::new();
        let gives_up = matches!(act, Act::Retire { .. } | Act::Rollback { .. });
        for source in &mut decision.after.sources {
            let before = self.before.find(&source.name);
            let was = before.and_then(|before| before.served.as_ref());
            let is_expelled = decision
                .expelled
                .iter()
                .any(|expelled| expelled.source == source.name);
            match &source.served {
                Some(now) if was != Some(now) || source.history.is_none() => changed.push(source),
                // Its entity retired it, went back to where there was none, or retired what it needs.
                None if was.is_some() && (!is_expelled || gives_up && source.entity == self.by) => {
                    source.history = None;
                }
                _ => {}
            }
        }
        if changed.is_empty() {
            return;
        }
        let names: Vec<&str> = changed.iter().map(|source| source.name.as_str()).collect();
        let mut declared = self.checks.elements_of(&names, &members);
        for source in changed {
            let declared = declared.swap_remove(&source.name).unwrap_or_default();
            // What was served before histories were kept is older than all that came since, and the
            // older the earlier its source registered.
            let since = match (act, &source.history) {
                (Act::Start, None) => self.place_before_all(&source.name),
                _ => number,
            };
            let known = self.histories_of(&source.entity, &source.name);
            let history = History::next(&known, declared, (since, number));
            source.history = Some(Arc::new(history));
        }
    }

    /// An element that an entity moves from one of its sources to another keeps its time: these are
    /// the histories of its served sources, and of the one that is published.
    fn histories_of(&self, entity: &str, name: &str) -> Vec<&History> {
        let siblings = self.before.sources.iter().filter(|other| {
            other.entity == entity && (other.served.is_some() || other.name == name)
        });
        siblings
            .filter_map(|other| other.history.as_deref())
            .collect()
    }

    /// What the acting entity has had already, as far as a source of it may bring it.
    pub(super) fn known_history(&self, name: &str) -> Option<Arc<History>> {
        let known = self.histories_of(self.by, name);
        (!known.is_empty()).then(|| Arc::new(History::united(&known)))
    }

    /// A number below that of any supergraph, in the order in which the sources registered.
    fn place_before_all(&self, name: &str) -> i32 {
        let sources = &self.before.sources;
        let place = sources.iter().position(|source| source.name == name);
        let behind = sources.len() - place.unwrap_or_default();
        i32::try_from(behind).map_or(i32::MIN, |behind| -behind)
    }

    /// The state with all taken out that may not stay, each with an event.
    pub(super) fn settled(&self, unsettled: Unsettled<'_>) -> Result<Decision, Refused> {
        let Unsettled {
            mut after,
            composed,
            expelled,
            cause,
            findings,
        } = unsettled;
        let served = after.members();
        let is_gone = |member: &Member| served.iter().all(|each| each.name != member.name);
        let mut gone = self.before.members();
        gone.retain(is_gone);
        let settling = Before {
            cause: cause.to_owned(),
            composed,
            expelled,
            gone,
            was: (self.before.members(), self.before.supergraph_sdl.clone()),
        };
        match settle(&mut after, settling, self.checks) {
            Ok(expelled) => {
                let events = expelled.iter().map(|expelled| Event {
                    kind: SourceEventKind::Expelled,
                    source: expelled.source.clone(),
                    owner: after
                        .find(&expelled.source)
                        .map_or_else(String::new, |source| source.entity.clone()),
                    detail: Some(expelled.reason.clone()),
                });
                Ok(Decision {
                    events: events.collect(),
                    expelled,
                    after,
                    findings,
                    made: None,
                })
            }
            Err(diagnostics) => {
                let mut findings = findings;
                findings.diagnostics.extend(diagnostics);
                let message = "Not even the embedded sources compose.".to_owned();
                findings.refusals.push(does_not_compose(message));
                Err(Refused::Found(Box::new(findings)))
            }
        }
    }

    pub(super) fn unchanged(&self) -> Decision {
        Decision {
            after: self.before.clone(),
            ..Decision::default()
        }
    }

    pub(super) fn event(
        &self,
        kind: SourceEventKind,
        source: &str,
        detail: Option<String>,
    ) -> Event {
        Event {
            kind,
            source: source.to_owned(),
            owner: self.by.to_owned(),
            detail,
        }
    }

    pub(super) fn find_own(&self, name: &str) -> Result<&Source, Denial> {
        let source = self.before.find(name).ok_or_else(|| unknown(name))?;
        if source.entity == self.by {
            Ok(source)
        } else {
            Err(not_own(source))
        }
    }
}

impl Decision {
    /// Whether nothing changes, since what was asked for is already so.
    pub fn is_unchanged(&self) -> bool {
        self.events.is_empty() && self.made.is_none()
    }

    /// The supergraph that it makes, if it makes one.
    pub fn supergraph_made(&self) -> Option<&str> {
        self.made.as_ref()?;
        self.after.supergraph_sdl.as_deref()
    }

    pub(super) fn has_expelled(&self, name: &str) -> bool {
        self.expelled.iter().any(|expelled| expelled.source == name)
    }

    pub(super) fn put_first(&mut self, event: Event) {
        self.events.insert(0, event);
    }
}

pub(super) fn does_not_compose(message: String) -> Refusal {
    Refusal::new(
        RefusalCode::DoesNotCompose,
        message,
        "Publish a version that does.",
    )
}

pub(super) fn shown(text: &str) -> String {
    let text: String = text.chars().take(128).collect();
    text.escape_debug().to_string()
}

pub(super) fn unknown(name: &str) -> Denial {
    Denial::NotFound(format!("There is no registered source `{}`.", shown(name)))
}

pub(super) fn not_own(source: &Source) -> Denial {
    let Source { name, entity, .. } = source;
    Denial::Forbidden(format!(
        "`{name}` is a source of {entity}: only {entity} may change it."
    ))
}
