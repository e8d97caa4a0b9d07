//! The types of SRSG-SVC that have an id in the graph.

use crate::vocabulary::Kind;

pub(super) const BLOCK: Kind = Kind::new("bsv", "SvcBlock");
pub(super) const LISTING: Kind = Kind::new("lsv", "CrsvListing");
