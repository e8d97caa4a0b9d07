//! What a placement uses, counted while it is evaluated: jumps with their rounds, fetches, fields.

use std::{collections::BTreeSet, rc::Rc};

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::{
    placing::{FieldKey, InputJump},
    solution::{Arrived, Cost, Costed, InstanceKey, Solution, TypeCondition, Weight},
};
use crate::{index::FieldSetId, reachable::arrival::Target};

/// A jump of a placement: to a target, with or without inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Jump {
    pub(crate) target: Target,
    pub(crate) purpose: Purpose,
}

/// Which fields a jump is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    /// Those that take no input.
    Anything,
    /// Those that take an argument from a context, or that are asked by type.
    Entities,
    /// Those that require this field set.
    Requires(FieldSetId),
}

impl Jump {
    /// A jump for fields that take no input.
    pub(crate) fn to(target: Target) -> Self {
        Self {
            target,
            purpose: Purpose::Anything,
        }
    }

    /// The jump that an input jump makes.
    pub(crate) fn of(input_jump: &InputJump) -> Self {
        Self {
            target: input_jump.target,
            purpose: Purpose::of(input_jump.requires),
        }
    }
}

impl Purpose {
    pub(crate) fn of(requires: Option<FieldSetId>) -> Self {
        requires.map_or(Self::Entities, Self::Requires)
    }
}

/// What of a placement is used so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usage {
    pub(crate) fields: IndexSet<FieldKey>,
    /// Jumps in the rounds in which they are made, with the classes that they are for.
    pub(crate) jumps: IndexMap<(Jump, u16), IndexSet<TypeCondition>>,
    /// Jumps that keys and `@requires` of some objects rely on.
    pub(super) relied_on: IndexSet<(Jump, TypeCondition)>,
    pub(super) arrivals: IndexSet<u16>,
    /// What input jumps send to each target, in the order of `jumps`.
    pub(super) sending: IndexMap<Target, IndexSet<FieldSetId>>,
    pub(crate) fetches: BTreeSet<(InstanceKey, u16)>,
    pub(crate) rounds: u16,
    pub(crate) weight: Weight,
}

impl Usage {
    /// The number of items that a copy takes.
    pub(super) fn size(&self) -> usize {
        let jumps = self.jumps.len() + self.relied_on.len() + self.arrivals.len();
        self.fields.len() + jumps + self.fetches.len()
    }
}

/// A placement with some of the choices below it made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Partial {
    pub(crate) usage: Usage,
    pub(crate) below: Vec<(FieldKey, Arrived, Rc<Solution>)>,
}

impl Costed for Partial {
    fn cost(&self) -> Cost {
        Cost {
            rounds: self.usage.rounds,
            fetches: self.usage.fetches.len(),
            weight: self.usage.weight,
        }
    }
}

/// Which jumps are put off to a later round, in which another jump goes to the same target.
#[derive(Debug, Default)]
pub(super) struct Raised {
    pub(super) to: IndexMap<Target, u16>,
    pub(super) fixed: IndexSet<(Jump, u16)>,
}

impl Raised {
    pub(super) fn round(&self, jump: Jump, round: u16) -> u16 {
        match self.to.get(&jump.target) {
            Some(&to) if !self.fixed.contains(&(jump, round)) => to.max(round),
            _ => round,
        }
    }
}

/// How the objects below fields are served.
pub(crate) type Chosen = IndexMap<FieldKey, (Arrived, Rc<Solution>)>;

/// The jumps that no other jump of the placement waits for, where the target is asked again later.
pub(super) fn raisable(usage: &Usage) -> Raised {
    let mut raised = Raised::default();
    let mut last: IndexMap<Target, u16> = IndexMap::default();
    for &(jump, round) in usage.jumps.keys() {
        let last = last.entry(jump.target).or_insert(round);
        *last = round.max(*last);
    }
    for (timed, conditions) in &usage.jumps {
        let (jump, round) = *timed;
        if conditions
            .iter()
            .any(|condition| usage.relied_on.contains(&(jump, *condition)))
        {
            raised.fixed.insert(*timed);
            continue;
        }
        let last = last.get(&jump.target).copied().unwrap_or(round);
        if round < last {
            raised.to.insert(jump.target, last);
        }
    }
    raised
}
