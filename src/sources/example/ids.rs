//! The types of the example that have an id in the graph.

use crate::vocabulary::Kind;

pub(super) const BLOCK: Kind = Kind::new("bex", "ExampleBlock");
pub(super) const NOTICE: Kind = Kind::new("exn", "ExampleNotice");
