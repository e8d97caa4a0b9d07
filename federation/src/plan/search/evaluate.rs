//! What a placement costs: rounds, fetches and fields, over the choices left below it.

use std::{collections::BTreeSet, rc::Rc};

use apollo_compiler::collections::{IndexMap, IndexSet};
use smallvec::{SmallVec, smallvec};

use super::{
    placing::{Errand, Item, ItemKey, Placing},
    solution::{Arrived, Costed, InstanceKey, Solution, Source, Who, insert},
};
use crate::{
    index::{FieldSetId, Selection},
    plan::reach::tree::{EntryId, PositionId},
    reachable::{
        arrival::{Arrival, Target},
        landing::arrival_below,
    },
};

/// A jump of a placement: to a target for what it has anyway, or with something sent along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Unit {
    pub(crate) target: Target,
    pub(crate) errand: Errands,
}

/// What a jump is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Errands {
    /// What the target has anyway.
    None,
    /// Fields that must be asked of it through `_entities`.
    Plain,
    /// Fields that want this sent along.
    Sending(FieldSetId),
}

impl Unit {
    /// A jump for what the target has anyway.
    pub(crate) fn to(target: Target) -> Self {
        Self {
            target,
            errand: Errands::None,
        }
    }

    /// The jump of an errand.
    pub(crate) fn of(errand: &Errand) -> Self {
        Self {
            target: errand.target,
            errand: Errands::of(errand.requires),
        }
    }
}

impl Errands {
    pub(crate) fn of(requires: Option<FieldSetId>) -> Self {
        requires.map_or(Self::Plain, Self::Sending)
    }
}

/// What of a placement is in use so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usage {
    pub(crate) items: IndexSet<ItemKey>,
    /// Jumps in the rounds in which they are made, with whose objects they are for.
    pub(crate) units: IndexMap<(Unit, u16), IndexSet<Who>>,
    /// Jumps that keys and `@requires` of some objects rely on.
    relied_on: IndexSet<(Unit, Who)>,
    arrivals: IndexSet<u16>,
    /// What errands send to each place, in the order of `units`.
    sending: IndexMap<Target, IndexSet<FieldSetId>>,
    pub(crate) fetches: BTreeSet<(InstanceKey, u16)>,
    pub(crate) rounds: u16,
    pub(crate) weight: (u32, u32),
}

impl Usage {
    /// How much there is to copy.
    fn size(&self) -> usize {
        let units = self.units.len() + self.relied_on.len() + self.arrivals.len();
        self.items.len() + units + self.fetches.len()
    }
}

/// A placement with some of the choices below it made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Partial {
    pub(crate) usage: Usage,
    pub(crate) below: Vec<(ItemKey, Arrived, Rc<Solution>)>,
}

impl Costed for Partial {
    fn cost(&self) -> (u16, usize, (u32, u32)) {
        let (fields, levels) = self.usage.weight;
        (
            self.usage.rounds,
            self.usage.fetches.len(),
            (fields.saturating_add(levels), fields),
        )
    }
}

/// Which jumps are put off, so that one to the same place can take along what they would fetch.
#[derive(Debug, Default)]
struct Raised {
    to: IndexMap<Target, u16>,
    fixed: IndexSet<(Unit, u16)>,
}

impl Raised {
    fn level(&self, unit: Unit, level: u16) -> u16 {
        match self.to.get(&unit.target) {
            Some(&to) if !self.fixed.contains(&(unit, level)) => to.max(level),
            _ => level,
        }
    }
}

pub(crate) type Chosen = IndexMap<ItemKey, (Arrived, Rc<Solution>)>;

impl Placing<'_, '_> {
    /// The best of what the placement can cost.
    pub(crate) fn evaluate(&mut self, served: &[ItemKey]) -> Vec<Rc<Solution>> {
        let served: IndexSet<ItemKey> = served.iter().copied().collect();
        let mut solutions = self.evaluate_as_it_is(&served);
        if self.share_jumps(&served) {
            solutions.extend(self.evaluate_as_it_is(&served));
        }
        solutions
    }

    fn evaluate_as_it_is(&mut self, served: &IndexSet<ItemKey>) -> Vec<Rc<Solution>> {
        let at_once = Raised::default();
        let plain = self.start(served, &at_once);
        self.planner.budget.step(plain.usage.units.len());
        let raised = raisable(&plain.usage);
        let mut solutions = self.finish(served, plain, &at_once);
        if !raised.to.is_empty() {
            // A jump that carries more can take along what a quicker one to the same place would
            // fetch: fewer fetches, if that can wait.
            let start = self.start(served, &raised);
            solutions.extend(self.finish(served, start, &raised));
        }
        solutions
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
        if !self.planner.budget.step(1) {
            return;
        }
        let item = self.items[&key].clone();
        let is_new = partial.usage.items.insert(key);
        if !is_new && !relied_on {
            return;
        }
        if is_new {
            partial.usage.weight.0 = partial.usage.weight.0.saturating_add(1);
        }
        if let Some(errand) = &item.errand {
            if relied_on {
                partial.usage.relied_on.insert((Unit::of(errand), key.0));
            }
            if is_new {
                self.use_errand(partial, key, errand, raised);
            }
        } else if item.below.is_none() {
            self.use_source(partial, key.0, item.sources[0], (relied_on, raised));
        }
        if let (true, Some((base, arrivals, solution))) = (is_new, &item.below) {
            self.use_below(partial, key, (arrivals, solution), raised);
            self.unite(partial, solution, *base);
        }
        let level = self.level(&item, raised);
        partial.usage.rounds = partial.usage.rounds.max(level);
        if is_new {
            let levels = partial.usage.weight.1;
            partial.usage.weight.1 = levels.saturating_add(u32::from(level));
        }
    }

    fn level(&self, item: &Item, raised: &Raised) -> u16 {
        match item.sources.first() {
            Some(&Source::Fetch(at)) if item.below.is_none() => {
                raised.level(Unit::to(self.targets[at as usize]), item.level)
            }
            _ => item.level,
        }
    }

    fn use_below(
        &mut self,
        partial: &mut Partial,
        key: ItemKey,
        (arrivals, solution): (&[(Arrival, Source)], &Solution),
        raised: &Raised,
    ) {
        let is_hidden = self.child_of_client(key).is_none();
        for source in solution.used_sources(arrivals) {
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
                let unit = Unit::to(target);
                if relied_on {
                    partial.usage.relied_on.insert((unit, who));
                }
                let Some(opening) = self.opening(who, target) else {
                    return;
                };
                let needs = opening.needs.clone();
                let level = raised.level(unit, opening.level);
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
        errand: &Errand,
        raised: &Raised,
    ) {
        let unit = Unit::of(errand);
        let level = raised.level(unit, errand.level);
        if self.use_unit(partial, unit, who, level) {
            self.use_needs(partial, who, &errand.opening.needs, raised);
            self.use_needs(partial, who, &errand.needs, raised);
        }
    }

    fn use_needs(
        &mut self,
        partial: &mut Partial,
        who: Who,
        needs: &[Option<EntryId>],
        raised: &Raised,
    ) {
        for &need in needs {
            self.use_item(partial, (who, need), true, raised);
        }
    }

    /// Counts a jump for objects of some kind; whether it was not yet counted for them.
    fn use_unit(&mut self, partial: &mut Partial, unit: Unit, who: Who, level: u16) -> bool {
        self.planner.budget.step(1);
        if let Errands::Sending(set) = unit.errand {
            let sending = partial.usage.sending.entry(unit.target);
            sending.or_default().insert(set);
        }
        let whose = partial.usage.units.entry((unit, level)).or_default();
        let is_new = whose.insert(who);
        partial.usage.rounds = partial.usage.rounds.max(level);
        let alone = self.goes_alone(&partial.usage, unit);
        let requires: SmallVec<[FieldSetId; 2]> = match unit.errand {
            Errands::Sending(set) if alone => smallvec![set],
            _ => SmallVec::new(),
        };
        let path = self.planner.tree.position(self.position).path;
        let key = self
            .planner
            .instance((path, unit.target, requires, u16::from(alone)));
        let fetch = (key, level);
        partial.usage.fetches.insert(fetch);
        is_new
    }

    /// Whether what an errand sends along contradicts what another one to the same place sends.
    pub(crate) fn goes_alone(&self, usage: &Usage, unit: Unit) -> bool {
        let Errands::Sending(set) = unit.errand else {
            return false;
        };
        let index = self.planner.index;
        let others = usage.sending.get(&unit.target).into_iter().flatten();
        let mut others = others.take_while(|first| **first != set);
        others.any(|&first| {
            self.planner.budget.step(1);
            conflict(index.field_set(first), index.field_set(set))
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
            let mut ways = Vec::new();
            for arrivals in self.planner.joinable(child, arrivals) {
                let (base, arrivals) = self.planner.canonical(child, &arrivals);
                let frontier = self.planner.solve(child, &arrivals);
                let arrivals: Rc<[_]> = arrivals.into();
                let found = frontier.iter().cloned();
                ways.extend(found.map(|solution| (base, Rc::clone(&arrivals), solution)));
            }
            let mut next: Vec<Partial> = Vec::new();
            for mut partial in partials {
                let last = ways.len().saturating_sub(1);
                for (at, (base, arrivals, solution)) in ways.iter().enumerate() {
                    if !self.planner.budget.step(1) {
                        return Vec::new();
                    }
                    let mut chosen = if at == last {
                        std::mem::take(&mut partial)
                    } else {
                        self.planner.budget.step(partial.usage.size());
                        partial.clone()
                    };
                    self.choose(&mut chosen, key, (*base, arrivals, solution), raised);
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
        (base, arrivals, solution): (u16, &[(Arrival, Source)], &Rc<Solution>),
        raised: &Raised,
    ) {
        self.use_below(partial, key, (arrivals, solution), raised);
        self.unite(partial, solution, base);
        let usage = &mut partial.usage;
        usage.items.insert(key);
        usage.rounds = usage.rounds.max(base + solution.rounds);
        // What classes share is counted for each of them, so that sums can grow past all bounds.
        let fields = solution.weight.0.saturating_add(1);
        let levels = u32::from(base).saturating_mul(fields);
        let levels = solution.weight.1.saturating_add(levels);
        usage.weight.0 = usage.weight.0.saturating_add(fields);
        usage.weight.1 = usage.weight.1.saturating_add(levels);
        partial
            .below
            .push((key, arrivals.to_vec(), Rc::clone(solution)));
    }

    fn unite(&self, partial: &mut Partial, solution: &Solution, base: u16) {
        (self.planner.budget).step(solution.fetches.len());
        let below = solution.fetches.iter();
        let fetches = below.map(|&(key, level)| (key, level + base));
        partial.usage.fetches.extend(fetches);
    }

    fn arrivals_below(&self, key: ItemKey, raised: &Raised) -> Vec<(Arrival, Source)> {
        let (who, Some(id)) = key else {
            return Vec::new();
        };
        let item = &self.items[&key];
        let name = self.planner.tree.entry(id).name();
        if let Some(errand) = &item.errand {
            let object = self.planner.object_of(self.position, self.arrivals, who);
            let level = raised.level(Unit::of(errand), errand.level);
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
                raised.level(Unit::to(target), opened)
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
}

/// Whether two selections want one name with different arguments.
fn conflict(one: &[Selection], two: &[Selection]) -> bool {
    one.iter().filter_map(Selection::field).any(|field| {
        two.iter().filter_map(Selection::field).any(|sent| {
            field.name == sent.name
                && (field.arguments != sent.arguments
                    || match (&field.selection_set, &sent.selection_set) {
                        (Some(one), Some(two)) => conflict(&one.selections, &two.selections),
                        _ => false,
                    })
        })
    })
}

/// Jumps that nothing else here waits for, to places that are asked again later.
fn raisable(usage: &Usage) -> Raised {
    let mut raised = Raised::default();
    let mut last: IndexMap<Target, u16> = IndexMap::default();
    for &(unit, level) in usage.units.keys() {
        let last = last.entry(unit.target).or_insert(level);
        *last = level.max(*last);
    }
    for (jump, whose) in &usage.units {
        let (unit, level) = *jump;
        if whose
            .iter()
            .any(|who| usage.relied_on.contains(&(unit, *who)))
        {
            raised.fixed.insert(*jump);
            continue;
        }
        let last = last.get(&unit.target).copied().unwrap_or(level);
        if level < last {
            raised.to.insert(unit.target, last);
        }
    }
    raised
}
