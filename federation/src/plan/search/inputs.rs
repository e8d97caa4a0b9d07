//! Finds the source of a field that needs inputs beside the key: a `@requires`, an argument from a
//! context, or, on an interface object, the runtime type. In: the field and the locations of its
//! object. Out: the input jump that resolves it in the earliest round; none if an input cannot be
//! had. Invariant: each input is there a round before the jump at the latest.

use std::rc::Rc;

use smallvec::SmallVec;

use super::{
    placing::{InputJump, Location, Placing, Resolution, ServedField},
    solution::{FieldSource, TypeCondition},
};
use crate::{
    index::{FieldSetId, TypeId, needs_entry},
    plan::reach::tree::EntryId,
    reachable::{arrival::Target, landing::arrival_below},
};

impl Placing<'_, '_> {
    /// The source of a field that needs inputs: the jump in the earliest round.
    pub(crate) fn source_with_inputs(
        &mut self,
        condition: TypeCondition,
        id: EntryId,
        locations: &[Location],
        of_primary: bool,
    ) -> Option<ServedField> {
        let object = self.states[&condition].object;
        let name = self.planner.tree.entry(id).name().to_owned();
        let is_hidden = self.planner.tree.entry(id).response_name.is_none();
        let mut best: Option<ServedField> = None;
        for location in locations {
            let Some((_, field)) = self.planner.facts.find_servable(location.vertex, &name) else {
                continue;
            };
            let is_readable =
                !is_hidden || self.planner.facts.may_read(location.vertex, object, &name);
            let wants_type = self.asks_too_many(location, id);
            if !(needs_entry(field) || wants_type) || !is_readable {
                continue;
            }
            let target = Target::of(location.vertex, self.planner.index);
            // A fetch of root fields has no representations, so it cannot send inputs.
            let is_root = |key: FieldSetId| self.planner.index.is_root_entry(object, key);
            let resolutions: Vec<Resolution> =
                (self.resolutions(condition, target, of_primary).into_iter())
                    .filter(|resolution| !resolution.key.is_some_and(is_root))
                    .collect();
            let mut needs = Vec::new();
            if let Some(set) = field.requires {
                let set = self.planner.index.field_set(set);
                match self.planner.tree.hidden(self.position, object, set) {
                    Some(entries) => needs = entries,
                    None => continue,
                }
            }
            if wants_type {
                needs.push(None);
            }
            let Some(ready) = self.find_sources(condition, &needs, of_primary) else {
                continue;
            };
            let round_of = |resolution: &Resolution| resolution.round.max(1 + ready);
            // A subgraph is sure to take the inputs only if `__typename` is the object's type.
            let is_by_interface = |resolution: &Resolution| resolution.asked_as != Some(object);
            let resolution = (resolutions.into_iter())
                .min_by_key(|resolution| (round_of(resolution), is_by_interface(resolution)));
            let Some(resolution) = resolution else {
                continue;
            };
            let round = round_of(&resolution);
            if best.as_ref().is_some_and(|best| best.round <= round) {
                continue;
            }
            best = Some(ServedField {
                round,
                of_primary: location.of_primary && resolution.of_primary,
                sources: SmallVec::new(),
                others: SmallVec::new(),
                input_jump: Some(InputJump {
                    target,
                    requires: field.requires,
                    resolution,
                    needs,
                    round,
                }),
                below: None,
            });
        }
        let best = best?;
        self.serve_below_inputs(id, object, best)
    }

    /// How a target resolves an object: in the earliest round, and by the name of the object's own
    /// type.
    fn resolutions(
        &mut self,
        condition: TypeCondition,
        target: Target,
        of_primary: bool,
    ) -> Vec<Resolution> {
        let object = self.states[&condition].object;
        let quickest = match self.states[&condition].resolutions.get(&target) {
            Some(resolution) => Some(resolution.clone()),
            None => self.find_resolution_as(condition, target, None, of_primary),
        };
        let is_by_name = (quickest.as_ref()).is_none_or(|found| found.asked_as == Some(object));
        let by_name = (!is_by_name && target.as_interface.is_none())
            .then(|| self.find_resolution_as(condition, target, Some(object), of_primary));
        quickest.into_iter().chain(by_name.flatten()).collect()
    }

    fn serve_below_inputs(
        &mut self,
        id: EntryId,
        object: TypeId,
        mut field: ServedField,
    ) -> Option<ServedField> {
        let entry = self.planner.tree.entry(id);
        let hidden = entry
            .child()
            .filter(|&child| self.planner.tree.position(child).is_hidden());
        let (Some(child), Some(input_jump)) = (hidden, &field.input_jump) else {
            return Some(field);
        };
        let vertex = input_jump.target.vertex(object);
        let name = self.planner.tree.entry(id).name().to_owned();
        let arrival = arrival_below(&self.planner.facts, vertex, &name, field.round)?;
        // The fetch has no number yet; the input jump is the only source.
        let arrivals = vec![(arrival, FieldSource::InputJump)];
        let (base, arrivals) = self.planner.canonical(child, &arrivals);
        let solution = Rc::clone(self.planner.solve(child, &arrivals).first()?);
        field.round = base + solution.rounds;
        field.below = Some((base, arrivals, solution));
        Some(field)
    }
}
