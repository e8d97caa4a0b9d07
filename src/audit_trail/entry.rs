//! What one operation is recorded as.
//!
//! INVARIANT: an entry has no text of a record, no variable and no document. What clients write is
//! bounded and has no control characters.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

/// Characters of a text that a client or a token brings.
const MOST_CHARACTERS: usize = 100;
/// Coordinates of an entry; `field_count` counts all.
const MOST_FIELDS: usize = 200;
/// Records of one entry; an operation that reaches more has several entries.
const MOST_RECORDS: usize = 1_000;
/// Bytes of a record's id as it stands.
const MOST_ID_BYTES: usize = 200;

/// What one operation is recorded as: who asked, for what, and what was reached. Its JSON has the fields
/// in this order and leaves out what is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuditEntry {
    /// Who asked, as the token says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Who made the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// For whom the subject asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// Code of the entity that asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// What the client says it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// What the client calls itself.
    pub client: Client,
    /// Where the request came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The id of the request.
    pub request_id: String,
    /// The id of the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The session that the token belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The operation's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation_name: Option<String>,
    /// SHA-256 of the document, in hexadecimal.
    pub operation_hash: String,
    /// Whether it was a query.
    pub operation_kind: OperationKind,
    /// Names of the sources that were asked.
    pub sources: BTreeSet<String>,
    /// The highest level of what was read.
    pub highest_level: Level,
    /// Coordinates of the classified fields that were read; only some where they are many.
    pub fields: BTreeSet<String>,
    /// How many they were. Counted when it is stored.
    pub field_count: u64,
    /// Codes of the entities whose classified fields were read.
    pub owners: BTreeSet<String>,
    /// How many values were suppressed.
    pub suppressed: u64,
    /// How many fields were withheld.
    pub withheld: u64,
    /// Ids of the records that were reached; in this entry, where an operation has several.
    pub records: BTreeSet<String>,
    /// How many the operation reached. Counted when it is stored.
    pub record_count: u64,
    /// Which of the operation's entries it is, from one. Counted when it is stored.
    pub part: u64,
    /// How many entries the operation has. Counted when it is stored.
    pub parts: u64,
    /// How it ended.
    pub outcome: Outcome,
}

/// What a client calls itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Client {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// Whether an operation reads or writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OperationKind {
    /// It reads.
    #[default]
    Query,
    /// It writes.
    Mutation,
}

/// Level of sensitivity after ST/SGB/2007/6.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Level {
    /// Unclassified.
    #[default]
    Unclassified,
    /// Confidential.
    Confidential,
    /// Strictly confidential.
    StrictlyConfidential,
}

impl Level {
    const ALL: [Self; 3] = [
        Self::Unclassified,
        Self::Confidential,
        Self::StrictlyConfidential,
    ];

    /// Its name in the trail.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unclassified => "UNCLASSIFIED",
            Self::Confidential => "CONFIDENTIAL",
            Self::StrictlyConfidential => "STRICTLY_CONFIDENTIAL",
        }
    }

    /// It and those above it.
    pub(super) fn and_above(self) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |level| *level >= self)
    }
}

/// How an operation ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// All that was asked for was answered.
    #[default]
    Answered,
    /// Some of it was.
    Partial,
    /// Nothing was, by an error.
    Failed,
    /// Nothing was, by decision.
    Refused,
    /// A mutation is about to run; another entry says how it ended.
    Begun,
}

impl AuditEntry {
    /// The entries that are stored: cleaned, counted, and as many as the records that were reached take.
    pub(super) fn into_parts(mut self) -> Vec<Self> {
        self.clean();
        self.field_count = count(&self.fields);
        self.fields = self.fields.into_iter().take(MOST_FIELDS).collect();
        self.record_count = count(&self.records);
        let records: Vec<String> = std::mem::take(&mut self.records).into_iter().collect();
        let mut lists: Vec<BTreeSet<String>> = records
            .chunks(MOST_RECORDS)
            .map(|some| some.iter().cloned().collect())
            .collect();
        if lists.is_empty() {
            lists.push(BTreeSet::new());
        }
        self.parts = lists.len() as u64;
        let parts = lists.into_iter().zip(1..).map(|(records, part)| Self {
            records,
            part,
            ..self.clone()
        });
        parts.collect()
    }

    fn clean(&mut self) {
        let optional = [
            &mut self.subject,
            &mut self.issuer,
            &mut self.on_behalf_of,
            &mut self.entity,
            &mut self.purpose,
            &mut self.client.name,
            &mut self.client.version,
            &mut self.address,
            &mut self.token,
            &mut self.session,
            &mut self.operation_name,
        ];
        for text in optional.into_iter().flatten() {
            *text = clean(text);
        }
        self.request_id = clean(&self.request_id);
        self.operation_hash = clean(&self.operation_hash);
        self.sources = self.sources.iter().map(|name| clean(name)).collect();
        self.owners = self.owners.iter().map(|code| clean(code)).collect();
        self.records = self.records.iter().map(|id| record_id(id)).collect();
    }
}

/// A text without control characters, cut where it is long.
pub(super) fn clean(text: &str) -> String {
    let shown = text.chars().filter(|letter| !letter.is_control());
    shown.take(MOST_CHARACTERS).collect()
}

/// The id of a record as the trail has it: sources outside make ids as they like, and of one that is long
/// or has control characters the hash is kept, so that it can still be found by the id.
pub(super) fn record_id(id: &str) -> String {
    if id.len() <= MOST_ID_BYTES && !id.chars().any(char::is_control) {
        return id.to_owned();
    }
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, id.as_bytes());
    format!("sha256:{}", HEXLOWER.encode(hash.as_ref()))
}

fn count(set: &BTreeSet<String>) -> u64 {
    set.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clients_write_is_bounded() {
        let entry = AuditEntry {
            purpose: Some("a\nb\u{1b}[31m".to_owned() + &"x".repeat(1_000)),
            records: BTreeSet::from(["i".repeat(500), "a\u{0}b".to_owned(), "sit_1".to_owned()]),
            ..AuditEntry::default()
        };
        let parts = entry.into_parts();
        assert_eq!(parts.len(), 1);
        let purpose = parts[0].purpose.as_deref().unwrap();
        assert!(purpose.starts_with("ab[31mxx") && purpose.len() == MOST_CHARACTERS);
        let hashed = parts[0]
            .records
            .iter()
            .filter(|id| id.starts_with("sha256:"));
        assert_eq!((hashed.count(), parts[0].records.len()), (2, 3));
        assert!(parts[0].records.contains(&record_id(&"i".repeat(500))));
    }

    #[test]
    fn no_record_is_lost_where_they_are_many() {
        let ids: BTreeSet<String> = (0..2_500).map(|number| format!("sit_{number}")).collect();
        let entry = AuditEntry {
            records: ids.clone(),
            fields: (0..300).map(|number| format!("T.f{number}")).collect(),
            ..AuditEntry::default()
        };
        let parts = entry.into_parts();
        let places: Vec<_> = parts.iter().map(|part| (part.part, part.parts)).collect();
        assert_eq!(places, [(1, 3), (2, 3), (3, 3)]);
        let all: BTreeSet<String> = parts.iter().flat_map(|part| part.records.clone()).collect();
        assert_eq!(all, ids);
        assert!(parts.iter().all(|part| part.record_count == 2_500));
        assert!(
            parts
                .iter()
                .all(|part| part.field_count == 300 && part.fields.len() == 200)
        );
    }

    #[test]
    fn the_same_entry_has_the_same_text() {
        let text = serde_json::to_string(&AuditEntry::default()).unwrap();
        assert_eq!(
            text,
            r#"{"client":{},"requestId":"","operationHash":"","operationKind":"query","sources":[],"highestLevel":"UNCLASSIFIED","fields":[],"fieldCount":0,"owners":[],"suppressed":0,"withheld":0,"records":[],"recordCount":0,"part":0,"parts":0,"outcome":"ANSWERED"}"#
        );
    }
}
