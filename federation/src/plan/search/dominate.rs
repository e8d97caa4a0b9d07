//! Leaves out arrivals and targets that another one makes superfluous, since it serves all that
//! they serve. In: the arrivals or two targets at a position. Out: the arrivals that are left, in
//! one order; or whether one target is better. Invariant: nothing is left out that serves something
//! the others do not serve.

use std::rc::Rc;

use super::{planner::Planner, solution::FieldSource};
use crate::{
    index::Vertex,
    plan::reach::tree::PositionId,
    reachable::{
        arrival::{Arrival, Target},
        landing::arrival_below,
    },
};

impl Planner<'_> {
    /// Arrivals in one order, counted from the earliest, without those that another makes
    /// superfluous.
    pub(crate) fn canonical(
        &mut self,
        position: PositionId,
        arrivals: &[(Arrival, FieldSource)],
    ) -> (u16, Vec<(Arrival, FieldSource)>) {
        let base = arrivals
            .iter()
            .map(|(arrival, _)| arrival.round)
            .min()
            .unwrap_or(0);
        let mut canonical: Vec<(Arrival, FieldSource)> = arrivals.to_vec();
        for (arrival, _) in &mut canonical {
            arrival.round -= base;
        }
        canonical.sort_unstable();
        canonical
            .dedup_by_key(|(arrival, _)| (arrival.subgraph, arrival.declared, arrival.provided));
        // Of equal arrivals the first stays.
        for at in (0..canonical.len()).rev() {
            let weak = canonical[at].0;
            if !self.budget.step(canonical.len()) {
                break;
            }
            let is_beaten = (0..canonical.len()).any(|other| {
                let strong = canonical[other].0;
                other != at
                    && strong.round <= weak.round
                    && self.makes_superfluous(position, strong, weak)
            });
            if is_beaten {
                canonical.remove(at);
            }
        }
        (base, canonical)
    }

    fn makes_superfluous(&mut self, position: PositionId, strong: Arrival, weak: Arrival) -> bool {
        if strong.is_opaque(self.index) || weak.is_opaque(self.index) {
            return false;
        }
        let classes = Rc::clone(&self.tree.position(position).classes);
        self.budget.step(classes.len());
        weak.possible(self.index)
            .is_subset(strong.possible(self.index))
            && classes.iter().enumerate().all(|(at, class)| {
                let Some(weak) = weak.vertex(self.index, class.object) else {
                    return true;
                };
                let strong = strong.vertex(self.index, class.object);
                strong.is_some_and(|strong| self.dominates(position, at, strong, weak))
            })
    }

    /// Whether one target serves all that another serves, and can be asked directly on arrival.
    pub(crate) fn is_better_target(
        &mut self,
        position: PositionId,
        (strong, weak): (Target, Target),
        is_direct: impl Fn(&Self, Target) -> bool,
    ) -> bool {
        if strong.as_interface.is_some() || weak.as_interface.is_some() {
            return false;
        }
        let classes = Rc::clone(&self.tree.position(position).classes);
        self.budget.step(classes.len());
        is_direct(self, strong)
            && classes.iter().enumerate().all(|(at, class)| {
                let (strong, weak) = (strong.vertex(class.object), weak.vertex(class.object));
                self.has(weak, class.object).is_none_or(|()| {
                    self.has(strong, class.object).is_some()
                        && self.dominates(position, at, strong, weak)
                })
            })
    }

    /// Whether the type exists in the subgraph of a vertex.
    fn has(&self, vertex: Vertex, object: crate::index::TypeId) -> Option<()> {
        self.index
            .type_(object)
            .subgraphs
            .contains(vertex.subgraph)
            .then_some(())
    }

    /// Whether one vertex of objects of a class serves what another serves: the entries of the
    /// position, and the fields that keys and `@requires` can read.
    fn dominates(
        &mut self,
        position: PositionId,
        class: usize,
        strong: Vertex,
        weak: Vertex,
    ) -> bool {
        let key = (position, class, strong, weak);
        if let Some(&known) = self.dominance.get(&key) {
            return known;
        }
        let asked = self.tree.position(position).classes[class].entries.len();
        if !self.budget.step(1 + asked) {
            return false;
        }
        // The tree has no cycles, so the recursion below ends.
        let answer = self.dominates_in_keys(position, class, strong, weak)
            && self.dominates_in_entries(position, class, strong, weak);
        self.dominance.insert(key, answer);
        answer
    }

    fn dominates_in_keys(
        &self,
        position: PositionId,
        class: usize,
        strong: Vertex,
        weak: Vertex,
    ) -> bool {
        let object = self.tree.position(position).classes[class].object;
        self.index.type_(object).read.iter().all(|name| {
            let Some((_, weak)) = self.facts.find_servable(weak, name) else {
                return true;
            };
            let is_leaf = !self.index.type_(weak.named_type).is_composite();
            is_leaf
                && self
                    .facts
                    .find_servable(strong, name)
                    .is_some_and(|(_, strong)| strong.requires.is_none() || weak.requires.is_some())
        })
    }

    fn dominates_in_entries(
        &mut self,
        position: PositionId,
        class: usize,
        strong: Vertex,
        weak: Vertex,
    ) -> bool {
        let entries = self.tree.position(position).classes[class].entries.clone();
        entries.iter().all(|&id| {
            if !self.serves_without_inputs(weak, id) || self.serves_all(strong, id) {
                return true;
            }
            let entry = self.tree.entry(id);
            let (Some(child), true) = (entry.child(), self.serves_without_inputs(strong, id))
            else {
                return false;
            };
            let name = self.tree.entry(id).name();
            let weak = arrival_below(&self.facts, weak, name, 0);
            let strong = arrival_below(&self.facts, strong, name, 0);
            weak.zip(strong)
                .is_some_and(|(weak, strong)| self.makes_superfluous(child, strong, weak))
        })
    }
}
