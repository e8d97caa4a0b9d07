//! What the verifier collects: which fetches write which slots, and the problems found.

use apollo_compiler::collections::{IndexMap, IndexSet};
use indexmap::map::Entry;

use crate::{
    index::TypeSet,
    query_plan::{FetchId, IngestId, ShapeId, SlotId},
};

/// What is wrong with a plan, each in a sentence.
pub(super) type Problems = Vec<String>;

/// What fetches write: by slot and fetch, for which runtime types.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) slots: IndexMap<(ShapeId, SlotId), IndexMap<FetchId, Extent>>,
    /// The same by the program that writes it.
    pub(super) by_ingest: IndexMap<(IngestId, SlotId), Extent>,
    /// Shapes that fetches deliver objects of, with the runtime types each tells of.
    pub(super) arrivals: IndexSet<(ShapeId, Option<TypeSet>)>,
}

/// For which runtime types a slot is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    All,
    Types(TypeSet),
}

impl Written {
    pub(super) fn add(
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
    pub(super) fn widen(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::Types(types), Self::Types(more)) => types.extend(more),
            _ => *self = Self::All,
        }
    }

    pub(super) fn covers(&self, types: Option<&TypeSet>) -> bool {
        match (self, types) {
            (Self::All, _) => true,
            (Self::Types(own), Some(types)) => types.is_subset(own),
            (Self::Types(_), None) => false,
        }
    }
}
