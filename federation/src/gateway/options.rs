//! The limits of a gateway, and how much it caches.

use crate::{
    cost::CostOptions,
    operation::Limits,
    plan::{self, MAX_WORK},
};

/// The limits of a gateway, and how much it caches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The limits of a document.
    pub limits: Limits,
    /// Whether `__schema` and `__type` are answered.
    pub introspection: bool,
    /// Placements a plan may try; past that the best so far is taken.
    pub max_places: u64,
    /// Steps that planning an operation may take; past that it is refused.
    pub planning_work: u64,
    /// How many bytes of parsed documents are kept.
    pub document_cache_bytes: u64,
    /// How many bytes of plans are kept.
    pub plan_cache_bytes: u64,
    /// What an operation may cost.
    pub cost: CostOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            introspection: true,
            max_places: plan::Options::default().max_places,
            planning_work: MAX_WORK,
            document_cache_bytes: 64 << 20,
            plan_cache_bytes: 128 << 20,
            cost: CostOptions::default(),
        }
    }
}
