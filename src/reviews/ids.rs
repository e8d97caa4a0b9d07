//! The types of the review that have an id in the graph.

use crate::vocabulary::Kind;

pub(super) const SITUATION: Kind = Kind::SITUATION;
pub(super) const AREA: Kind = Kind::new("are", "Area");
pub(super) const PARTY: Kind = Kind::new("par", "Party");
pub(super) const REVIEW_CYCLE: Kind = Kind::new("cyc", "ReviewCycle");
pub(super) const REVIEW_ITEM: Kind = Kind::new("itm", "ReviewItem");
pub(super) const ENTITY_INPUT: Kind = Kind::new("inp", "EntityInput");
pub(super) const DECISION: Kind = Kind::new("dec", "Decision");
pub(super) const ACTION: Kind = Kind::new("act", "Action");
pub(super) const FROZEN_PROFILE: Kind = Kind::new("frz", "FrozenProfile");

/// All of them.
pub(super) const ALL: [Kind; 9] = [
    SITUATION,
    AREA,
    PARTY,
    REVIEW_CYCLE,
    REVIEW_ITEM,
    ENTITY_INPUT,
    DECISION,
    ACTION,
    FROZEN_PROFILE,
];
