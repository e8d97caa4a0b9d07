//! The types of the review that rows stand behind. Their fields refer to each other, so they are
//! defined in one place; the fields of each are in the file of its subject.

use async_graphql::Description;
use entities::{
    action, area, change, decision, entity_input, frozen_profile, organisation, party,
    review_cycle, review_item, situation,
};

/// A round of the review.
#[derive(Clone, Debug, Description)]
pub(crate) struct ReviewCycle(pub(super) review_cycle::Model);

/// What an entity handed in on a situation for a cycle.
#[derive(Clone, Debug, Description)]
pub(crate) struct EntityInput(pub(super) entity_input::Model);

/// A situation on the agenda of a cycle.
#[derive(Clone, Debug, Description)]
pub(crate) struct ReviewItem(pub(super) review_item::Model);

/// A situation of concern. That it is under review is confidential in itself unless isPublic: a situation that is not public does not exist for callers who need not know of it.
#[derive(Clone, Debug, Description)]
pub(crate) struct Situation(pub(super) situation::Model);

/// What a meeting decided on an item.
#[derive(Clone, Debug, Description)]
pub(crate) struct Decision(pub(super) decision::Model);

/// Something to be done. Overdue is computed, not a state: an action in progress can be overdue.
#[derive(Clone, Debug, Description)]
pub(crate) struct Action(pub(super) action::Model);

/// Something that changed in a situation.
#[derive(Clone, Debug, Description)]
pub(crate) struct Change(pub(super) change::Model);

/// The joined profile of a situation as it was when the inputs of a review closed. It never changes; what was sealed since is left out of it, and it says so.
#[derive(Clone, Debug, Description)]
pub(crate) struct FrozenProfile(pub(super) frozen_profile::Model);

/// An area. m49 is a string of three digits; m49 and iso3 are null where none is assigned.
#[derive(Clone, Debug, Description)]
pub(crate) struct Area(pub(super) area::Model);

/// A party keeps its id through a rename; monitoring or listing gives it no legal status. One that is not openly listed exists for callers who need to know of a situation in whose working figures it is named.
#[derive(Clone, Debug, Description)]
pub(crate) struct Party(pub(super) party::Model);

/// A body by its stable code; the name is that of the day: DPA is DPPA since 2019-01-01.
#[derive(Clone, Debug, Description)]
pub(crate) struct Organisation(pub(super) organisation::Model);
