//! Says what must be served at a position, and to which subgraphs a jump may help. In: a position,
//! its arrivals, and the primary arrival if there is one. Out: the demands; and as candidates the
//! targets without which some demand cannot be served (forced), and the others that can serve any
//! (optional). Invariant: a target in neither list serves nothing that is demanded or that a jump
//! needs, or another one serves all that it serves.

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::{planner::Planner, solution::TypeCondition};
use crate::{
    index::{TypeId, Vertex, needs_entry},
    plan::{
        reach::tree::{Class, EntryId, PositionId},
        search::survey::{Survey, Wanted},
    },
    reachable::arrival::{Arrival, Target},
};

/// A field that must be served, or with no entry the runtime type that must be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Demand {
    pub(crate) condition: TypeCondition,
    pub(crate) entry: Option<EntryId>,
    /// Whether it must come from the primary arrival or from jumps that start there.
    pub(crate) of_primary: bool,
}

/// The subgraphs one may jump to from a position.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    /// Those without which some demand cannot be served.
    pub(crate) forced: Vec<Target>,
    pub(crate) optional: Vec<Target>,
}

impl Planner<'_> {
    /// What must be served at a position if one arrival is the primary.
    pub(crate) fn demands(
        &self,
        position: PositionId,
        arrivals: &[Arrival],
        primary: Option<usize>,
    ) -> Vec<Demand> {
        let place = self.tree.position(position);
        let primary = primary.and_then(|at| arrivals.get(at));
        let is_opaque = primary.is_some_and(|arrival| arrival.is_opaque(self.index));
        let is_some_untyped = arrivals
            .iter()
            .any(|arrival| arrival.is_untyped(self.index));
        let mut demands = Vec::new();
        if is_opaque {
            let entries = place.entries.iter().copied();
            let abstract_ = entries.filter(|&id| self.tree.entry(id).is_abstract);
            demands.extend(abstract_.map(|entry| Demand {
                condition: TypeCondition::Any,
                entry: Some(entry),
                of_primary: true,
            }));
        }
        for (at, class) in place.classes.iter().enumerate() {
            self.budget.step(1 + class.entries.len());
            let condition = TypeCondition::Class(u16::try_from(at).unwrap_or(u16::MAX));
            // Of types that do not arrive here nothing is asked.
            if place.is_hidden() && !self.arrives(arrivals, class) {
                continue;
            }
            let is_of_primary = primary.is_none_or(|arrival| {
                !is_opaque && arrival.possible(self.index).contains(class.object)
            });
            let mut needs_type =
                is_some_untyped && (self.hides_types(position) || place.differs_by_type);
            for &id in &class.entries {
                let of_primary = primary.is_some() && self.tree.entry(id).is_abstract;
                needs_type |= is_some_untyped && !of_primary;
                if !of_primary || is_of_primary {
                    demands.push(Demand {
                        condition,
                        entry: Some(id),
                        of_primary,
                    });
                }
            }
            if needs_type {
                demands.push(Demand {
                    condition,
                    entry: None,
                    of_primary: false,
                });
            }
        }
        let mut classes = (0..).zip(place.classes.iter());
        if demands.is_empty()
            && place.is_hidden()
            && let Some((at, _)) = classes.find(|(_, class)| self.arrives(arrivals, class))
        {
            demands.push(Demand {
                condition: TypeCondition::Class(at),
                entry: None,
                of_primary: false,
            });
        }
        demands
    }

    /// Whether objects of a class can be among those that arrive.
    fn arrives(&self, arrivals: &[Arrival], class: &Class) -> bool {
        let mut arrivals = arrivals.iter();
        arrivals.any(|arrival| arrival.vertex(self.index, class.object).is_some())
    }

    /// The type to ask facts about.
    pub(crate) fn object_of(
        &self,
        position: PositionId,
        arrivals: &[Arrival],
        condition: TypeCondition,
    ) -> TypeId {
        let place = self.tree.position(position);
        match condition {
            TypeCondition::Class(at) => place.classes[at as usize].object,
            TypeCondition::Any => arrivals
                .iter()
                .find(|arrival| arrival.is_opaque(self.index))
                .map_or(place.declared, |arrival| arrival.declared),
        }
    }

    /// The vertices where an object arrives, each with the number of the arrival.
    pub(crate) fn vertices_of(
        &self,
        position: PositionId,
        arrivals: &[Arrival],
        condition: TypeCondition,
    ) -> Vec<(usize, Vertex)> {
        let object = self.object_of(position, arrivals, condition);
        arrivals
            .iter()
            .enumerate()
            .filter_map(|(at, arrival)| match condition {
                TypeCondition::Class(_) => Some((at, arrival.vertex(self.index, object)?)),
                TypeCondition::Any => (arrival.is_opaque(self.index) && arrival.declared == object)
                    .then(|| (at, arrival.opaque_vertex())),
            })
            .collect()
    }

    pub(crate) fn candidates(
        &mut self,
        position: PositionId,
        arrivals: &[Arrival],
        primary: Option<usize>,
    ) -> Candidates {
        let demands = self.demands(position, arrivals, primary);
        let mut survey = Survey {
            position,
            arrivals,
            needed: IndexSet::default(),
            targets: IndexSet::default(),
            entered: IndexSet::default(),
            closures: IndexMap::default(),
        };
        let mut forced: IndexSet<Target> = IndexSet::default();
        for demand in &demands {
            let from = primary.filter(|_| demand.of_primary);
            let wanted = Wanted {
                condition: demand.condition,
                from,
            };
            survey.needed.insert((wanted, demand.entry));
        }
        let mut at = 0;
        while let Some(&(wanted, entry)) = survey.needed.get_index(at) {
            let only = self.survey(&mut survey, wanted, entry);
            if at < demands.len() {
                forced.extend(only);
            }
            at += 1;
        }
        let optional: Vec<Target> = survey
            .targets
            .into_iter()
            .filter(|target| !forced.contains(target))
            .collect();
        let forced: Vec<Target> = forced.into_iter().collect();
        let optional = self.without_beaten(position, (arrivals, primary), &forced, optional);
        Candidates { forced, optional }
    }

    /// Leaves out targets that another target makes superfluous.
    fn without_beaten(
        &mut self,
        position: PositionId,
        (arrivals, primary): (&[Arrival], Option<usize>),
        forced: &[Target],
        mut optional: Vec<Target>,
    ) -> Vec<Target> {
        let is_direct = |planner: &Self, target: Target| {
            planner.is_direct(position, (arrivals, primary), target)
        };
        // Of equal targets the first stays.
        for at in (0..optional.len()).rev() {
            if !self.budget.step(forced.len() + optional.len()) {
                break;
            }
            let weak = optional[at];
            let others: Vec<Target> = forced
                .iter()
                .chain(&optional)
                .copied()
                .filter(|other| *other != weak)
                .collect();
            let is_beaten = others
                .into_iter()
                .any(|strong| self.is_better_target(position, (strong, weak), is_direct));
            if is_beaten {
                optional.remove(at);
            }
        }
        optional
    }

    /// Whether a target can be asked by keys whose fields are there on arrival.
    fn is_direct(
        &self,
        position: PositionId,
        (arrivals, primary): (&[Arrival], Option<usize>),
        target: Target,
    ) -> bool {
        if arrivals.is_empty() {
            return true;
        }
        let classes = &self.tree.position(position).classes;
        classes.iter().all(|class| {
            self.budget.step(1 + arrivals.len());
            let here: Vec<Vertex> = arrivals
                .iter()
                .enumerate()
                .filter(|(at, arrival)| {
                    arrival.round == 0 && primary.is_none_or(|primary| primary == *at)
                })
                .filter_map(|(_, arrival)| arrival.vertex(self.index, class.object))
                .filter(|vertex| vertex.as_type == class.object)
                .collect();
            let vertex = target.vertex(class.object);
            let is_there = |name: &str| {
                here.iter().any(|&place| {
                    self.facts.may_read(place, class.object, name)
                        && self
                            .facts
                            .find_servable(place, name)
                            .is_some_and(|(_, field)| {
                                !needs_entry(field)
                                    && !self.index.type_(field.named_type).is_composite()
                            })
                })
            };
            let keys = self.entries_to(class.object, vertex);
            keys.iter().any(|&(asked_as, key)| {
                let fields = self.index.field_set(key).iter();
                asked_as == class.object
                    && (fields.filter_map(|selection| selection.field()))
                        .all(|field| is_there(&field.name))
            })
        })
    }
}
