//! What the rest of the service knows of a mandate: one description, which the mandate writes in its
//! own folder and `sources/mod.rs` lists.

use std::{fmt, sync::Arc};

use sea_orm::sea_query::SelectStatement;

use super::{source::Source, subgraph::Identity, suppressed::SuppressedFigures};
use crate::{
    records::RecordType,
    vocabulary::{Kind, Viewer},
};

/// A mandate whose subgraph runs in this process.
pub(crate) struct Mandate {
    /// Name of its subgraph: `srsg_svc`. In capitals it is the code of its entity.
    pub(crate) name: &'static str,
    /// Code of its entity: `SRSG_SVC`.
    pub(crate) entity: &'static str,
    /// Makes its subgraph.
    pub(crate) source: fn(Identity) -> Arc<dyn Source>,
    /// The type of its block, of which each situation has one.
    pub(crate) block: Kind,
    /// The types of its records that have an id in the graph.
    pub(crate) nodes: &'static [NodeType],
    /// The parties that its records name, by their surrogate keys: these parties exist for those for
    /// whom the records do.
    pub(crate) parties: &'static [RowRule],
    /// Its figures of which small counts are suppressed.
    pub(crate) suppressed: &'static [SuppressedFigures],
    /// The types of its records as files bring them, each after what it refers to.
    pub(crate) records: &'static [&'static RecordType],
}

/// Selects one column of the rows that exist for a viewer.
pub(crate) type RowRule = fn(&Viewer) -> SelectStatement;

/// A type of record that has an id in the graph.
#[derive(Debug)]
pub(crate) struct NodeType {
    /// What its ids begin with, and its name in the graph.
    pub(crate) kind: Kind,
    /// The level of its `id`.
    pub(crate) level: IdLevel,
    /// The ids of its records, by the rule that the mandate describes them by.
    pub(crate) rows: RowRule,
}

/// The level of the `id` of a type of record. It cannot be a scope: that would close `node`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdLevel {
    /// Some records exist for everyone.
    Unclassified,
    /// All records exist for cleared callers alone.
    Confidential,
}

impl NodeType {
    /// Records of which some exist for everyone.
    pub(crate) const fn open(kind: Kind, rows: RowRule) -> Self {
        Self {
            kind,
            level: IdLevel::Unclassified,
            rows,
        }
    }

    /// Records that exist for cleared callers alone.
    pub(crate) const fn confidential(kind: Kind, rows: RowRule) -> Self {
        Self {
            kind,
            level: IdLevel::Confidential,
            rows,
        }
    }
}

impl Mandate {
    /// Whether its records or its blocks are of a kind.
    pub(crate) fn describes(&self, kind: Kind) -> bool {
        self.block == kind || self.nodes.iter().any(|node| node.kind == kind)
    }
}

impl fmt::Debug for Mandate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}
