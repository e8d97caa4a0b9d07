//! The types of OHCHR that have an id in the graph.

use crate::vocabulary::Kind;

pub(super) const BLOCK: Kind = Kind::new("boh", "OhchrBlock");
pub(super) const PRESENCE: Kind = Kind::new("pre", "FieldPresence");
pub(super) const COMMUNICATION: Kind = Kind::new("com", "Communication");
pub(super) const RECOMMENDATION: Kind = Kind::new("rec", "MechanismRecommendation");
pub(super) const SIGNAL: Kind = Kind::new("sig", "EarlyWarningSignal");
