//! Why an act changes nothing.

use super::role::Role;

/// Why an act changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The actor lacks the role.
    #[error(
        "This takes the scope {}{}.",
        scopes(.roles),
        of_entity(.entity.as_deref())
    )]
    Forbidden {
        /// Any of these would do.
        roles: Vec<Role>,
        /// Code of the entity whose officers alone may do it.
        entity: Option<String>,
    },
    /// There is none, or none for the actor.
    #[error("There is no such {0}, or none that exists for you.")]
    NotFound(&'static str),
    /// The record is in a state that the act does not lead from.
    #[error("The {what} is {state}; this can be done where it is {}.", .allowed.join(" or "))]
    WrongState {
        /// What kind of record.
        what: &'static str,
        /// Its state.
        state: String,
        /// The states that the act leads from.
        allowed: Vec<String>,
    },
    /// Somebody else was faster.
    #[error(
        "It was changed meanwhile: you saw version {seen}, and it is at version {is} by now. Read it again, and \
         repeat what you want."
    )]
    Conflict {
        /// The version that the actor saw.
        seen: i32,
        /// The version that there is.
        is: i32,
    },
    /// Nobody clears his own draft.
    #[error(
        "You drafted this input, or somebody drafted it for you; another clearing officer of the entity clears it."
    )]
    SamePerson,
    /// A token for an entity as a whole names nobody.
    #[error(
        "The token is for the entity as a whole; this takes a token that names an officer (of the local key: `upfront \
         token --subject NAME`)."
    )]
    NoPerson,
    /// A nil return of who has no mechanism.
    #[error(
        "A nil return says that a mechanism found nothing; where the entity has none, `coverage` is OUTSIDE_MANDATE and \
         nothing is handed in."
    )]
    OutsideMandate,
    /// What was given is wrong.
    #[error("{message}")]
    Invalid {
        /// The field of the input.
        field: &'static str,
        /// What is wrong and how to mend it.
        message: String,
    },
    /// The review changed while profiles were read.
    #[error("The review changed while its profiles were read; try again.")]
    Outrun,
}

impl Refusal {
    /// A wrong value of a field.
    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid {
            field,
            message: message.into(),
        }
    }
}

fn scopes(roles: &[Role]) -> String {
    let scopes: Vec<_> = roles.iter().filter_map(|role| role.scope()).collect();
    format!("`{}`", scopes.join("` or `"))
}

fn of_entity(entity: Option<&str>) -> String {
    entity.map_or_else(String::new, |entity| format!(", in a token of {entity}"))
}
