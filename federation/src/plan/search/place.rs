//! Places the fields of a position once the subgraphs to jump to are chosen. In: the targets. Out:
//! for each field its source, its round, and the inputs that have to be sent, as solutions with
//! their cost; none if a field cannot be served. Invariant: what a jump sends has a source that is
//! answered in an earlier round.

use std::rc::Rc;

use apollo_compiler::collections::IndexMap;
use smallvec::{SmallVec, smallvec};

use super::{
    candidates::Demand,
    placing::{FieldKey, Location, Placing, Resolution, ServedField, State},
    solution::{FieldSource, Solution, TypeCondition},
};
use crate::{
    index::{TypeId, Vertex},
    plan::reach::tree::EntryId,
    reachable::{
        arrival::{Arrival, Target},
        landing::arrival_below,
    },
};

impl Placing<'_, '_> {
    /// The solutions that serve everything with these targets; none if a field cannot be served.
    pub(crate) fn place(mut self, primary: Option<usize>) -> Vec<Rc<Solution>> {
        let demands = self.planner.demands(self.position, self.arrivals, primary);
        let whole = self.place_demands(&demands, primary, false);
        // A subgraph that resolves a field without knowing the type may not resolve what is below it.
        if whole.is_empty()
            && demands
                .iter()
                .any(|demand| demand.condition == TypeCondition::Any)
        {
            return self.place_demands(&demands, primary, true);
        }
        whole
    }

    fn place_demands(
        &mut self,
        demands: &[Demand],
        primary: Option<usize>,
        by_class: bool,
    ) -> Vec<Rc<Solution>> {
        let mut served: Vec<FieldKey> = Vec::with_capacity(demands.len());
        for demand in demands {
            if !self.serve(*demand, (primary, by_class), &mut served) {
                return Vec::new();
            }
        }
        self.evaluate(&served)
    }

    fn serve(
        &mut self,
        demand: Demand,
        (primary, by_class): (Option<usize>, bool),
        served: &mut Vec<FieldKey>,
    ) -> bool {
        self.resolve_targets(demand.condition, primary);
        if !(by_class && demand.condition == TypeCondition::Any)
            && self.find_source(demand.condition, demand.entry, demand.of_primary)
        {
            served.push((demand.condition, demand.entry));
            return true;
        }
        if demand.condition != TypeCondition::Any {
            return false;
        }
        // No subgraph serves it without knowing the type, so it is placed for each class.
        let classes = self.planner.tree.position(self.position).classes.len();
        for at in 0..classes {
            let condition = TypeCondition::Class(u16::try_from(at).unwrap_or(u16::MAX));
            self.resolve_targets(condition, primary);
            if !self.find_source(condition, demand.entry, demand.of_primary) {
                return false;
            }
            served.push((condition, demand.entry));
        }
        classes > 0
    }

    /// Finds how each target resolves an object, in the order of rounds: first from the primary
    /// arrival, then from all.
    fn resolve_targets(&mut self, condition: TypeCondition, primary: Option<usize>) {
        if self.states.contains_key(&condition) {
            return;
        }
        let object = self.object(condition);
        let here = self
            .planner
            .vertices_of(self.position, self.arrivals, condition);
        let location = |(at, vertex): (usize, Vertex)| Location {
            source: FieldSource::Arrival(u16::try_from(at).unwrap_or(u16::MAX)),
            vertex,
            round: self.arrivals[at].round,
            of_primary: primary.is_none_or(|primary| primary == at),
        };
        let mut locations: Vec<Location> = here.into_iter().map(location).collect();
        locations.sort_by_key(|location| location.round);
        let (of_primary, others): (Vec<_>, Vec<_>) = locations
            .into_iter()
            .partition(|location| location.of_primary);
        let state = State {
            object,
            locations: of_primary,
            resolutions: IndexMap::default(),
        };
        self.states.insert(condition, state);
        if self.arrivals.is_empty() {
            self.resolve_roots(condition);
            return;
        }
        if !self.states[&condition].locations.is_empty() {
            self.resolve_nearest_first(condition, true);
        }
        if !others.is_empty() {
            if let Some(state) = self.states.get_mut(&condition) {
                state.locations.extend(others);
                state.locations.sort_by_key(|location| location.round);
            }
            self.resolve_nearest_first(condition, false);
        }
    }

    fn resolve_roots(&mut self, condition: TypeCondition) {
        let object = self.object(condition);
        let Some(state) = self.states.get_mut(&condition) else {
            return;
        };
        for (at, target) in self.targets.iter().enumerate() {
            let resolution = Resolution {
                asked_as: None,
                key: None,
                needs: Vec::new(),
                round: 0,
                of_primary: true,
            };
            state.resolutions.insert(*target, resolution);
            state.locations.push(Location {
                source: FieldSource::Fetch(u16::try_from(at).unwrap_or(u16::MAX)),
                vertex: target.vertex(object),
                round: 0,
                of_primary: true,
            });
        }
    }

    fn resolve_nearest_first(&mut self, condition: TypeCondition, of_primary: bool) {
        loop {
            let mut nearest: Option<(usize, Resolution)> = None;
            for (at, &target) in self.targets.iter().enumerate() {
                // Where the target has a keyed interface it knows the types: then it resolves each
                // class.
                let is_of_classes =
                    condition == TypeCondition::Any && target.as_interface.is_none();
                if is_of_classes || self.states[&condition].resolutions.contains_key(&target) {
                    continue;
                }
                let Some(resolution) = self.find_resolution(condition, target, of_primary) else {
                    continue;
                };
                if nearest
                    .as_ref()
                    .is_none_or(|(_, best)| resolution.round < best.round)
                {
                    nearest = Some((at, resolution));
                }
            }
            let Some((at, resolution)) = nearest else {
                return;
            };
            let target = self.targets[at];
            let Some(state) = self.states.get_mut(&condition) else {
                return;
            };
            let location = Location {
                source: FieldSource::Fetch(u16::try_from(at).unwrap_or(u16::MAX)),
                vertex: target.vertex(state.object),
                round: resolution.round,
                of_primary,
            };
            let behind = state
                .locations
                .partition_point(|other| other.round <= location.round);
            state.locations.insert(behind, location);
            let round = resolution.round;
            state.resolutions.insert(target, resolution);
            // Fields placed in a later round may now have an earlier source: they are placed again.
            let mut kept = self.known.swap_remove(&condition).unwrap_or_default();
            self.planner.budget.step(kept.len());
            kept.retain(|&entry| {
                let key = (condition, entry);
                let is_late = self
                    .fields
                    .get(&key)
                    .is_some_and(|field| field.round > round);
                if is_late {
                    self.fields.swap_remove(&key);
                }
                !is_late
            });
            self.known.insert(condition, kept);
        }
    }

    /// The resolution by a target in the earliest round, from where the object already is.
    fn find_resolution(
        &mut self,
        condition: TypeCondition,
        target: Target,
        of_primary: bool,
    ) -> Option<Resolution> {
        self.find_resolution_as(condition, target, None, of_primary)
    }

    /// The same for one type name in the representation, or for any.
    pub(crate) fn find_resolution_as(
        &mut self,
        condition: TypeCondition,
        target: Target,
        name: Option<TypeId>,
        of_primary: bool,
    ) -> Option<Resolution> {
        let object = self.states[&condition].object;
        let vertex = target.vertex(object);
        let budget = self.planner.budget;
        let entries = self.planner.entries_to(object, vertex);
        let mut best: Option<Resolution> = None;
        for &(asked_as, key) in entries.iter() {
            if name.is_some_and(|name| asked_as != name) {
                continue;
            }
            if !budget.step(1 + self.states[&condition].locations.len()) {
                return None;
            }
            let known_at = self.states[&condition]
                .locations
                .iter()
                .filter(|location| {
                    self.planner
                        .index
                        .is_known_as(location.vertex.as_type, asked_as)
                })
                .map(|location| location.round)
                .min();
            let Some(known_at) = known_at else { continue };
            let set = self.planner.index.field_set(key);
            let Some(mut needs) = (self.planner.tree).hidden_key(self.position, object, set) else {
                continue;
            };
            if !self.arrives_as(condition, asked_as) {
                needs.push(None);
            }
            let Some(ready) = self.find_sources(condition, &needs, of_primary) else {
                continue;
            };
            let resolution = Resolution {
                asked_as: Some(asked_as),
                key: Some(key),
                needs,
                round: 1 + known_at.max(ready),
                of_primary,
            };
            if best
                .as_ref()
                .is_none_or(|best| resolution.round < best.round)
            {
                best = Some(resolution);
            }
        }
        best
    }

    /// Whether an object is known to be of a type when it arrives.
    fn arrives_as(&self, condition: TypeCondition, asked_as: TypeId) -> bool {
        let mut arrived = (self.states[&condition].locations.iter())
            .filter(|location| matches!(location.source, FieldSource::Arrival(_)));
        arrived.any(|location| (self.planner.index).is_known_as(location.vertex.as_type, asked_as))
    }

    /// The round in which all of some fields are there; `None` if one has no source.
    pub(crate) fn find_sources(
        &mut self,
        condition: TypeCondition,
        needs: &[Option<EntryId>],
        of_primary: bool,
    ) -> Option<u16> {
        let mut ready = 0;
        for &need in needs {
            if !self.find_source(condition, need, of_primary) {
                return None;
            }
            ready = ready.max(self.fields[&(condition, need)].round);
        }
        Some(ready)
    }

    /// Finds the source of a field; whether there is one.
    fn find_source(
        &mut self,
        condition: TypeCondition,
        entry: Option<EntryId>,
        of_primary: bool,
    ) -> bool {
        if !self.planner.budget.step(1) {
            return false;
        }
        let key = (condition, entry);
        if let Some(field) = self.fields.get(&key)
            && (field.of_primary || !of_primary)
        {
            return true;
        }
        if !self.open.insert(key) {
            return false;
        }
        let field = match entry {
            Some(id) => self.source_of_entry(condition, id, of_primary),
            None => self.source_of_type(condition),
        };
        self.open.swap_remove(&key);
        match field {
            Some(field) => {
                if self.fields.insert(key, field).is_none() {
                    self.known.entry(condition).or_default().push(entry);
                }
                true
            }
            None => false,
        }
    }

    fn source_of_type(&self, condition: TypeCondition) -> Option<ServedField> {
        let state = &self.states[&condition];
        let typed = state
            .locations
            .iter()
            .find(|location| self.planner.index.is_object(location.vertex.as_type))?;
        Some(ServedField {
            round: typed.round,
            of_primary: typed.of_primary,
            sources: smallvec![typed.source],
            others: SmallVec::new(),
            input_jump: None,
            below: None,
        })
    }

    fn source_of_entry(
        &mut self,
        condition: TypeCondition,
        id: EntryId,
        of_primary: bool,
    ) -> Option<ServedField> {
        (self.planner.budget).step(self.states[&condition].locations.len());
        let locations: Vec<Location> = self.states[&condition]
            .locations
            .iter()
            .filter(|location| location.of_primary || !of_primary)
            .copied()
            .collect();
        let plain: Vec<Location> = locations
            .iter()
            .filter(|location| {
                self.planner.serves_without_inputs(location.vertex, id)
                    && !self.asks_too_many(location, id)
            })
            .copied()
            .collect();
        if let Some(field) = self.source_without_inputs(id, &plain) {
            return Some(field);
        }
        self.source_with_inputs(condition, id, &locations, of_primary)
    }

    pub(crate) fn asks_too_many(&self, location: &Location, id: EntryId) -> bool {
        matches!(location.source, FieldSource::Arrival(_))
            && (self.planner).asks_too_many(self.position, location.vertex, id)
    }

    fn source_without_inputs(&mut self, id: EntryId, plain: &[Location]) -> Option<ServedField> {
        let nearest = plain
            .iter()
            .min_by_key(|location| (location.round, !location.of_primary))?;
        let mut field = ServedField {
            round: nearest.round,
            of_primary: nearest.of_primary,
            sources: smallvec![nearest.source],
            others: SmallVec::new(),
            input_jump: None,
            below: None,
        };
        let Some(child) = self.planner.tree.entry(id).child() else {
            if matches!(nearest.source, FieldSource::Fetch(_)) {
                let others = plain.iter().filter(|other| {
                    other.source != nearest.source
                        && other.round == nearest.round
                        && other.of_primary == nearest.of_primary
                });
                field.others = others.map(|other| other.source).collect();
            }
            return Some(field);
        };
        field.sources = plain.iter().map(|location| location.source).collect();
        field.of_primary = plain.iter().all(|location| location.of_primary);
        if !self.planner.tree.position(child).is_hidden() {
            return Some(field);
        }
        let name = self.planner.tree.entry(id).name().to_owned();
        let arrivals: Vec<(Arrival, FieldSource)> = plain
            .iter()
            .filter_map(|location| {
                let arrival =
                    arrival_below(&self.planner.facts, location.vertex, &name, location.round)?;
                Some((arrival, location.source))
            })
            .collect();
        let (base, arrivals) = self.planner.canonical(child, &arrivals);
        let solution = Rc::clone(self.planner.solve(child, &arrivals).first()?);
        field.round = base + solution.rounds;
        field.below = Some((base, arrivals, solution));
        Some(field)
    }
}
