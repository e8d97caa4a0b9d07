//! Kinds of entries.

/// What an entry records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An operation.
    Operation,
    /// Where the other chains end.
    Anchor,
    /// A process began to write the chain.
    Start,
    /// The chain ended elsewhere than where its writer had left it.
    Break,
    /// Answers were given though their entries could not be written.
    Unrecorded,
}

impl Kind {
    /// Its name in the trail.
    pub fn name(self) -> &'static str {
        match self {
            Self::Operation => "OPERATION",
            Self::Anchor => "ANCHOR",
            Self::Start => "START",
            Self::Break => "BREAK",
            Self::Unrecorded => "UNRECORDED",
        }
    }
}
