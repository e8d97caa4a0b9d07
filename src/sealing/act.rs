//! What an act on a seal comes to: a pure function of the seal as it stands, the act, who does it and when.

use chrono::{DateTime, TimeDelta, Utc};

use crate::auth::Person;

/// How long a request to destroy a key waits for the second person.
pub(super) const CONFIRMED_WITHIN: TimeDelta = TimeDelta::days(7);

/// How far a seal is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// In force.
    Sealed,
    /// One person asked to destroy the key.
    DestructionAsked { by: Person, at: DateTime<Utc> },
    /// The key is destroyed.
    Destroyed,
    /// Not in force any more.
    Lifted,
}

/// An act on a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Has the record exist again.
    Lift,
    /// Asks to destroy the key, or confirms that it is to be.
    Destroy,
}

/// What an act changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// The seal is lifted.
    Lift,
    /// It is noted that the key is to be destroyed.
    AskForDestruction,
    /// The key is destroyed.
    Destroy,
}

/// Why an act changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// Nothing brings it back.
    #[error("The key of this record is destroyed; nothing can be done about its seal any more.")]
    Destroyed,
    /// There is nothing to act on.
    #[error("This seal was lifted; seal the record anew.")]
    Lifted,
    /// A token for an entity as a whole names nobody.
    #[error(
        "The token is for the entity as a whole; two officers destroy a key, each with a token that names them \
         (of the local key: `upfront token --subject NAME`)."
    )]
    NoPerson,
    /// The second person has to be another.
    #[error(
        "The same person asked for this before, or one whom the tokens of both name; another clearing officer confirms \
         it, within 7 days of the first."
    )]
    SamePerson,
}

/// Decides.
pub(super) fn decide(
    state: &State,
    act: Act,
    person: &Person,
    now: DateTime<Utc>,
) -> Result<Change, Refusal> {
    match (state, act) {
        (State::Destroyed, _) => Err(Refusal::Destroyed),
        (State::Lifted, _) => Err(Refusal::Lifted),
        (_, Act::Lift) => Ok(Change::Lift),
        (_, Act::Destroy) if !person.is_one() => Err(Refusal::NoPerson),
        (State::DestructionAsked { by, at }, Act::Destroy) if now < *at + CONFIRMED_WITHIN => {
            if by.can_be(person) {
                Err(Refusal::SamePerson)
            } else {
                Ok(Change::Destroy)
            }
        }
        (_, Act::Destroy) => Ok(Change::AskForDestruction),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(subject: &str) -> Person {
        Person {
            entity: "OHCHR".into(),
            issuer: "https://issuer.example".into(),
            subject: subject.into(),
            on_behalf_of: None,
        }
    }

    #[test]
    fn two_persons_destroy_a_key() {
        let (first, second) = (person("first"), person("second"));
        let at = DateTime::UNIX_EPOCH;
        let destroy = |state: &State, by: &Person, now| decide(state, Act::Destroy, by, now);
        let asked = State::DestructionAsked {
            by: first.clone(),
            at,
        };
        assert_eq!(
            destroy(&State::Sealed, &first, at),
            Ok(Change::AskForDestruction)
        );
        assert_eq!(destroy(&asked, &first, at), Err(Refusal::SamePerson));
        assert_eq!(destroy(&asked, &second, at), Ok(Change::Destroy));
        let office = Person {
            subject: "OHCHR".into(),
            ..first.clone()
        };
        for state in [&State::Sealed, &asked] {
            assert_eq!(destroy(state, &office, at), Err(Refusal::NoPerson));
        }
        let other_entity = Person {
            entity: "OSAPG".into(),
            ..first.clone()
        };
        assert_eq!(destroy(&asked, &other_entity, at), Err(Refusal::SamePerson));
        // One of them through a client, or for the other.
        let through = |subject: &str, on_behalf_of: &str| Person {
            subject: subject.into(),
            on_behalf_of: Some(on_behalf_of.into()),
            ..first.clone()
        };
        for same in [through("a-client", "first"), through("first", "second")] {
            assert_eq!(destroy(&asked, &same, at), Err(Refusal::SamePerson));
        }
        let other = through("a-client", "second");
        assert_eq!(destroy(&asked, &other, at), Ok(Change::Destroy));
        let late = at + CONFIRMED_WITHIN;
        assert_eq!(
            destroy(&asked, &second, late),
            Ok(Change::AskForDestruction)
        );
        assert_eq!(destroy(&asked, &first, late), Ok(Change::AskForDestruction));
    }

    #[test]
    fn a_seal_is_lifted_until_its_key_is_destroyed() {
        let (by, at) = (person("first"), DateTime::UNIX_EPOCH);
        let asked = State::DestructionAsked { by: by.clone(), at };
        for state in [State::Sealed, asked] {
            assert_eq!(decide(&state, Act::Lift, &by, at), Ok(Change::Lift));
        }
        for act in [Act::Lift, Act::Destroy] {
            let destroyed = decide(&State::Destroyed, act, &by, at);
            assert_eq!(destroyed, Err(Refusal::Destroyed));
            assert_eq!(decide(&State::Lifted, act, &by, at), Err(Refusal::Lifted));
        }
    }
}
