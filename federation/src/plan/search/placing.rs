//! The state of a placement while it is made: the locations of an object, how targets resolve it,
//! and the sources of its fields.

use std::rc::Rc;

use apollo_compiler::collections::{IndexMap, IndexSet};
use smallvec::SmallVec;

use super::{
    planner::Planner,
    solution::{Arrived, FieldSource, Solution, TypeCondition},
};
use crate::{
    index::{FieldSetId, TypeId, Vertex},
    plan::reach::tree::{EntryId, PositionId},
    reachable::arrival::{Arrival, Target},
};

/// A vertex where the object is, from some round on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Location {
    pub(crate) source: FieldSource,
    pub(crate) vertex: Vertex,
    pub(crate) round: u16,
    pub(crate) of_primary: bool,
}

/// How a target resolves an object.
#[derive(Clone, Debug)]
pub(crate) struct Resolution {
    pub(crate) asked_as: Option<TypeId>,
    pub(crate) key: Option<FieldSetId>,
    /// What must be there before: fields to send, and with no entry the runtime type.
    pub(crate) needs: Vec<Option<EntryId>>,
    pub(crate) round: u16,
    pub(crate) of_primary: bool,
}

/// Where an object is, and which targets resolve it.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) object: TypeId,
    pub(super) locations: Vec<Location>,
    pub(crate) resolutions: IndexMap<Target, Resolution>,
}

/// A jump that sends inputs beside the key: a `@requires`, a context or the runtime type.
#[derive(Clone, Debug)]
pub(crate) struct InputJump {
    pub(crate) target: Target,
    pub(crate) requires: Option<FieldSetId>,
    pub(crate) resolution: Resolution,
    pub(crate) needs: Vec<Option<EntryId>>,
    /// The round in which it is made.
    pub(crate) round: u16,
}

/// A field with its sources.
#[derive(Clone, Debug)]
pub(crate) struct ServedField {
    pub(crate) round: u16,
    pub(crate) of_primary: bool,
    pub(crate) sources: SmallVec<[FieldSource; 2]>,
    /// Other jumps that bring the leaf in the same round.
    pub(crate) others: SmallVec<[FieldSource; 2]>,
    /// The only source, where inputs have to be sent.
    pub(crate) input_jump: Option<InputJump>,
    /// How hidden objects below it are served; what the client sees is chosen later.
    pub(crate) below: Option<(u16, Arrived, Rc<Solution>)>,
}

pub(crate) type FieldKey = (TypeCondition, Option<EntryId>);

pub(crate) struct Placing<'p, 'i> {
    pub(crate) planner: &'p mut Planner<'i>,
    pub(crate) position: PositionId,
    pub(crate) arrivals: &'p [Arrival],
    pub(crate) targets: &'p [Target],
    pub(crate) states: IndexMap<TypeCondition, State>,
    pub(crate) fields: IndexMap<FieldKey, ServedField>,
    /// The fields whose source is known, by type condition.
    pub(super) known: IndexMap<TypeCondition, Vec<Option<EntryId>>>,
    pub(super) open: IndexSet<FieldKey>,
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
            fields: IndexMap::default(),
            known: IndexMap::default(),
            open: IndexSet::default(),
        }
    }

    pub(super) fn object(&self, condition: TypeCondition) -> TypeId {
        self.planner
            .object_of(self.position, self.arrivals, condition)
    }

    pub(crate) fn vertex(&self, condition: TypeCondition, source: FieldSource) -> Option<Vertex> {
        self.states[&condition]
            .locations
            .iter()
            .find(|location| location.source == source)
            .map(|location| location.vertex)
    }

    pub(crate) fn resolution(
        &self,
        condition: TypeCondition,
        target: Target,
    ) -> Option<&Resolution> {
        self.states.get(&condition)?.resolutions.get(&target)
    }
}
