//! The types of SRSG-CAAC that have an id in the graph.

use crate::vocabulary::Kind;

pub(super) const BLOCK: Kind = Kind::new("bca", "CaacBlock");
pub(super) const LISTING: Kind = Kind::new("lca", "CaacListing");
