//! Who acts on the review.

use std::collections::BTreeSet;

use crate::auth::{CLEARING, CONTRIBUTING, Person, SECRETARIAT};

/// What somebody is to the review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Role {
    /// A focal point of an entity.
    FocalPoint,
    /// A clearing officer of an entity.
    ClearingOfficer,
    /// The secretariat of the review.
    Secretariat,
    /// The service itself, when a deadline passes.
    Clock,
}

impl Role {
    /// Those that tokens give.
    pub(crate) const OF_TOKENS: [Self; 3] =
        [Self::FocalPoint, Self::ClearingOfficer, Self::Secretariat];

    /// The scope that gives it; none gives that of the service.
    pub(crate) const fn scope(self) -> Option<&'static str> {
        match self {
            Self::FocalPoint => Some(CONTRIBUTING),
            Self::ClearingOfficer => Some(CLEARING),
            Self::Secretariat => Some(SECRETARIAT),
            Self::Clock => None,
        }
    }
}

/// Who acts.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    /// The person; nobody where a deadline passes.
    pub(crate) person: Option<Person>,
    /// What the person is.
    pub(crate) roles: BTreeSet<Role>,
    /// Natural keys of the situations that exist for the actor as confidential ones, by clearance and grant.
    pub(crate) situations: BTreeSet<String>,
}

impl Actor {
    /// The service, when a deadline passes.
    pub(crate) fn clock() -> Self {
        Self {
            person: None,
            roles: BTreeSet::from([Role::Clock]),
            situations: BTreeSet::new(),
        }
    }

    /// Code of the entity that the actor is of.
    pub(crate) fn entity(&self) -> Option<&str> {
        self.person.as_ref().map(|person| person.entity.as_str())
    }

    /// Whether the actor is of an entity.
    pub(crate) fn is_of(&self, entity: &str) -> bool {
        self.entity() == Some(entity)
    }

    /// Whether a situation exists for the actor.
    pub(crate) fn knows(&self, situation: &str) -> bool {
        self.situations.contains(situation)
    }
}
