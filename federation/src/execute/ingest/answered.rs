//! The result of reading an answer: what it holds, or why it is not taken.

use bytes::Bytes;

use crate::{
    budget::{Exceeded, Resource},
    execute::{errors::reported::Reported, ingest::ingested::Ingested},
    json::Invalid,
};

/// What an answer holds.
#[derive(Debug, Default)]
pub(crate) struct Answered {
    /// What was read of `data`; `None` if it is null or not there.
    pub(crate) data: Option<Ingested>,
    /// The errors.
    pub(crate) errors: Reported,
    /// The text that holds the leaves.
    pub(crate) text: Bytes,
    /// Where each entity of each list stands in the text, or the root object, where that was asked
    /// for.
    pub(crate) spans: Vec<Vec<(usize, usize)>>,
}

/// Why an answer is not taken.
#[derive(Debug)]
pub(crate) enum Unread {
    /// It is no GraphQL response; the text says why.
    Invalid(String),
    /// It holds more than may be held.
    Exceeded(Exceeded),
}

impl Unread {
    /// The words for it, after "the answer of subgraph X".
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Invalid(why) => why.clone(),
            Self::Exceeded(Exceeded::Limit(Resource::Bytes)) => {
                "is longer than what the gateway may still hold for this request; ask for less at once"
                    .into()
            }
            Self::Exceeded(Exceeded::Limit(_)) => "holds more values than the gateway may still \
                                                     hold for this request; ask for shorter lists"
                .into(),
            Self::Exceeded(Exceeded::Interrupted) => "was not read to its end".into(),
        }
    }
}

impl From<Invalid> for Unread {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(format!(
            "is not the JSON of a GraphQL response: {} was expected at byte {}",
            invalid.expected, invalid.at
        ))
    }
}

impl From<Exceeded> for Unread {
    fn from(exceeded: Exceeded) -> Self {
        Self::Exceeded(exceeded)
    }
}
