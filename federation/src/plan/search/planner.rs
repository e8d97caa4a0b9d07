//! The state of a search: the facts and the positions it reads, and what it has computed so far.

use std::{cell::RefCell, rc::Rc};

use apollo_compiler::collections::{IndexMap, IndexSet};
use smallvec::SmallVec;

use super::solution::{Frontier, InstanceKey};
use crate::{
    budget::Budget,
    index::{Facts, FieldSetId, Index, TypeId, TypeSet, Vertex},
    plan::reach::tree::{PathId, PositionId, Tree},
    reachable::arrival::{Arrival, Target},
};

/// Whether an arrival serves a whole subtree; the round of an arrival does not matter.
pub(super) type Coverage = IndexMap<(PositionId, Arrival), bool>;

/// Whether the first vertex serves all that the second serves, by position and class.
pub(super) type Dominance = IndexMap<(PositionId, usize, Vertex, Vertex), bool>;

pub(crate) type InstanceTraits = (PathId, Target, SmallVec<[FieldSetId; 2]>, u16);

/// By vertex, the types and keys by which an object is asked for there.
type EntriesTo = IndexMap<Vertex, Rc<[(TypeId, FieldSetId)]>>;

pub(crate) struct Planner<'i> {
    pub(crate) facts: Facts<'i>,
    pub(crate) index: &'i Index,
    pub(crate) tree: Tree<'i>,
    pub(crate) coverage: Coverage,
    pub(crate) dominance: Dominance,
    pub(crate) instances: IndexSet<InstanceTraits>,
    pub(crate) places: u64,
    pub(crate) max_places: u64,
    /// Counts the steps of all passes. Once it is exceeded, their results must not be used.
    pub(crate) budget: &'i Budget,
    /// Types whose objects this caller gets as null, so that a type must be known.
    pub(crate) withheld_types: TypeSet,
    entries: RefCell<IndexMap<TypeId, EntriesTo>>,
    pub(super) solved: IndexMap<(PositionId, Vec<Arrival>), Frontier>,
    pub(super) sizes: IndexMap<PositionId, u32>,
}

impl<'i> Planner<'i> {
    pub(crate) fn new(
        facts: Facts<'i>,
        tree: Tree<'i>,
        withheld_types: TypeSet,
        max_places: u64,
        budget: &'i Budget,
    ) -> Self {
        Self {
            index: facts.index(),
            facts,
            tree,
            coverage: Coverage::default(),
            dominance: Dominance::default(),
            instances: IndexSet::default(),
            places: 0,
            max_places,
            budget,
            withheld_types,
            entries: RefCell::default(),
            solved: IndexMap::default(),
            sizes: IndexMap::default(),
        }
    }

    pub(crate) fn instance(&mut self, traits: InstanceTraits) -> InstanceKey {
        InstanceKey(u32::try_from(self.instances.insert_full(traits).0).unwrap_or(u32::MAX))
    }

    /// The types and keys by which objects of a type are asked for at a vertex.
    pub(crate) fn entries_to(&self, object: TypeId, place: Vertex) -> Rc<[(TypeId, FieldSetId)]> {
        let mut known = self.entries.borrow_mut();
        let by_place = known.entry(object).or_insert_with(|| {
            let mut by_place: IndexMap<Vertex, Vec<(TypeId, FieldSetId)>> = IndexMap::default();
            for (asked_as, key, place) in self.facts.entries(object) {
                self.budget.step(1);
                let entries = by_place.entry(place).or_default();
                entries.push((asked_as, key.fields));
            }
            let by_place = by_place.into_iter();
            by_place.map(|(place, all)| (place, all.into())).collect()
        });
        self.budget.step(1);
        by_place.get(&place).map_or_else(|| Rc::from([]), Rc::clone)
    }
}
