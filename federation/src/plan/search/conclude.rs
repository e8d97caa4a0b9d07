//! Writes down a placement with all its choices made.

use std::rc::Rc;

use apollo_compiler::collections::{IndexMap, IndexSet};
use smallvec::SmallVec;

use super::{
    evaluate::{Chosen, Errands, Partial, Unit, Usage},
    placing::{Errand, ItemKey, Placing},
    solution::{
        Below, Decision, Instance, InstanceEntry, Placed, PlacedItem, Solution, Source, Who,
    },
};
use crate::{budget::Budget, plan::reach::tree::EntryId, reachable::arrival::Target};

impl Placing<'_, '_> {
    pub(crate) fn conclude(&mut self, partial: Partial) -> Solution {
        let mut built = Builder::default();
        let made = Made::of(self, &partial.usage);
        let mut waits: Waits = IndexMap::default();
        for (jump, whose) in &partial.usage.units {
            let alone = self.goes_alone(&partial.usage, jump.0);
            let mut waits_for = |one: Jump, other: Jump| {
                let before = waits.entry(one);
                before
                    .or_insert_with(|| self.waits(&made, one))
                    .contains(&other)
            };
            let at = built.instance((*jump, alone), self.planner.budget, &mut waits_for);
            for &who in whose {
                built.by_unit.insert((jump.0, who), at);
                let entry = self.instance_entry(jump.0, who, &made);
                built.add_entry(at, entry);
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
            fetches: partial.usage.fetches.into_iter().collect(),
            weight: partial.usage.weight,
            decision: Decision::Placed(Placed {
                instances: built.instances,
                items,
            }),
        }
    }

    /// The jumps that one waits for, directly or not.
    fn waits(&self, made: &Made<'_>, jump: Jump) -> IndexSet<Jump> {
        let whose = made.usage.units.get(&jump);
        let mut work: Vec<ItemKey> = Vec::new();
        for &who in whose.into_iter().flatten() {
            work.extend(self.needs_of(jump.0, who, made));
        }
        let mut seen: IndexSet<ItemKey> = work.iter().copied().collect();
        let mut before: IndexSet<Jump> = IndexSet::default();
        while let Some(key) = work.pop() {
            self.planner.budget.step(1);
            for (needed, who) in self.units_of(key) {
                before.extend(made.jumps.get(&(needed, who)));
                for next in self.needs_of(needed, who, made) {
                    if seen.insert(next) {
                        work.push(next);
                    }
                }
            }
        }
        before
    }

    /// What a jump for objects of some kind sends.
    fn needs_of(&self, unit: Unit, who: Who, made: &Made<'_>) -> Vec<ItemKey> {
        let needs: Vec<Option<EntryId>> = match unit.errand {
            Errands::None => self
                .opening(who, unit.target)
                .map(|opening| opening.needs.clone())
                .unwrap_or_default(),
            Errands::Plain | Errands::Sending(_) => (self.errands(unit, who, made))
                .flat_map(|errand| errand.opening.needs.iter().chain(&errand.needs).copied())
                .collect(),
        };
        self.planner.budget.step(1 + needs.len());
        needs.into_iter().map(|need| (who, need)).collect()
    }

    /// The errands that a jump is made for.
    fn errands(&self, unit: Unit, who: Who, made: &Made<'_>) -> impl Iterator<Item = &Errand> {
        let keys = made.errands.get(&(unit, who)).into_iter().flatten();
        keys.filter_map(|key| self.items.get(key)?.errand.as_ref())
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

    fn instance_entry(&self, unit: Unit, who: Who, made: &Made<'_>) -> InstanceEntry {
        let (opening, is_typed) = match unit.errand {
            Errands::None => (self.opening(who, unit.target), false),
            Errands::Plain | Errands::Sending(_) => {
                let first = self.errands(unit, who, made).next();
                let is_typed = self.errands(unit, who, made).any(|errand| {
                    self.planner.budget.step(1);
                    errand.needs.contains(&None)
                });
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

/// The jumps of a placement, sorted.
struct Made<'u> {
    usage: &'u Usage,
    /// The first round in which a jump is made for objects of some kind.
    jumps: IndexMap<(Unit, Who), Jump>,
    /// The fields whose errands make a jump.
    errands: IndexMap<(Unit, Who), Vec<ItemKey>>,
}

impl<'u> Made<'u> {
    fn of(placing: &Placing<'_, '_>, usage: &'u Usage) -> Self {
        let mut made = Self {
            usage,
            jumps: IndexMap::default(),
            errands: IndexMap::default(),
        };
        let budget = placing.planner.budget;
        budget.step(usage.items.len());
        for (jump, whose) in &usage.units {
            budget.step(1 + whose.len());
            for &who in whose {
                made.jumps.entry((jump.0, who)).or_insert(*jump);
            }
        }
        for &key in &usage.items {
            let item = placing.items.get(&key);
            if let Some(errand) = item.and_then(|item| item.errand.as_ref()) {
                let unit = (Unit::of(errand), key.0);
                made.errands.entry(unit).or_default().push(key);
            }
        }
        made
    }
}

/// An instance and the jumps that it makes.
type Makes = (usize, Vec<Jump>);

#[derive(Debug, Default)]
struct Builder {
    instances: Vec<Instance>,
    by_unit: IndexMap<(Unit, Who), usize>,
    /// Where the entries of instances are, by whose they are.
    entries: IndexMap<(usize, Who), usize>,
    /// The jumps that each instance makes; those that make one alone are not among them.
    made: IndexMap<(Target, u16), Vec<Makes>>,
}

impl Builder {
    fn instance(
        &mut self,
        (jump, alone): (Jump, bool),
        budget: &Budget,
        waits_for: &mut impl FnMut(Jump, Jump) -> bool,
    ) -> usize {
        let (Unit { target, .. }, level) = jump;
        let there = self.made.entry((target, level)).or_default();
        let mut is_apart = |made: &Vec<Jump>| {
            budget.step(made.len());
            let mut made = made.iter();
            made.all(|&other| !waits_for(jump, other) && !waits_for(other, jump))
        };
        let found = there.iter_mut().find(|(_, made)| !alone && is_apart(made));
        if let Some((at, made)) = found {
            made.push(jump);
            return *at;
        }
        let at = self.instances.len();
        self.instances.push(Instance {
            target,
            level,
            entries: Vec::new(),
        });
        if !alone {
            there.push((at, vec![jump]));
        }
        at
    }

    fn add_entry(&mut self, at: usize, entry: InstanceEntry) {
        let entries = &mut self.instances[at].entries;
        let own = *self.entries.entry((at, entry.who)).or_insert(entries.len());
        match entries.get_mut(own) {
            Some(other) => {
                other.is_typed |= entry.is_typed;
                for set in entry.requires {
                    if !other.requires.contains(&set) {
                        other.requires.push(set);
                    }
                }
            }
            None => entries.push(entry),
        }
    }

    fn source(&self, unit: Unit, who: Who) -> Option<Source> {
        let at = *self.by_unit.get(&(unit, who))?;
        u16::try_from(at).ok().map(Source::Fetch)
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
