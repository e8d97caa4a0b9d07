//! A placement in the making: where an object is, which jumps are open to it, who serves which field.

use std::rc::Rc;

use apollo_compiler::collections::{IndexMap, IndexSet};
use smallvec::SmallVec;

use super::{
    planner::Planner,
    solution::{Arrived, Solution, Source, Who},
};
use crate::{
    index::{FieldSetId, TypeId, Vertex},
    plan::reach::tree::{EntryId, PositionId},
    reachable::arrival::{Arrival, Target},
};

/// A place where the object is, from some round on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Station {
    pub(crate) source: Source,
    pub(crate) vertex: Vertex,
    pub(crate) level: u16,
    pub(crate) of_primary: bool,
}

/// How a jump is made.
#[derive(Clone, Debug)]
pub(crate) struct Opening {
    pub(crate) asked_as: Option<TypeId>,
    pub(crate) key: Option<FieldSetId>,
    /// What must be there before: fields to send, and with no entry the runtime type.
    pub(crate) needs: Vec<Option<EntryId>>,
    pub(crate) level: u16,
    pub(crate) of_primary: bool,
}

/// Where an object is, and what jumps are open to it.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) object: TypeId,
    pub(super) stations: Vec<Station>,
    pub(crate) openings: IndexMap<Target, Opening>,
}

/// A jump made for fields that want something sent along.
#[derive(Clone, Debug)]
pub(crate) struct Errand {
    pub(crate) target: Target,
    pub(crate) requires: Option<FieldSetId>,
    pub(crate) opening: Opening,
    pub(crate) needs: Vec<Option<EntryId>>,
    /// The round in which it is made.
    pub(crate) level: u16,
}

/// A field with who serves it.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) level: u16,
    pub(crate) of_primary: bool,
    pub(crate) sources: SmallVec<[Source; 2]>,
    /// Jumps that could bring a leaf as soon as its source does.
    pub(crate) others: SmallVec<[Source; 2]>,
    /// The only source: a jump of its own.
    pub(crate) errand: Option<Errand>,
    /// How hidden objects below it are served; what the client sees is chosen later.
    pub(crate) below: Option<(u16, Arrived, Rc<Solution>)>,
}

pub(crate) type ItemKey = (Who, Option<EntryId>);

pub(crate) struct Placing<'p, 'i> {
    pub(crate) planner: &'p mut Planner<'i>,
    pub(crate) position: PositionId,
    pub(crate) arrivals: &'p [Arrival],
    pub(crate) targets: &'p [Target],
    pub(crate) states: IndexMap<Who, State>,
    pub(crate) items: IndexMap<ItemKey, Item>,
    /// Whose fields are settled.
    pub(super) settled: IndexMap<Who, Vec<Option<EntryId>>>,
    pub(super) open: IndexSet<ItemKey>,
}

impl<'p, 'i> Placing<'p, 'i> {
    pub(crate) fn new(
        planner: &'p mut Planner<'i>,
        position: PositionId,
        arrivals: &'p [Arrival],
        targets: &'p [Target],
    ) -> Self {
        Self {
            planner,
            position,
            arrivals,
            targets,
            states: IndexMap::default(),
            items: IndexMap::default(),
            settled: IndexMap::default(),
            open: IndexSet::default(),
        }
    }

    pub(super) fn object(&self, who: Who) -> TypeId {
        self.planner.object_of(self.position, self.arrivals, who)
    }

    pub(crate) fn vertex(&self, who: Who, source: Source) -> Option<Vertex> {
        self.states[&who]
            .stations
            .iter()
            .find(|station| station.source == source)
            .map(|station| station.vertex)
    }

    pub(crate) fn opening(&self, who: Who, target: Target) -> Option<&Opening> {
        self.states.get(&who)?.openings.get(&target)
    }
}
