//! Writes down a placement with all its choices made.

use std::rc::Rc;

use apollo_compiler::collections::{IndexMap, IndexSet};
use smallvec::SmallVec;

use super::{
    evaluate::{Chosen, Errands, Partial, Unit, Usage},
    place::{ItemKey, Placing},
    solution::{
        Below, Decision, Instance, InstanceEntry, Placed, PlacedItem, Solution, Source, Who,
    },
    tree::EntryId,
};

impl Placing<'_, '_> {
    pub(super) fn conclude(&mut self, partial: Partial) -> Solution {
        let mut built = Builder::default();
        let waits = self.waits(&partial.usage);
        for (jump, whose) in &partial.usage.units {
            let alone = self.goes_alone(&partial.usage, jump.0);
            (self.planner.budget).step(built.instances.len() + built.made.len());
            let at = built.instance(*jump, alone, &waits);
            for &who in whose {
                built.by_unit.insert((jump.0, who), at);
                let entry = self.instance_entry(jump.0, who, &partial.usage);
                built.instances[at].add(entry);
            }
        }
        let mut items = Vec::with_capacity(partial.usage.items.len());
        let chosen: Chosen = partial
            .below
            .into_iter()
            .map(|(key, arrivals, solution)| (key, (arrivals, solution)))
            .collect();
        for &key in &partial.usage.items {
            self.planner.budget.step(1);
            items.push(self.placed_item(key, &chosen, &built));
        }
        Solution {
            used: used_arrivals(&items),
            rounds: partial.usage.rounds,
            fetches: partial.usage.fetches,
            weight: partial.usage.weight,
            decision: Decision::Placed(Placed {
                instances: built.instances,
                items,
            }),
        }
    }

    fn waits(&self, usage: &Usage) -> Waits {
        let mut waits: Waits = IndexMap::default();
        let made_in = |unit: Unit, who: Who| {
            let mut jumps = usage.units.iter();
            jumps
                .find_map(|(jump, whose)| (jump.0 == unit && whose.contains(&who)).then_some(*jump))
        };
        for (jump, whose) in &usage.units {
            let mut work: Vec<ItemKey> = Vec::new();
            for &who in whose {
                work.extend(self.needs_of(jump.0, who, usage));
            }
            let mut seen: IndexSet<ItemKey> = work.iter().copied().collect();
            let mut before: IndexSet<Jump> = IndexSet::default();
            while let Some(key) = work.pop() {
                self.planner.budget.step(1 + usage.units.len());
                for (needed, who) in self.units_of(key) {
                    before.extend(made_in(needed, who));
                    for next in self.needs_of(needed, who, usage) {
                        if seen.insert(next) {
                            work.push(next);
                        }
                    }
                }
            }
            waits.insert(*jump, before);
        }
        waits
    }

    /// What a jump for objects of some kind sends.
    fn needs_of(&self, unit: Unit, who: Who, usage: &Usage) -> Vec<ItemKey> {
        self.planner.budget.step(match unit.errand {
            Errands::None => 1,
            Errands::Plain | Errands::Sending(_) => usage.items.len(),
        });
        let needs: Vec<Option<EntryId>> = match unit.errand {
            Errands::None => self
                .opening(who, unit.target)
                .map(|opening| opening.needs.clone())
                .unwrap_or_default(),
            Errands::Plain | Errands::Sending(_) => usage
                .items
                .iter()
                .filter(|key| key.0 == who)
                .filter_map(|key| self.items.get(key)?.errand.as_ref())
                .filter(|errand| Unit::of(errand) == unit)
                .flat_map(|errand| errand.opening.needs.iter().chain(&errand.needs).copied())
                .collect(),
        };
        needs.into_iter().map(|need| (who, need)).collect()
    }

    /// The jumps that a field comes from.
    fn units_of(&self, key: ItemKey) -> Vec<(Unit, Who)> {
        let Some(item) = self.items.get(&key) else {
            return Vec::new();
        };
        let own = item.errand.as_ref().map(Unit::of);
        let others = item.sources.iter().filter_map(|source| match source {
            Source::Fetch(at) => self
                .targets
                .get(usize::from(*at))
                .map(|&target| Unit::to(target)),
            Source::Arrival(_) => None,
        });
        own.into_iter()
            .chain(others)
            .map(|unit| (unit, key.0))
            .collect()
    }

    fn instance_entry(&self, unit: Unit, who: Who, usage: &Usage) -> InstanceEntry {
        self.planner.budget.step(usage.items.len());
        let errands = || {
            usage
                .items
                .iter()
                .filter(|key| key.0 == who)
                .filter_map(|key| {
                    let errand = self.items[key].errand.as_ref()?;
                    let same =
                        errand.target == unit.target && Errands::of(errand.requires) == unit.errand;
                    same.then_some(errand)
                })
        };
        let (opening, is_typed) = match unit.errand {
            Errands::None => (self.opening(who, unit.target), false),
            Errands::Plain | Errands::Sending(_) => {
                let mut errands = errands();
                let first = errands.next();
                let is_typed = first
                    .into_iter()
                    .chain(errands)
                    .any(|errand| errand.needs.contains(&None));
                (first.map(|errand| &errand.opening), is_typed)
            }
        };
        InstanceEntry {
            who,
            asked_as: opening.and_then(|opening| opening.asked_as),
            key: opening.and_then(|opening| opening.key),
            requires: match unit.errand {
                Errands::Sending(set) => std::iter::once(set).collect(),
                Errands::None | Errands::Plain => SmallVec::new(),
            },
            is_typed,
        }
    }

    fn placed_item(&self, key: ItemKey, chosen: &Chosen, built: &Builder) -> PlacedItem {
        let item = &self.items[&key];
        let own = item
            .errand
            .as_ref()
            .and_then(|errand| built.source(Unit::of(errand), key.0));
        let actual = |source: Source| match source {
            Source::Arrival(_) => Some(source),
            Source::Fetch(u16::MAX) => own,
            Source::Fetch(at) => built.source(Unit::to(self.targets[at as usize]), key.0),
        };
        let chosen = chosen.get(&key);
        let below = chosen
            .map(|(arrivals, solution)| (arrivals, solution))
            .or(item
                .below
                .as_ref()
                .map(|(_, arrivals, solution)| (arrivals, solution)));
        let below = below.map(|(arrivals, solution)| {
            let arrivals = arrivals
                .iter()
                // A jump that nothing below uses may not be made at all.
                .map(|&(arrival, source)| {
                    (arrival, actual(source).unwrap_or(Source::Fetch(u16::MAX)))
                })
                .collect();
            Below {
                arrivals,
                solution: Rc::clone(solution),
            }
        });
        let sources = match &below {
            Some(below) => below.arrivals.iter().map(|(_, source)| *source).collect(),
            None if item.errand.is_some() => own.into_iter().collect(),
            None => item
                .sources
                .iter()
                .take(1)
                .filter_map(|&source| actual(source))
                .collect(),
        };
        PlacedItem {
            who: key.0,
            entry: key.1,
            sources,
            below,
        }
    }
}

/// A jump in the round in which it is made.
type Jump = (Unit, u16);

/// For each jump, those it waits for, directly or not.
type Waits = IndexMap<Jump, IndexSet<Jump>>;

#[derive(Debug, Default)]
struct Builder {
    instances: Vec<Instance>,
    by_unit: IndexMap<(Unit, Who), usize>,
    /// The jumps that an instance makes.
    made: IndexMap<Jump, usize>,
    alone: IndexSet<usize>,
}

impl Builder {
    fn instance(&mut self, jump: Jump, alone: bool, waits: &Waits) -> usize {
        let (Unit { target, .. }, level) = jump;
        let waits_for = |one: Jump, other: Jump| {
            waits
                .get(&one)
                .is_some_and(|before| before.contains(&other))
        };
        let is_apart = |at: usize| {
            let mut within = self.made.iter().filter(|(_, within)| **within == at);
            within.all(|(&other, _)| !waits_for(jump, other) && !waits_for(other, jump))
        };
        let found = self
            .instances
            .iter()
            .enumerate()
            .position(|(at, instance)| {
                !alone
                    && !self.alone.contains(&at)
                    && instance.target == target
                    && instance.level == level
                    && is_apart(at)
            });
        let at = found.unwrap_or_else(|| {
            self.instances.push(Instance {
                target,
                level,
                entries: Vec::new(),
            });
            if alone {
                self.alone.insert(self.instances.len() - 1);
            }
            self.instances.len() - 1
        });
        self.made.insert(jump, at);
        at
    }

    fn source(&self, unit: Unit, who: Who) -> Option<Source> {
        let at = *self.by_unit.get(&(unit, who))?;
        u16::try_from(at).ok().map(Source::Fetch)
    }
}

impl Instance {
    fn add(&mut self, entry: InstanceEntry) {
        match self.entries.iter_mut().find(|other| other.who == entry.who) {
            Some(other) => {
                other.is_typed |= entry.is_typed;
                for set in entry.requires {
                    if !other.requires.contains(&set) {
                        other.requires.push(set);
                    }
                }
            }
            None => self.entries.push(entry),
        }
    }
}

/// The arrivals from which anything is selected.
fn used_arrivals(items: &[PlacedItem]) -> SmallVec<[u16; 2]> {
    let mut used: IndexSet<u16> = IndexSet::default();
    for item in items {
        let sources = match &item.below {
            Some(below) => below.solution.used_sources(&below.arrivals),
            None => item.sources.clone(),
        };
        used.extend(sources.into_iter().filter_map(|source| match source {
            Source::Arrival(at) => Some(at),
            Source::Fetch(_) => None,
        }));
    }
    used.into_iter().collect()
}
