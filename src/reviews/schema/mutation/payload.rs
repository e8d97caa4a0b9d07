//! What a change answers: the record, or what stands against it.

use async_graphql::{Enum, Error, ErrorExtensions, Result, SimpleObject};
use sea_orm::DbErr;

use super::super::{
    super::{acts::ActError, state::Refusal},
    objects::{Action, EntityInput, ReviewCycle, ReviewItem},
};
use crate::vocabulary::StoreError;

/// What stands against a change, for a person to mend.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReviewProblemCode {
    /// There is no such record, or none that exists for the caller.
    NotFound,
    /// The record, or its cycle, is in a state that does not allow it.
    WrongState,
    /// Somebody else changed it meanwhile.
    Conflict,
    /// Something that was given is wrong.
    Invalid,
    /// Another person has to do it.
    SamePerson,
    /// The key was used for another request.
    IdempotencyKeyReused,
    /// The profiles could not be read.
    ProfilesNotRead,
}

/// What stands against a change.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(requires_scopes = "clearance:confidential")]
pub(crate) struct ReviewProblem {
    /// Which kind of problem it is.
    code: ReviewProblemCode,
    /// What is wrong, and how to mend it.
    message: String,
    /// Where in the input it is; empty where it is about the whole.
    path: Vec<String>,
}

macro_rules! payload {
    ($(#[$description:meta])* $name:ident, $field:ident, $node:ident) => {
        $(#[$description])*
        #[derive(SimpleObject, Debug)]
        #[graphql(requires_scopes = "clearance:confidential")]
        pub(crate) struct $name {
            /// The record as it is now; null where nothing changed.
            $field: Option<$node>,
            /// What stands against the change; nothing changed where there is any.
            problems: Vec<ReviewProblem>,
        }

        impl Payload for $name {
            type Node = $node;

            fn changed($field: Option<$node>) -> Self {
                Self {
                    $field,
                    problems: Vec::new(),
                }
            }

            fn refused(problem: ReviewProblem) -> Self {
                Self {
                    $field: None,
                    problems: vec![problem],
                }
            }
        }
    };
}

/// What a change answers.
pub(super) trait Payload: Sized {
    /// The record.
    type Node;

    /// The record as it is now.
    fn changed(node: Option<Self::Node>) -> Self;

    /// What stands against it.
    fn refused(problem: ReviewProblem) -> Self;

    /// A problem, or an error where it is none that the caller can mend.
    fn failed(error: ActError) -> Result<Self> {
        problem(error).map(Self::refused)
    }
}

payload! {
    /// What a change of a cycle came to.
    ReviewCyclePayload, cycle, ReviewCycle
}
payload! {
    /// What a change of an agenda item came to.
    ReviewItemPayload, item, ReviewItem
}
payload! {
    /// What a change of an input came to.
    EntityInputPayload, input, EntityInput
}
payload! {
    /// What a change of an action came to.
    ActionPayload, action, Action
}

fn problem(error: ActError) -> Result<ReviewProblem> {
    use ReviewProblemCode::{
        Conflict, IdempotencyKeyReused, Invalid, NotFound, ProfilesNotRead, SamePerson, WrongState,
    };
    let message = error.to_string();
    let at = |code, path: &[&str]| ReviewProblem {
        code,
        message: message.clone(),
        path: path.iter().map(|&part| part.to_owned()).collect(),
    };
    Ok(match error {
        ActError::Database(cause) => return Err(StoreError::from(cause).into()),
        ActError::Unread(cause) => return Err(cause.into()),
        ActError::Interrupted => {
            return Err(StoreError::from(DbErr::Custom(message)).into());
        }
        ActError::KeyReused => at(IdempotencyKeyReused, &["input", "idempotencyKey"]),
        ActError::Profiles(_) => at(ProfilesNotRead, &[]),
        ActError::Refused(refusal) => match refusal {
            Refusal::Forbidden { .. } | Refusal::NoPerson => {
                return Err(Error::new(message)
                    .extend_with(|_, extensions| extensions.set("code", "FORBIDDEN")));
            }
            Refusal::NotFound(_) => at(NotFound, &[]),
            Refusal::WrongState { .. } | Refusal::Outrun => at(WrongState, &[]),
            Refusal::Conflict { .. } => at(Conflict, &["input", "expectedVersion"]),
            Refusal::SamePerson => at(SamePerson, &[]),
            Refusal::OutsideMandate => at(Invalid, &["input", "coverage"]),
            Refusal::Invalid { field, .. } => at(Invalid, &["input", field]),
        },
    })
}
