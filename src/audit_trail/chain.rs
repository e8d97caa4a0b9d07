//! A chain: entries that each have the hash of the one before.

use std::{fmt, str::FromStr};

use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;
use entities::audit_entry::Model;
use serde::{Deserialize, Serialize};

use super::draft::Draft;

/// What the first entry of a chain has as the hash of the one before.
pub(super) const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// Keeps these hashes apart from all others; the number goes up if what is hashed ever changes.
const DOMAIN: &[u8] = b"upfront audit trail 1\n";

/// The last entry of a chain, or one that was the last. As text: `CHAIN:SEQUENCE:HASH`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The chain.
    pub chain: String,
    /// The entry's place in it; zero where it has none.
    pub sequence: i64,
    /// The entry's hash.
    pub hash: String,
}

impl Head {
    pub(super) fn of(row: &Model) -> Self {
        Self {
            chain: row.chain.clone(),
            sequence: row.sequence,
            hash: row.hash.clone(),
        }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.chain, self.sequence, self.hash)
    }
}

impl FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || {
            format!(
                "`{text}` is no head; write CHAIN:SEQUENCE:HASH, as `upfront audit heads` prints it"
            )
        };
        let mut parts = text.rsplitn(3, ':');
        let (Some(hash), Some(sequence), Some(chain)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(refuse());
        };
        let is_hash =
            hash.len() == NOTHING.len() && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        match sequence.parse() {
            Ok(sequence) if is_hash => Ok(Self {
                chain: chain.to_owned(),
                sequence,
                hash: hash.to_ascii_lowercase(),
            }),
            _ => Err(refuse()),
        }
    }
}

/// Where a chain ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tip {
    pub(super) sequence: i64,
    pub(super) at: i64,
    pub(super) hash: String,
}

impl Tip {
    /// That of a chain without entries.
    pub(super) fn empty() -> Self {
        Self {
            sequence: 0,
            at: i64::MIN,
            hash: NOTHING.to_owned(),
        }
    }

    pub(super) fn of(row: &Model) -> Self {
        Self {
            sequence: row.sequence,
            at: row.at,
            hash: row.hash.clone(),
        }
    }
}

/// The rows that continue a chain. Its time never goes back, whatever the clock does.
pub(super) fn continue_with<'a>(
    chain: &str,
    tip: &Tip,
    now: i64,
    drafts: impl IntoIterator<Item = &'a Draft>,
) -> Vec<Model> {
    let mut previous = tip.clone();
    let mut rows = Vec::new();
    for draft in drafts {
        let mut row = Model {
            chain: chain.to_owned(),
            sequence: previous.sequence + 1,
            at: now.max(previous.at),
            kind: draft.kind.name().to_owned(),
            subject: draft.found_by.subject.clone(),
            entity: draft.found_by.entity.clone(),
            level: draft.found_by.level.clone(),
            entry: draft.entry.clone(),
            previous: previous.hash,
            hash: String::new(),
        };
        row.hash = hash(&row);
        previous = Tip::of(&row);
        rows.push(row);
    }
    rows
}

/// The hash that an entry should have: over each part after its length, so that none can pass into the
/// next. What is only copied from the entry is in it already.
pub(super) fn hash(row: &Model) -> String {
    let (sequence, at) = (row.sequence.to_string(), row.at.to_string());
    let parts = [
        row.chain.as_str(),
        &sequence,
        &at,
        &row.kind,
        &row.entry,
        &row.previous,
    ];
    let mut context = Context::new(&SHA256);
    context.update(DOMAIN);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    HEXLOWER.encode(context.finish().as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Model {
        Model {
            chain: "replica".to_owned(),
            sequence: 1,
            at: 1_764_000_000_000_000,
            kind: "START".to_owned(),
            subject: None,
            entity: None,
            level: None,
            entry: "{}".to_owned(),
            previous: NOTHING.to_owned(),
            hash: String::new(),
        }
    }

    /// Hashes that were kept elsewhere must hold for ever.
    #[test]
    fn what_is_hashed_stays_as_it_is() {
        assert_eq!(
            hash(&row()),
            "f5ead3496d019994d40e0298b5a7e8f11418b4ffc52933113559e2ad27881a57"
        );
    }

    #[test]
    fn every_part_counts() {
        let first = hash(&row());
        let changed = [
            Model {
                chain: "replica-2".to_owned(),
                ..row()
            },
            Model {
                sequence: 2,
                ..row()
            },
            Model { at: 1, ..row() },
            Model {
                kind: "ANCHOR".to_owned(),
                ..row()
            },
            Model {
                entry: "{ }".to_owned(),
                ..row()
            },
            Model {
                previous: first.clone(),
                ..row()
            },
        ];
        assert!(changed.iter().all(|row| hash(row) != first));
    }

    #[test]
    fn a_head_is_read_as_it_is_written() {
        let head = Head {
            chain: "geneva-1".to_owned(),
            sequence: 42,
            hash: hash(&row()),
        };
        assert_eq!(head.to_string().parse(), Ok(head));
        for wrong in ["", "geneva", "geneva:1:ff", "geneva:x:"] {
            assert!(wrong.parse::<Head>().is_err(), "{wrong}");
        }
    }
}
