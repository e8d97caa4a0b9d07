//! Holds a plan against what it was made from, without the planner's own reasoning.
//!
//! Every document is valid in its subgraph and asks only for what the subgraph resolves; every
//! value sent is brought before; every field asked for is brought; nothing forbidden is read.

mod answers;
mod documents;
mod graph;

use apollo_compiler::collections::{IndexMap, IndexSet};
use indexmap::map::Entry;

use crate::{
    budget::Budget,
    index::{Index, LabelSet, TypeSet},
    query_plan::{FetchId, IngestId, Plan, ShapeId, SlotId},
    reachable::ReachableOperation,
};

/// What is wrong with a plan, each in a sentence.
pub(super) type Problems = Vec<String>;

/// What fetches write: by slot and fetch, for which runtime types.
#[derive(Debug, Default)]
pub(super) struct Written {
    slots: IndexMap<(ShapeId, SlotId), IndexMap<FetchId, Extent>>,
    /// The same by the program that writes it.
    by_ingest: IndexMap<(IngestId, SlotId), Extent>,
    /// Shapes that fetches deliver objects of, with the runtime types each tells of.
    arrivals: IndexSet<(ShapeId, Option<TypeSet>)>,
}

/// For which runtime types a slot is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    All,
    Types(TypeSet),
}

impl Written {
    fn add(
        &mut self,
        fetch: FetchId,
        (shape, ingest): (ShapeId, IngestId),
        slot: SlotId,
        of: &Extent,
    ) {
        let fetches = self.slots.entry((shape, slot)).or_default();
        widen(fetches.entry(fetch), of);
        widen(self.by_ingest.entry((ingest, slot)), of);
    }
}

fn widen<K>(entry: Entry<'_, K, Extent>, more: &Extent) {
    entry
        .and_modify(|extent| extent.widen(more))
        .or_insert_with(|| more.clone());
}

impl Extent {
    fn widen(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::Types(types), Self::Types(more)) => types.extend(more),
            _ => *self = Self::All,
        }
    }

    fn covers(&self, types: Option<&TypeSet>) -> bool {
        match (self, types) {
            (Self::All, _) => true,
            (Self::Types(own), Some(types)) => types.is_subset(own),
            (Self::Types(_), None) => false,
        }
    }
}

/// Checks a plan of an operation, made with some override labels on.
pub(super) fn verify(
    index: &Index,
    operation: &ReachableOperation,
    (labels, budget): (&LabelSet, &Budget),
    plan: &Plan,
) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let mut written = Written::default();
    for at in 0..plan.fetches.len() {
        let mut check = documents::Documents {
            index,
            operation,
            labels,
            budget,
            plan,
            written: &mut written,
            problems: &mut problems,
            entries: IndexMap::default(),
        };
        check.fetch(FetchId(u32::try_from(at).unwrap_or(u32::MAX)));
    }
    graph::check(plan, budget, &written, &mut problems);
    answers::check((index, budget), operation, &written, plan, &mut problems);
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

#[cfg(test)]
mod tests;
