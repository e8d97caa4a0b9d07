//! The registry as a value: which sources there are, whose they are, which version of each is
//! served, and who may read what.
//!
//! A change is decided on the whole of it: [`decide()`] takes the state before and an [`Act`], and
//! gives the state after with what happened, or says why not. It asks no source and reads no row, so
//! the same state and the same act always give the same decision.

mod act;
mod checks;
mod clash;
mod decide;
mod dependents;
mod owners;
mod room;
mod settle;
mod size;
mod trial;
mod versions;

use std::sync::Arc;

use entities::terms::{Classification, SourceKind};

pub use act::Act;
pub use checks::{Checks, Rules};
pub use decide::{Decision, Denial, Event, Made, Refused, decide};
pub use settle::{Before, Expelled, settle};
pub use versions::check_name;

use super::{
    check::{Candidate, Composed, Member},
    history::History,
    rules::Consent,
};

/// Everything a change of the registry is decided on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The sources that run in the service itself.
    pub embedded: Vec<Member>,
    /// Every source that ever registered, oldest first.
    pub sources: Vec<Source>,
    /// Consents in force, oldest first.
    pub grants: Vec<Grant>,
    /// What the embedded sources and the served versions compose to.
    pub supergraph_sdl: Option<String>,
    /// Number of the newest supergraph; zero before the first.
    pub number: i32,
}

/// A registered source as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// Code of the entity that may change it.
    pub entity: String,
    /// Code of the entity that it is offered to.
    pub offered_to: Option<String>,
    /// Number of its newest version.
    pub newest: i32,
    /// The version that is served; none where it is retired.
    pub served: Option<Version>,
    /// Since when it has had what it declares. Kept where it was expelled;
    /// none where it never was served, or was retired.
    pub history: Option<Arc<History>>,
}

/// A version of a source as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// 1 is the first.
    pub number: i32,
    /// What answers there.
    pub kind: SourceKind,
    /// Where it answers.
    pub url: String,
    /// The SDL as it is composed.
    pub sdl: String,
    /// SHA-256 of the SDL as it was given.
    pub given_hash: String,
    /// Prefix of a plain server's names.
    pub prefix: Option<String>,
    /// Level of fields that mark none.
    pub default_level: Option<Classification>,
    /// Why it may add non-null fields to what others own.
    pub allow_non_null: Option<String>,
    /// Why it may break operations.
    pub allow_breaking: Option<String>,
}

/// A consent in force: a source of an entity may read a classified field of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The field, and whose it is.
    pub consent: Consent,
    /// Name of the source that may read it.
    pub source: String,
    /// Code of the entity that answers for the source. Once another does, the consent is void.
    pub granted_to: String,
    /// Why.
    pub reason: String,
}

impl State {
    /// A source by its name.
    pub fn find(&self, name: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.name == name)
    }

    pub(super) fn find_mut(&mut self, name: &str) -> Option<&mut Source> {
        self.sources.iter_mut().find(|source| source.name == name)
    }

    /// The embedded sources, then those that are served, oldest first.
    pub fn members(&self) -> Vec<Member> {
        let registered = self.sources.iter().filter_map(Source::member);
        self.embedded.iter().cloned().chain(registered).collect()
    }

    /// What a version is checked against.
    pub fn composed(&self) -> Composed {
        Composed {
            members: self.members(),
            supergraph_sdl: self.supergraph_sdl.clone(),
        }
    }

    /// What a source may read of others as long as an entity answers for it.
    pub fn consents_of(&self, source: &str, entity: &str) -> Vec<Consent> {
        let grants = self.grants.iter();
        grants
            .filter(|grant| grant.source == source && grant.granted_to == entity)
            .map(|grant| grant.consent.clone())
            .collect()
    }

    /// The version that a source serves, as it is checked today.
    pub fn candidate(&self, source: &Source) -> Option<Candidate> {
        let version = source.served.as_ref()?;
        Some(self.candidate_of(source.member()?, version))
    }

    /// All versions that are served, as they are checked today.
    pub fn candidates(&self) -> Vec<Candidate> {
        let sources = self.sources.iter();
        sources
            .filter_map(|source| self.candidate(source))
            .collect()
    }

    /// A version to be checked, in whose SDL the levels are written out.
    fn candidate_of(&self, member: Member, version: &Version) -> Candidate {
        Candidate {
            default_level: None,
            allow_non_null: version.allow_non_null.clone(),
            allow_breaking: version.allow_breaking.clone(),
            consents: self.consents_of(&member.name, &member.entity),
            member,
        }
    }
}

impl Source {
    fn member(&self) -> Option<Member> {
        let version = self.served.as_ref()?;
        Some(Member {
            history: self.history.clone(),
            ..version.member(&self.name, &self.entity)
        })
    }
}

impl Version {
    /// It as a member of the joint schema, of a source that an entity answers for, without history.
    fn member(&self, name: &str, entity: &str) -> Member {
        Member {
            name: name.to_owned(),
            entity: entity.to_owned(),
            url: self.url.clone(),
            sdl: self.sdl.clone(),
            history: None,
        }
    }
}
