//! Where a fact comes from and what may be done with it.

use async_graphql::{Enum, SimpleObject};
use entities::terms;

use super::{
    scalars::{DateTime, EntityCode},
    stored_text::StoredText,
};

/// The levels of ST/SGB/2007/6, the lowest first.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[graphql(remote = "terms::Classification")]
pub enum Classification {
    /// Open.
    Unclassified,
    /// Disclosure could damage.
    Confidential,
    /// Disclosure could cause exceptionally grave damage.
    StrictlyConfidential,
}

/// revision 1 is the first figure; a correction adds a revision and never overwrites.
#[derive(SimpleObject, Clone, Debug, PartialEq, Eq)]
#[graphql(shareable, tag = "unclassified")]
pub struct Provenance {
    /// Who states it.
    pub source: EntityCode,
    /// When it was true as stated.
    pub as_of: DateTime,
    /// Which statement of the same fact this is.
    pub revision: i32,
    /// When this revision was made.
    pub revised_at: DateTime,
    /// How it was established.
    pub method: Option<StoredText>,
    /// The public document that holds it.
    pub document_symbol: Option<String>,
    /// The table of that document that prints it; null for what is no published figure.
    pub document_table: Option<String>,
    /// The level of the record.
    pub classification: Classification,
}

/// The provenance of a row of any table that keeps one.
macro_rules! provenance {
    ($row:expr) => {
        $crate::vocabulary::Provenance {
            source: $row.source.clone().into(),
            as_of: $crate::vocabulary::DateTime($row.as_of),
            revision: $row.revision,
            revised_at: $crate::vocabulary::DateTime($row.revised_at),
            method: $row.method.as_deref().map(Into::into),
            document_symbol: $row.document_symbol.clone(),
            document_table: None,
            classification: $row.classification.into(),
        }
    };
}
pub(crate) use provenance;

impl Provenance {
    /// The same, printed in a table of its document.
    #[must_use]
    pub fn printed_in(self, table: &str) -> Self {
        Self {
            document_table: Some(table.to_owned()),
            ..self
        }
    }

    /// The provenance of a figure made up of others: the latest of each statement, the highest
    /// level.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        fn same<T: PartialEq>(left: Option<T>, right: Option<T>) -> Option<T> {
            let both = left.zip(right).filter(|(left, right)| left == right);
            both.map(|(left, _)| left)
        }
        Self {
            source: self.source,
            as_of: self.as_of.max(other.as_of),
            revision: self.revision.max(other.revision),
            revised_at: self.revised_at.max(other.revised_at),
            method: same(self.method, other.method),
            document_symbol: same(self.document_symbol, other.document_symbol),
            document_table: same(self.document_table, other.document_table),
            classification: self.classification.max(other.classification),
        }
    }
}
