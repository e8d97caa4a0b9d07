//! Reads the review's records. Situations that are hidden from the viewer are never read.

mod cycles;
mod directory;
mod follow_up;
mod frozen;
mod items;
mod log;
mod need_to_know;
mod records;
mod situations;

pub(crate) use cycles::{
    CYCLES, CycleFilter, current_cycle, cycles, inputs, latest_cycle, page_of_cycles,
};
pub(crate) use directory::{
    areas, areas_of, former_names, organisation_names, organisations, parties,
};
pub(crate) use follow_up::{action_items, actions, changes_since, decisions, open_actions};
pub(crate) use frozen::{all_frozen_parts, frozen_parts, frozen_profiles, narratives};
pub(crate) use items::{
    CycleItemArguments, ItemFilter, SITUATION_ITEMS, SituationItemArguments, items, items_of_cycle,
    items_of_situation,
};
pub(crate) use log::events_after;
pub(crate) use need_to_know::held_grants;
pub(crate) use records::existing;
pub(crate) use situations::{
    SituationFilter, order, page_of_situations, situation_states, situations,
};
