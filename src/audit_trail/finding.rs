//! What is wrong with a trail, and where.

use std::fmt;

use super::chain::Head;

/// What is wrong with a trail, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The chain.
    pub chain: String,
    /// The place in it.
    pub sequence: i64,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Entries from here to another place are not there.
    Missing {
        /// The last of them.
        to: i64,
    },
    /// Its place is none that a chain has.
    Misplaced,
    /// It is not what was hashed.
    Changed,
    /// It does not continue the entry before it.
    Unlinked,
    /// It is of an earlier time than the entry before it.
    Earlier,
    /// Its text cannot be read.
    Unreadable,
    /// A column beside it says otherwise.
    Column(&'static str),
    /// The rows that it is found by are not those of the entry.
    Reached,
    /// A part of the trail's tables, by kind, table and name, is not as it was made.
    Altered(String),
    /// SQLite finds the file damaged, and says why.
    Damaged(String),
    /// A column holds a value of another type, so that the row cannot be read.
    OtherType,
    /// The chain's writer found another end than it had left.
    Broken,
    /// Another chain, or who verifies, knows it with another hash.
    Rewritten {
        /// Who knows it.
        known_by: Witness,
    },
    /// Another chain, or who verifies, knows it, and it is not there.
    CutOff {
        /// Who knows it.
        known_by: Witness,
    },
}

/// Who knows where a chain ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Witness {
    /// An anchor in another chain.
    Anchor {
        /// The other chain.
        chain: String,
        /// The anchor's place in it.
        sequence: i64,
    },
    /// The head that was given.
    Kept,
}

impl Finding {
    pub(super) fn new(chain: &str, sequence: i64, fault: Fault) -> Self {
        Self {
            chain: chain.to_owned(),
            sequence,
            fault,
        }
    }

    /// Of an entry that somebody knows.
    pub(super) fn about(known: &Head, fault: Fault) -> Self {
        Self::new(&known.chain, known.sequence, fault)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            chain,
            sequence,
            fault,
        } = self;
        match fault {
            Fault::Altered(_) | Fault::Damaged(_) => fault.fmt(formatter),
            _ => write!(formatter, "{chain}:{sequence}: {fault}"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { to } => write!(formatter, "the entries from here to {to} are missing"),
            Self::Misplaced => formatter.write_str("a chain has no such place; the first is 1"),
            Self::Changed => formatter.write_str("the entry was changed: its hash is another"),
            Self::Unlinked => formatter
                .write_str("the entry does not continue the one before: that has another hash"),
            Self::Earlier => formatter.write_str("its time is before that of the entry before it"),
            Self::Unreadable => formatter.write_str("the text of the entry cannot be read"),
            Self::Column(name) => {
                write!(formatter, "the column `{name}` is not what the entry says")
            }
            Self::Reached => formatter.write_str(
                "the rows in `audit_reached` are not the records and owners that the entry names",
            ),
            Self::Altered(name) => write!(
                formatter,
                "{name}: it is not as `upfront migrate` made it; somebody changed the trail's tables"
            ),
            Self::Damaged(said) => write!(formatter, "SQLite finds the file damaged: {said}"),
            Self::OtherType => formatter.write_str(
                "a column holds a value of another type; no chain was followed because of it",
            ),
            Self::Broken => formatter.write_str(
                "before this entry the writer found another end of the chain than it had left",
            ),
            Self::Rewritten { known_by } => {
                write!(
                    formatter,
                    "the entry was replaced: {known_by} has another hash of it"
                )
            }
            Self::CutOff { known_by } => {
                write!(
                    formatter,
                    "the entry is missing, though {known_by} has its hash"
                )
            }
        }
    }
}

impl fmt::Display for Witness {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anchor { chain, sequence } => {
                write!(formatter, "the anchor {chain}:{sequence}")
            }
            Self::Kept => formatter.write_str("the head that was kept"),
        }
    }
}
