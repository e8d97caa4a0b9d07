//! The result of the search for one position: what it costs, and which fetch each field comes from.

use std::rc::Rc;

use smallvec::SmallVec;

use crate::{
    index::{FieldSetId, TypeId},
    plan::reach::tree::EntryId,
    reachable::arrival::{Arrival, Target},
};

/// Interned description of a fetch at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct InstanceKey(pub(crate) u32);

/// Fetches, each with its round, in order: sets are united, so that a shared fetch counts once.
pub(crate) type FetchSet = Vec<(InstanceKey, u16)>;

/// What decides between two solutions, the first difference first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cost {
    pub(crate) rounds: u16,
    pub(crate) fetches: usize,
    pub(crate) weight: Weight,
}

/// How many fields are selected, and how late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Weight {
    /// One for each field, and one for each round before the field is there.
    with_rounds: u32,
    fields: u32,
}

/// One way to serve a position.
#[derive(Debug)]
pub(crate) struct Solution {
    /// The round, counted from the earliest arrival, in which the last field is there.
    pub(crate) rounds: u16,
    pub(crate) fetches: FetchSet,
    pub(crate) weight: Weight,
    /// The arrivals from which anything is selected, by number.
    pub(crate) used: SmallVec<[u16; 2]>,
    pub(crate) decision: Decision,
}

#[derive(Debug)]
pub(crate) enum Decision {
    /// One arrival serves all that is asked here and below, by its number.
    Local(usize),
    /// Each field has a separate source.
    Placed(Placed),
}

/// Of which objects of a position a field is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum TypeCondition {
    /// Of all, whatever their type, which is not known yet.
    Any,
    /// Of the objects of a class.
    Class(u16),
}

/// Where a field comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum FieldSource {
    /// An arrival, by its number.
    Arrival(u16),
    /// A jump, by the number of its target or, once decided, of its fetch.
    Fetch(u16),
    /// The input jump of the field itself.
    InputJump,
    /// A jump that was considered and is not made.
    Unused,
}

#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) instances: Vec<Instance>,
    pub(crate) fields: Vec<PlacedField>,
}

/// A fetch of entities at this position, or a root fetch.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub(crate) target: Target,
    pub(crate) round: u16,
    /// How objects are asked for, by class.
    pub(crate) entries: Vec<InstanceEntry>,
}

#[derive(Clone, Debug)]
pub(crate) struct InstanceEntry {
    pub(crate) condition: TypeCondition,
    /// The type named in the representation; `None` for root fetches.
    pub(crate) asked_as: Option<TypeId>,
    pub(crate) key: Option<FieldSetId>,
    pub(crate) requires: SmallVec<[FieldSetId; 1]>,
    /// Whether the runtime type must be known before.
    pub(crate) is_typed: bool,
}

/// A field with its sources.
#[derive(Clone, Debug)]
pub(crate) struct PlacedField {
    pub(crate) condition: TypeCondition,
    /// `None`: only the runtime type is asked for.
    pub(crate) entry: Option<EntryId>,
    pub(crate) sources: SmallVec<[FieldSource; 2]>,
    /// How the objects below are served, with their arrivals and the source of each.
    pub(crate) below: Option<Below>,
}

/// Arrivals, each with the source it comes from.
pub(crate) type Arrived = Vec<(Arrival, FieldSource)>;

#[derive(Clone, Debug)]
pub(crate) struct Below {
    pub(crate) arrivals: Arrived,
    pub(crate) solution: Rc<Solution>,
}

/// The best solutions: none is worse than another in rounds and in fetches.
pub(crate) type Frontier = Rc<[Rc<Solution>]>;

const FRONTIER: usize = 4;

impl Cost {
    /// Whether a solution of this cost makes one of the other cost superfluous: it takes no more rounds and no
    /// more fetches, and where both are equal, no more weight.
    fn is_as_good_as(&self, other: &Self) -> bool {
        let is_equal = (self.rounds, self.fetches) == (other.rounds, other.fetches);
        self.rounds <= other.rounds
            && self.fetches <= other.fetches
            && (!is_equal || self.weight <= other.weight)
    }
}

impl Weight {
    /// That of fields that are there in the first round.
    pub(super) fn of_fields(fields: u32) -> Self {
        Self {
            with_rounds: fields,
            fields,
        }
    }

    /// Adds fields whose first round is `round` here. What classes share is counted for each of them, so that
    /// sums can grow past all bounds.
    pub(super) fn add(&mut self, other: Self, round: u16) {
        let later = u32::from(round).saturating_mul(other.fields);
        let with_rounds = other.with_rounds.saturating_add(later);
        self.with_rounds = self.with_rounds.saturating_add(with_rounds);
        self.fields = self.fields.saturating_add(other.fields);
    }
}

impl Solution {
    /// The sources of the arrivals it uses.
    pub(crate) fn used_sources(
        &self,
        arrivals: &[(Arrival, FieldSource)],
    ) -> SmallVec<[FieldSource; 2]> {
        let used = self.used.iter();
        used.filter_map(|&at| arrivals.get(usize::from(at)).map(|(_, source)| *source))
            .collect()
    }
}

/// What has a cost, and is kept in a frontier if no other is as good.
pub(crate) trait Costed {
    fn cost(&self) -> Cost;
}

impl Costed for Rc<Solution> {
    fn cost(&self) -> Cost {
        Cost {
            rounds: self.rounds,
            fetches: self.fetches.len(),
            weight: self.weight,
        }
    }
}

/// Adds to a frontier, unless another one is as good; returns whether it was added.
pub(crate) fn insert<T: Costed>(frontier: &mut Vec<T>, new: T) -> bool {
    let cost = new.cost();
    if frontier.iter().any(|old| old.cost().is_as_good_as(&cost)) {
        return false;
    }
    frontier.retain(|old| {
        let old = old.cost();
        !(cost.rounds <= old.rounds && cost.fetches <= old.fetches)
    });
    let at = frontier.partition_point(|old| old.cost() <= cost);
    frontier.insert(at, new);
    frontier.truncate(FRONTIER);
    true
}
