//! Serves a position once it is settled which subgraphs are jumped to: who serves which field, in
//! which round, and what has to be sent along.

use std::rc::Rc;

use apollo_compiler::collections::IndexMap;
use smallvec::{SmallVec, smallvec};

use super::{
    candidates::Demand,
    placing::{Item, ItemKey, Opening, Placing, State, Station},
    solution::{Solution, Source, Who},
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
    /// The ways to serve everything with these targets; none if it cannot be.
    pub(crate) fn place(mut self, primary: Option<usize>) -> Vec<Rc<Solution>> {
        let demands = self.planner.demands(self.position, self.arrivals, primary);
        let whole = self.place_demands(&demands, primary, false);
        // Whoever has a field without knowing the type may not have what is below it.
        if whole.is_empty() && demands.iter().any(|demand| demand.who == Who::Anyone) {
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
        let mut served: Vec<ItemKey> = Vec::with_capacity(demands.len());
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
        served: &mut Vec<ItemKey>,
    ) -> bool {
        self.open_targets(demand.who, primary);
        if !(by_class && demand.who == Who::Anyone)
            && self.resolve(demand.who, demand.entry, demand.of_primary)
        {
            served.push((demand.who, demand.entry));
            return true;
        }
        if demand.who != Who::Anyone {
            return false;
        }
        // Nobody serves it without knowing the type: then each type is served.
        let classes = self.planner.tree.position(self.position).classes.len();
        for at in 0..classes {
            let who = Who::Class(u16::try_from(at).unwrap_or(u16::MAX));
            self.open_targets(who, primary);
            if !self.resolve(who, demand.entry, demand.of_primary) {
                return false;
            }
            served.push((who, demand.entry));
        }
        classes > 0
    }

    /// Opens the targets to an object, nearest first: first from the primary arrival, then from
    /// all.
    fn open_targets(&mut self, who: Who, primary: Option<usize>) {
        if self.states.contains_key(&who) {
            return;
        }
        let object = self.object(who);
        let here = self.planner.vertices_of(self.position, self.arrivals, who);
        let station = |(at, vertex): (usize, Vertex)| Station {
            source: Source::Arrival(u16::try_from(at).unwrap_or(u16::MAX)),
            vertex,
            level: self.arrivals[at].level,
            of_primary: primary.is_none_or(|primary| primary == at),
        };
        let mut stations: Vec<Station> = here.into_iter().map(station).collect();
        stations.sort_by_key(|station| station.level);
        let (of_primary, others): (Vec<_>, Vec<_>) =
            stations.into_iter().partition(|station| station.of_primary);
        let state = State {
            object,
            stations: of_primary,
            openings: IndexMap::default(),
        };
        self.states.insert(who, state);
        if self.arrivals.is_empty() {
            self.open_roots(who);
            return;
        }
        if !self.states[&who].stations.is_empty() {
            self.open_nearest_first(who, true);
        }
        if !others.is_empty() {
            if let Some(state) = self.states.get_mut(&who) {
                state.stations.extend(others);
                state.stations.sort_by_key(|station| station.level);
            }
            self.open_nearest_first(who, false);
        }
    }

    fn open_roots(&mut self, who: Who) {
        let object = self.object(who);
        let Some(state) = self.states.get_mut(&who) else {
            return;
        };
        for (at, target) in self.targets.iter().enumerate() {
            let opening = Opening {
                asked_as: None,
                key: None,
                needs: Vec::new(),
                level: 0,
                of_primary: true,
            };
            state.openings.insert(*target, opening);
            state.stations.push(Station {
                source: Source::Fetch(u16::try_from(at).unwrap_or(u16::MAX)),
                vertex: target.vertex(object),
                level: 0,
                of_primary: true,
            });
        }
    }

    fn open_nearest_first(&mut self, who: Who, of_primary: bool) {
        loop {
            let mut nearest: Option<(usize, Opening)> = None;
            for (at, &target) in self.targets.iter().enumerate() {
                // Behind a keyed interface objects have types: that is a matter of classes.
                let is_of_classes = who == Who::Anyone && target.as_interface.is_none();
                if is_of_classes || self.states[&who].openings.contains_key(&target) {
                    continue;
                }
                let Some(opening) = self.find_opening(who, target, of_primary) else {
                    continue;
                };
                if nearest
                    .as_ref()
                    .is_none_or(|(_, best)| opening.level < best.level)
                {
                    nearest = Some((at, opening));
                }
            }
            let Some((at, opening)) = nearest else { return };
            let target = self.targets[at];
            let Some(state) = self.states.get_mut(&who) else {
                return;
            };
            let station = Station {
                source: Source::Fetch(u16::try_from(at).unwrap_or(u16::MAX)),
                vertex: target.vertex(state.object),
                level: opening.level,
                of_primary,
            };
            let behind = state
                .stations
                .partition_point(|other| other.level <= station.level);
            state.stations.insert(behind, station);
            let level = opening.level;
            state.openings.insert(target, opening);
            // What was to come later may now come sooner.
            let mut kept = self.settled.swap_remove(&who).unwrap_or_default();
            self.planner.budget.step(kept.len());
            kept.retain(|&entry| {
                let key = (who, entry);
                let is_late = self.items.get(&key).is_some_and(|item| item.level > level);
                if is_late {
                    self.items.swap_remove(&key);
                }
                !is_late
            });
            self.settled.insert(who, kept);
        }
    }

    /// The quickest way to ask a target for an object, from where the object already is.
    fn find_opening(&mut self, who: Who, target: Target, of_primary: bool) -> Option<Opening> {
        self.find_opening_as(who, target, None, of_primary)
    }

    /// The quickest way to ask a target for an object by a type's name, or by any.
    pub(crate) fn find_opening_as(
        &mut self,
        who: Who,
        target: Target,
        name: Option<TypeId>,
        of_primary: bool,
    ) -> Option<Opening> {
        let object = self.states[&who].object;
        let vertex = target.vertex(object);
        let budget = self.planner.budget;
        let entries = self.planner.entries_to(object, vertex);
        let mut best: Option<Opening> = None;
        for &(asked_as, key) in entries.iter() {
            if name.is_some_and(|name| asked_as != name) {
                continue;
            }
            if !budget.step(1 + self.states[&who].stations.len()) {
                return None;
            }
            let known_at = self.states[&who]
                .stations
                .iter()
                .filter(|station| {
                    self.planner
                        .index
                        .is_known_as(station.vertex.as_type, asked_as)
                })
                .map(|station| station.level)
                .min();
            let Some(known_at) = known_at else { continue };
            let set = self.planner.index.field_set(key);
            let Some(mut needs) = (self.planner.tree).hidden_key(self.position, object, set) else {
                continue;
            };
            if !self.arrives_as(who, asked_as) {
                needs.push(None);
            }
            let Some(ready) = self.resolve_all(who, &needs, of_primary) else {
                continue;
            };
            let opening = Opening {
                asked_as: Some(asked_as),
                key: Some(key),
                needs,
                level: 1 + known_at.max(ready),
                of_primary,
            };
            if best.as_ref().is_none_or(|best| opening.level < best.level) {
                best = Some(opening);
            }
        }
        best
    }

    /// Whether an object is known to be of a type when it arrives.
    fn arrives_as(&self, who: Who, asked_as: TypeId) -> bool {
        let mut arrived = (self.states[&who].stations.iter())
            .filter(|station| matches!(station.source, Source::Arrival(_)));
        arrived.any(|station| (self.planner.index).is_known_as(station.vertex.as_type, asked_as))
    }

    /// The round in which all of some fields are there; `None` if one cannot be had.
    pub(crate) fn resolve_all(
        &mut self,
        who: Who,
        needs: &[Option<EntryId>],
        of_primary: bool,
    ) -> Option<u16> {
        let mut ready = 0;
        for &need in needs {
            if !self.resolve(who, need, of_primary) {
                return None;
            }
            ready = ready.max(self.items[&(who, need)].level);
        }
        Some(ready)
    }

    /// Settles who serves a field; whether anybody does.
    fn resolve(&mut self, who: Who, entry: Option<EntryId>, of_primary: bool) -> bool {
        if !self.planner.budget.step(1) {
            return false;
        }
        let key = (who, entry);
        if let Some(item) = self.items.get(&key)
            && (item.of_primary || !of_primary)
        {
            return true;
        }
        if !self.open.insert(key) {
            return false;
        }
        let item = match entry {
            Some(id) => self.resolve_entry(who, id, of_primary),
            None => self.resolve_type(who),
        };
        self.open.swap_remove(&key);
        match item {
            Some(item) => {
                if self.items.insert(key, item).is_none() {
                    self.settled.entry(who).or_default().push(entry);
                }
                true
            }
            None => false,
        }
    }

    fn resolve_type(&self, who: Who) -> Option<Item> {
        let state = &self.states[&who];
        let typed = state
            .stations
            .iter()
            .find(|station| self.planner.index.is_object(station.vertex.as_type))?;
        Some(Item {
            level: typed.level,
            of_primary: typed.of_primary,
            sources: smallvec![typed.source],
            others: SmallVec::new(),
            errand: None,
            below: None,
        })
    }

    fn resolve_entry(&mut self, who: Who, id: EntryId, of_primary: bool) -> Option<Item> {
        (self.planner.budget).step(self.states[&who].stations.len());
        let stations: Vec<Station> = self.states[&who]
            .stations
            .iter()
            .filter(|station| station.of_primary || !of_primary)
            .copied()
            .collect();
        let plain: Vec<Station> = stations
            .iter()
            .filter(|station| {
                self.planner.serves_plainly(station.vertex, id) && !self.asks_too_many(station, id)
            })
            .copied()
            .collect();
        if let Some(item) = self.resolve_plain(id, &plain) {
            return Some(item);
        }
        self.resolve_errands(who, id, &stations, of_primary)
    }

    pub(crate) fn asks_too_many(&self, station: &Station, id: EntryId) -> bool {
        matches!(station.source, Source::Arrival(_))
            && (self.planner).asks_too_many(self.position, station.vertex, id)
    }

    fn resolve_plain(&mut self, id: EntryId, plain: &[Station]) -> Option<Item> {
        let nearest = plain
            .iter()
            .min_by_key(|station| (station.level, !station.of_primary))?;
        let mut item = Item {
            level: nearest.level,
            of_primary: nearest.of_primary,
            sources: smallvec![nearest.source],
            others: SmallVec::new(),
            errand: None,
            below: None,
        };
        let Some(child) = self.planner.tree.entry(id).child() else {
            if matches!(nearest.source, Source::Fetch(_)) {
                let others = plain.iter().filter(|other| {
                    other.source != nearest.source
                        && other.level == nearest.level
                        && other.of_primary == nearest.of_primary
                });
                item.others = others.map(|other| other.source).collect();
            }
            return Some(item);
        };
        item.sources = plain.iter().map(|station| station.source).collect();
        item.of_primary = plain.iter().all(|station| station.of_primary);
        if !self.planner.tree.position(child).is_hidden() {
            return Some(item);
        }
        let name = self.planner.tree.entry(id).name().to_owned();
        let arrivals: Vec<(Arrival, Source)> = plain
            .iter()
            .filter_map(|station| {
                let arrival =
                    arrival_below(&self.planner.facts, station.vertex, &name, station.level)?;
                Some((arrival, station.source))
            })
            .collect();
        let (base, arrivals) = self.planner.canonical(child, &arrivals);
        let solution = Rc::clone(self.planner.solve(child, &arrivals).first()?);
        item.level = base + solution.rounds;
        item.below = Some((base, arrivals, solution));
        Some(item)
    }
}
