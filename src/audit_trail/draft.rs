//! An entry before it has its place in a chain, and what an entry can be found by.

use std::collections::BTreeSet;

use entities::{audit_entry, audit_reached};
use serde::{Deserialize, Serialize};

use super::{entry::AuditEntry, kind::Kind};

/// An entry before it has its place in a chain.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) kind: Kind,
    /// The entry as JSON.
    pub(super) entry: String,
    pub(super) found_by: FoundBy,
}

/// What an entry can be found by. Columns and rows beside the entry repeat it; what is in the entry
/// counts, since that is hashed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FoundBy {
    pub(super) subject: Option<String>,
    pub(super) entity: Option<String>,
    #[serde(rename = "highestLevel")]
    pub(super) level: Option<String>,
    owners: BTreeSet<String>,
    records: BTreeSet<String>,
}

/// What stands in `audit_reached.what` for a record.
pub(super) const RECORD: &str = "RECORD";
/// The same for an entity whose fields were read.
pub(super) const OWNER: &str = "OWNER";

impl FoundBy {
    /// Reads it from an entry of any kind.
    pub(super) fn read(entry: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(entry)
    }

    /// The rows beside an entry that says this.
    pub(super) fn reached<'a>(
        &'a self,
        entry: &'a audit_entry::Model,
    ) -> impl Iterator<Item = audit_reached::Model> + 'a {
        let owners = self.owners.iter().map(|id| (OWNER, id));
        let all = owners.chain(self.records.iter().map(|id| (RECORD, id)));
        all.map(move |(what, id)| audit_reached::Model {
            what: what.to_owned(),
            id: id.clone(),
            at: entry.at,
            sequence: entry.sequence,
            chain: entry.chain.clone(),
        })
    }
}

impl Draft {
    /// How many rows it is stored as.
    pub(super) fn rows(&self) -> usize {
        1 + self.found_by.owners.len() + self.found_by.records.len()
    }

    /// An entry of the trail about itself.
    pub(super) fn new(kind: Kind, entry: &impl Serialize) -> Result<Self, serde_json::Error> {
        Ok(Self {
            kind,
            entry: serde_json::to_string(entry)?,
            found_by: FoundBy::default(),
        })
    }

    /// The entries of an operation, one after the other.
    pub(super) fn of(entry: AuditEntry) -> Result<Vec<Self>, serde_json::Error> {
        let drafts = entry.into_parts().into_iter().map(|part| {
            let entry = serde_json::to_string(&part)?;
            Ok(Self {
                kind: Kind::Operation,
                found_by: FoundBy::read(&entry)?,
                entry,
            })
        });
        drafts.collect()
    }
}
