//! Fourth pass: fewer fetches and fewer requests, in no more rounds. In and out: a graph of fetches.
//! Invariant: what the graph brings stays, and no fetch comes later than its graph needs.

mod identify;
mod inline;
mod merge;
mod sorted;
mod split;
pub(crate) mod waits;
mod without_inputs;

use super::fetch_graph::dag::Dag;
use crate::{budget::Budget, index::Index};

/// Merges fetches, splits lists of entities by type, and adds fetches for objects without some
/// inputs.
pub(crate) fn optimise(dag: &mut Dag, index: &Index, budget: &Budget) {
    merge::merge(dag, budget);
    split::split_by_type(index, dag, budget);
    without_inputs::ask_without_inputs(index, dag, budget);
}
