//! The types of OSAPG that have an id in the graph.

use crate::vocabulary::Kind;

pub(super) const BLOCK: Kind = Kind::new("bos", "OsapgBlock");
pub(super) const ASSESSMENT: Kind = Kind::new("ras", "RiskAssessment");
