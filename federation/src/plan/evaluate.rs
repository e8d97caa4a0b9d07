//! What a placement costs: rounds, fetches and fields, over the choices left below it.

use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};
use smallvec::{SmallVec, smallvec};

use super::{
    arrival::{Arrival, Target},
    place::{Item, ItemKey, Placing},
    reach::arrival_below,
    solution::{
        Below, Costed, Decision, FetchSet, Instance, InstanceEntry, Placed, PlacedItem, Solution,
        Source, Who, insert, unite,
    },
    tree::{EntryId, PositionId},
};
use crate::index::{FieldSetId, Selection};

/// A jump of a placement: to a target for what it has anyway, or with something sent along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Unit {
    target: Target,
    errand: Option<Option<FieldSetId>>,
}

/// What of a placement is in use so far.
#[derive(Clone, Debug, Default)]
struct Usage {
    items: IndexSet<ItemKey>,
    /// Jumps with the round of each and whose objects they are for.
    units: IndexMap<Unit, (u16, IndexSet<Who>)>,
    /// Jumps for what they have anyway that keys and `@requires` rely on.
    relied_on: IndexSet<Target>,
    arrivals: IndexSet<u16>,
    fetches: FetchSet,
    rounds: u16,
    weight: (u32, u32),
}

/// A placement with some of the choices below it made.
#[derive(Clone, Debug, Default)]
struct Partial {
    usage: Usage,
    below: Vec<(ItemKey, Vec<(Arrival, Source)>, Rc<Solution>)>,
}

impl Costed for Partial {
    fn cost(&self) -> (u16, usize, (u32, u32)) {
        let (fields, levels) = self.usage.weight;
        (
            self.usage.rounds,
            self.usage.fetches.len(),
            (fields + levels, fields),
        )
    }
}

type Raised = IndexMap<Target, u16>;
type Chosen = IndexMap<ItemKey, (Vec<(Arrival, Source)>, Rc<Solution>)>;

impl Placing<'_, '_> {
    /// The best of what the placement can cost.
    pub(super) fn evaluate(&mut self, served: &[ItemKey]) -> Vec<Rc<Solution>> {
        let served: IndexSet<ItemKey> = served.iter().copied().collect();
        let plain = self.start(&served, &Raised::new());
        let raised = self.raisable(&plain.usage);
        let mut solutions = self.finish(&served, plain, &Raised::new());
        if !raised.is_empty() {
            // A jump that carries more can take along what a quicker one to the same place would
            // fetch: fewer fetches, if that can wait.
            let start = self.start(&served, &raised);
            solutions.extend(self.finish(&served, start, &raised));
        }
        solutions
    }

    fn raisable(&self, usage: &Usage) -> Raised {
        let mut raised = Raised::new();
        for (unit, &(level, _)) in &usage.units {
            if unit.errand.is_some()
                && self.targets.contains(&unit.target)
                && !usage.relied_on.contains(&unit.target)
            {
                let highest = raised.entry(unit.target).or_insert(level);
                *highest = level.max(*highest);
            }
        }
        raised
    }

    /// Counts what does not depend on choices below.
    fn start(&mut self, served: &IndexSet<ItemKey>, raised: &Raised) -> Partial {
        let mut partial = Partial::default();
        for &key in served {
            if self.child_of_client(key).is_none() {
                self.use_item(&mut partial, key, false, raised);
            } else if let Some(errand) = &self.items[&key].errand {
                let errand = errand.clone();
                self.use_errand(&mut partial, key, &errand, raised);
            }
        }
        partial
    }

    fn child_of_client(&self, key: ItemKey) -> Option<PositionId> {
        let child = self.planner.tree.entry(key.1?).child()?;
        (!self.planner.tree.position(child).is_hidden()).then_some(child)
    }

    fn use_item(&mut self, partial: &mut Partial, key: ItemKey, relied_on: bool, raised: &Raised) {
        let item = self.items[&key].clone();
        let is_new = partial.usage.items.insert(key);
        if !is_new && !relied_on {
            return;
        }
        if is_new {
            partial.usage.weight.0 += 1;
        }
        if let Some(errand) = &item.errand {
            if is_new {
                self.use_errand(partial, key, errand, raised);
            }
        } else if item.below.is_none() {
            self.use_source(partial, key.0, item.sources[0], (relied_on, raised));
        }
        if let (true, Some((base, arrivals, solution))) = (is_new, &item.below) {
            self.use_below(partial, key, arrivals, solution, raised);
            partial.usage.fetches = unite(&partial.usage.fetches, &solution.fetches, *base);
        }
        let level = self.level(&item, raised);
        partial.usage.rounds = partial.usage.rounds.max(level);
        if is_new {
            partial.usage.weight.1 += u32::from(level);
        }
    }

    fn level(&self, item: &Item, raised: &Raised) -> u16 {
        match item.sources.first() {
            Some(&Source::Fetch(at)) if item.below.is_none() => {
                let target = self.targets[at as usize];
                raised.get(&target).copied().unwrap_or(0).max(item.level)
            }
            _ => item.level,
        }
    }

    fn use_below(
        &mut self,
        partial: &mut Partial,
        key: ItemKey,
        arrivals: &[(Arrival, Source)],
        solution: &Solution,
        raised: &Raised,
    ) {
        let is_hidden = self.child_of_client(key).is_none();
        for source in used_sources(arrivals, solution) {
            if source != Source::Fetch(u16::MAX) {
                self.use_source(partial, key.0, source, (is_hidden, raised));
            }
        }
    }

    fn use_source(
        &mut self,
        partial: &mut Partial,
        who: Who,
        source: Source,
        (relied_on, raised): (bool, &Raised),
    ) {
        match source {
            Source::Arrival(at) => {
                partial.usage.arrivals.insert(at);
            }
            Source::Fetch(at) if usize::from(at) >= self.targets.len() => {}
            Source::Fetch(at) => {
                let target = self.targets[at as usize];
                if relied_on {
                    partial.usage.relied_on.insert(target);
                }
                let Some(opening) = self.opening(who, target) else {
                    return;
                };
                let needs = opening.needs.clone();
                let level = opening.level.max(raised.get(&target).copied().unwrap_or(0));
                let unit = Unit {
                    target,
                    errand: None,
                };
                if self.use_unit(partial, unit, who, level) {
                    self.use_needs(partial, who, &needs, raised);
                }
            }
        }
    }

    fn use_errand(
        &mut self,
        partial: &mut Partial,
        (who, _): ItemKey,
        errand: &super::place::Errand,
        raised: &Raised,
    ) {
        // All that is asked of one place is asked at once, if one can wait for another.
        let level = raised
            .get(&errand.target)
            .copied()
            .unwrap_or(0)
            .max(errand.level);
        let unit = Unit {
            target: errand.target,
            errand: Some(errand.requires),
        };
        if self.use_unit(partial, unit, who, level) {
            self.use_needs(partial, who, &errand.opening.needs, raised);
            self.use_needs(partial, who, &errand.needs, raised);
        }
    }

    fn use_needs(&mut self, partial: &mut Partial, who: Who, needs: &[EntryId], raised: &Raised) {
        for &id in needs {
            self.use_item(partial, (who, Some(id)), true, raised);
        }
    }

    /// Counts a jump for objects of some kind; whether it was not yet counted for them.
    fn use_unit(&mut self, partial: &mut Partial, unit: Unit, who: Who, level: u16) -> bool {
        let (at, whose) = partial
            .usage
            .units
            .entry(unit)
            .or_insert((level, IndexSet::new()));
        let before = *at;
        *at = level.max(*at);
        let is_new = whose.insert(who);
        let level = *at;
        partial.usage.rounds = partial.usage.rounds.max(level);
        let alone = self.goes_alone(&partial.usage, unit);
        let requires: SmallVec<[FieldSetId; 2]> = match unit.errand {
            Some(Some(set)) if alone => smallvec![set],
            _ => SmallVec::new(),
        };
        let path = self.planner.tree.position(self.position).path;
        let key = self
            .planner
            .instance((path, unit.target, requires, u16::from(alone)));
        partial
            .usage
            .fetches
            .retain(|&fetch| fetch != (key, before) && fetch != (key, level));
        let fetch = (key, level);
        let at = partial
            .usage
            .fetches
            .partition_point(|other| *other < fetch);
        partial.usage.fetches.insert(at, fetch);
        is_new
    }

    /// Whether what an errand sends along contradicts what another one to the same place sends.
    fn goes_alone(&self, usage: &Usage, unit: Unit) -> bool {
        let Some(Some(set)) = unit.errand else {
            return false;
        };
        let index = self.planner.index;
        usage
            .units
            .keys()
            .take_while(|other| **other != unit)
            .any(|other| {
                other.target == unit.target
                    && matches!(other.errand, Some(Some(sent))
                    if conflict(index.field_set(sent), index.field_set(set)))
            })
    }

    /// Chooses how what is below composite fields is served.
    fn finish(
        &mut self,
        served: &IndexSet<ItemKey>,
        start: Partial,
        raised: &Raised,
    ) -> Vec<Rc<Solution>> {
        let mut partials = vec![start];
        for &key in served {
            let Some(child) = self.child_of_client(key) else {
                continue;
            };
            let arrivals = self.arrivals_below(key, raised);
            if arrivals.is_empty() {
                return Vec::new();
            }
            let (base, arrivals) = self.planner.canonical(child, &arrivals);
            let frontier = self.planner.solve(child, &arrivals);
            let mut next: Vec<Partial> = Vec::new();
            for mut partial in partials {
                let last = frontier.len().saturating_sub(1);
                for (at, solution) in frontier.iter().enumerate() {
                    let mut chosen = if at == last {
                        std::mem::take(&mut partial)
                    } else {
                        partial.clone()
                    };
                    self.choose(&mut chosen, key, (&arrivals, base), solution, raised);
                    insert(&mut next, chosen);
                }
            }
            if next.is_empty() {
                return Vec::new();
            }
            partials = next;
        }
        partials
            .into_iter()
            .map(|partial| Rc::new(self.conclude(partial)))
            .collect()
    }

    fn choose(
        &mut self,
        partial: &mut Partial,
        key: ItemKey,
        (arrivals, base): (&[(Arrival, Source)], u16),
        solution: &Rc<Solution>,
        raised: &Raised,
    ) {
        self.use_below(partial, key, arrivals, solution, raised);
        let usage = &mut partial.usage;
        usage.items.insert(key);
        usage.fetches = unite(&usage.fetches, &solution.fetches, base);
        usage.rounds = usage.rounds.max(base + solution.rounds);
        usage.weight.0 += 1 + solution.weight.0;
        usage.weight.1 += solution.weight.1 + u32::from(base) * (1 + solution.weight.0);
        partial
            .below
            .push((key, arrivals.to_vec(), Rc::clone(solution)));
    }

    fn arrivals_below(&self, key: ItemKey, raised: &Raised) -> Vec<(Arrival, Source)> {
        let (who, Some(id)) = key else {
            return Vec::new();
        };
        let item = &self.items[&key];
        let name = self.planner.tree.entry(id).name();
        if let Some(errand) = &item.errand {
            let object = self.planner.object_of(self.position, self.arrivals, who);
            let level = raised.get(&errand.target).copied().unwrap_or(item.level);
            let vertex = errand.target.vertex(object);
            let arrival = arrival_below(&self.planner.facts, vertex, name, level);
            return arrival
                .into_iter()
                .map(|arrival| (arrival, Source::Fetch(u16::MAX)))
                .collect();
        }
        let level_of = |source: Source| match source {
            Source::Arrival(at) => self.arrivals[at as usize].level,
            Source::Fetch(at) => {
                let target = self.targets[at as usize];
                let opened = self.opening(who, target).map_or(0, |opening| opening.level);
                opened.max(raised.get(&target).copied().unwrap_or(0))
            }
        };
        item.sources
            .iter()
            .filter_map(|&source| {
                let vertex = self.vertex(who, source)?;
                let arrival = arrival_below(&self.planner.facts, vertex, name, level_of(source))?;
                Some((arrival, source))
            })
            .collect()
    }

    fn conclude(&mut self, partial: Partial) -> Solution {
        let mut built = Builder::default();
        for (unit, (level, whose)) in &partial.usage.units {
            let alone = self.goes_alone(&partial.usage, *unit);
            let at = built.instance(unit.target, *level, alone);
            built.by_unit.insert(*unit, at);
            for &who in whose {
                let entry = self.instance_entry(*unit, who, &partial.usage);
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
            items.push(self.placed_item(key, &chosen, &built));
        }
        Solution {
            rounds: partial.usage.rounds,
            fetches: partial.usage.fetches,
            weight: partial.usage.weight,
            decision: Decision::Placed(Placed {
                instances: built.instances,
                items,
            }),
        }
    }

    fn instance_entry(&self, unit: Unit, who: Who, usage: &Usage) -> InstanceEntry {
        let errand = || {
            usage
                .items
                .iter()
                .filter(|key| key.0 == who)
                .find_map(|key| {
                    let errand = self.items[key].errand.as_ref()?;
                    let same = errand.target == unit.target && Some(errand.requires) == unit.errand;
                    same.then_some(&errand.opening)
                })
        };
        let opening = match unit.errand {
            None => self.opening(who, unit.target),
            Some(_) => errand(),
        };
        InstanceEntry {
            who,
            asked_as: opening.and_then(|opening| opening.asked_as),
            key: opening.and_then(|opening| opening.key),
            requires: unit.errand.flatten().into_iter().collect(),
        }
    }

    fn placed_item(&self, key: ItemKey, chosen: &Chosen, built: &Builder) -> PlacedItem {
        let item = &self.items[&key];
        let own = item.errand.as_ref().and_then(|errand| {
            let unit = Unit {
                target: errand.target,
                errand: Some(errand.requires),
            };
            built.source(unit)
        });
        let actual = |source: Source| match source {
            Source::Arrival(_) => Some(source),
            Source::Fetch(u16::MAX) => own,
            Source::Fetch(at) => built.source(Unit {
                target: self.targets[at as usize],
                errand: None,
            }),
        };
        let chosen = chosen.get(&key);
        let below = chosen
            .map(|(arrivals, solution)| (arrivals, solution))
            .or(item
                .below
                .as_ref()
                .map(|(_, arrivals, solution)| (arrivals, solution)));
        let position = key.1.and_then(|id| self.planner.tree.entry(id).child());
        let below = below.zip(position).map(|((arrivals, solution), position)| {
            let arrivals = arrivals
                .iter()
                // A jump that nothing below uses may not be made at all.
                .map(|&(arrival, source)| {
                    (arrival, actual(source).unwrap_or(Source::Fetch(u16::MAX)))
                })
                .collect();
            Below {
                position,
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

#[derive(Debug, Default)]
struct Builder {
    instances: Vec<Instance>,
    by_unit: IndexMap<Unit, usize>,
    alone: IndexSet<usize>,
}

impl Builder {
    fn instance(&mut self, target: Target, level: u16, alone: bool) -> usize {
        let found = self
            .instances
            .iter()
            .enumerate()
            .position(|(at, instance)| {
                !alone
                    && !self.alone.contains(&at)
                    && instance.target == target
                    && instance.level == level
            });
        found.unwrap_or_else(|| {
            self.instances.push(Instance {
                target,
                level,
                entries: Vec::new(),
            });
            if alone {
                self.alone.insert(self.instances.len() - 1);
            }
            self.instances.len() - 1
        })
    }

    fn source(&self, unit: Unit) -> Option<Source> {
        let at = *self.by_unit.get(&unit)?;
        u16::try_from(at).ok().map(Source::Fetch)
    }
}

impl Instance {
    fn add(&mut self, entry: InstanceEntry) {
        match self.entries.iter_mut().find(|other| other.who == entry.who) {
            Some(other) => {
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

/// The sources of the arrivals that a solution uses.
fn used_sources(arrivals: &[(Arrival, Source)], solution: &Solution) -> Vec<Source> {
    let used = solution.used_arrivals().into_iter();
    used.filter_map(|at| arrivals.get(at).map(|(_, source)| *source))
        .collect()
}

impl Solution {
    /// The arrivals from which anything is selected.
    fn used_arrivals(&self) -> Vec<usize> {
        match &self.decision {
            Decision::Local(at) => vec![*at],
            Decision::Placed(placed) => {
                let mut used: IndexSet<usize> = IndexSet::new();
                for item in &placed.items {
                    let sources: Vec<Source> = match &item.below {
                        Some(below) => used_sources(&below.arrivals, &below.solution),
                        None => item.sources.to_vec(),
                    };
                    used.extend(sources.into_iter().filter_map(|source| match source {
                        Source::Arrival(at) => Some(usize::from(at)),
                        Source::Fetch(_) => None,
                    }));
                }
                used.into_iter().collect()
            }
        }
    }
}

/// Whether two selections want one name with different arguments.
fn conflict(one: &[Selection], other: &[Selection]) -> bool {
    one.iter().filter_map(Selection::field).any(|a| {
        other.iter().filter_map(Selection::field).any(|b| {
            a.name == b.name
                && (a.arguments != b.arguments
                    || match (&a.selection_set, &b.selection_set) {
                        (Some(a), Some(b)) => conflict(&a.selections, &b.selections),
                        _ => false,
                    })
        })
    })
}
