//! Serves fields that want something sent along: `@requires`, and arguments from a context.

use std::rc::Rc;

use smallvec::SmallVec;

use super::{
    placing::{Errand, Item, Opening, Placing, Station},
    solution::{Source, Who},
};
use crate::{
    index::{FieldSetId, TypeId, needs_entry},
    plan::reach::tree::EntryId,
    reachable::{arrival::Target, landing::arrival_below},
};

impl Placing<'_, '_> {
    /// Serves a field that wants something sent along, by the quickest jump.
    pub(crate) fn resolve_errands(
        &mut self,
        who: Who,
        id: EntryId,
        stations: &[Station],
        of_primary: bool,
    ) -> Option<Item> {
        let object = self.states[&who].object;
        let name = self.planner.tree.entry(id).name().to_owned();
        let is_hidden = self.planner.tree.entry(id).response_name.is_none();
        let mut best: Option<Item> = None;
        for station in stations {
            let Some((_, field)) = self.planner.facts.find_servable(station.vertex, &name) else {
                continue;
            };
            let is_readable =
                !is_hidden || self.planner.facts.may_read(station.vertex, object, &name);
            let wants_type = self.asks_too_many(station, id);
            if !(needs_entry(field) || wants_type) || !is_readable {
                continue;
            }
            let target = Target::of(station.vertex, self.planner.index);
            // Nothing can be sent along with root fields.
            let is_root = |key: FieldSetId| self.planner.index.is_root_entry(object, key);
            let openings: Vec<Opening> = (self.openings(who, target, of_primary).into_iter())
                .filter(|opening| !opening.key.is_some_and(is_root))
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
            let Some(ready) = self.resolve_all(who, &needs, of_primary) else {
                continue;
            };
            let level_of = |opening: &Opening| opening.level.max(1 + ready);
            // What is sent along is sure to get there by the object's own name alone.
            let is_by_interface = |opening: &Opening| opening.asked_as != Some(object);
            let opening = (openings.into_iter())
                .min_by_key(|opening| (level_of(opening), is_by_interface(opening)));
            let Some(opening) = opening else { continue };
            let level = level_of(&opening);
            if best.as_ref().is_some_and(|best| best.level <= level) {
                continue;
            }
            best = Some(Item {
                level,
                of_primary: station.of_primary && opening.of_primary,
                sources: SmallVec::new(),
                others: SmallVec::new(),
                errand: Some(Errand {
                    target,
                    requires: field.requires,
                    opening,
                    needs,
                    level,
                }),
                below: None,
            });
        }
        let best = best?;
        self.resolve_below_errand(id, object, best)
    }

    /// The ways to ask a target for an object: the quickest, and the one by its own name.
    fn openings(&mut self, who: Who, target: Target, of_primary: bool) -> Vec<Opening> {
        let object = self.states[&who].object;
        let quickest = match self.states[&who].openings.get(&target) {
            Some(opening) => Some(opening.clone()),
            None => self.find_opening_as(who, target, None, of_primary),
        };
        let is_by_name = (quickest.as_ref()).is_none_or(|found| found.asked_as == Some(object));
        let by_name = (!is_by_name && target.as_interface.is_none())
            .then(|| self.find_opening_as(who, target, Some(object), of_primary));
        quickest.into_iter().chain(by_name.flatten()).collect()
    }

    fn resolve_below_errand(
        &mut self,
        id: EntryId,
        object: TypeId,
        mut item: Item,
    ) -> Option<Item> {
        let entry = self.planner.tree.entry(id);
        let hidden = entry
            .child()
            .filter(|&child| self.planner.tree.position(child).is_hidden());
        let (Some(child), Some(errand)) = (hidden, &item.errand) else {
            return Some(item);
        };
        let vertex = errand.target.vertex(object);
        let name = self.planner.tree.entry(id).name().to_owned();
        let arrival = arrival_below(&self.planner.facts, vertex, &name, item.level)?;
        // Which fetch it is, is not yet known; the errand is the only source.
        let arrivals = vec![(arrival, Source::Fetch(u16::MAX))];
        let (base, arrivals) = self.planner.canonical(child, &arrivals);
        let solution = Rc::clone(self.planner.solve(child, &arrivals).first()?);
        item.level = base + solution.rounds;
        item.below = Some((base, arrivals, solution));
        Some(item)
    }
}
