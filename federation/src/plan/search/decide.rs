//! Turns a placement whose choices are all made into a [`Solution`]. In: what it uses, and the
//! solutions chosen below. Out: the fetches to make (instances), and for each field its sources.
//! Invariant: jumps to one target in one round share a fetch, except where one waits for the other
//! or where their inputs contradict.

use std::rc::Rc;

use apollo_compiler::collections::{IndexMap, IndexSet};
use smallvec::SmallVec;

use super::{
    placing::{FieldKey, InputJump, Placing},
    solution::{
        Below, Decision, FieldSource, Instance, InstanceEntry, Placed, PlacedField, Solution,
        TypeCondition,
    },
    usage::{Chosen, Jump, Partial, Purpose, Usage},
};
use crate::{budget::Budget, plan::reach::tree::EntryId, reachable::arrival::Target};

impl Placing<'_, '_> {
    pub(crate) fn decide(&mut self, partial: Partial) -> Solution {
        let mut built = Builder::default();
        let made = Made::of(self, &partial.usage);
        let mut waits: Waits = IndexMap::default();
        for (timed, conditions) in &partial.usage.jumps {
            let alone = self.goes_alone(&partial.usage, timed.0);
            let mut waits_for = |one: TimedJump, other: TimedJump| {
                let before = waits.entry(one);
                before
                    .or_insert_with(|| self.waits(&made, one))
                    .contains(&other)
            };
            let at = built.instance((*timed, alone), self.planner.budget, &mut waits_for);
            for &condition in conditions {
                built.by_jump.insert((timed.0, condition), at);
                let entry = self.instance_entry(timed.0, condition, &made);
                built.add_entry(at, entry);
            }
        }
        let mut fields = Vec::with_capacity(partial.usage.fields.len());
        let chosen: Chosen = partial
            .below
            .into_iter()
            .map(|(key, arrivals, solution)| (key, (arrivals, solution)))
            .collect();
        for &key in &partial.usage.fields {
            self.planner.budget.step(1);
            fields.push(self.placed_field(key, &chosen, &built));
        }
        Solution {
            used: used_arrivals(&fields),
            rounds: partial.usage.rounds,
            fetches: partial.usage.fetches.into_iter().collect(),
            weight: partial.usage.weight,
            decision: Decision::Placed(Placed {
                instances: built.instances,
                fields,
            }),
        }
    }

    /// The jumps that one waits for, directly or not.
    fn waits(&self, made: &Made<'_>, timed: TimedJump) -> IndexSet<TimedJump> {
        let conditions = made.usage.jumps.get(&timed);
        let mut work: Vec<FieldKey> = Vec::new();
        for &condition in conditions.into_iter().flatten() {
            work.extend(self.needs_of(timed.0, condition, made));
        }
        let mut seen: IndexSet<FieldKey> = work.iter().copied().collect();
        let mut before: IndexSet<TimedJump> = IndexSet::default();
        while let Some(key) = work.pop() {
            self.planner.budget.step(1);
            for (needed, condition) in self.jumps_of(key) {
                before.extend(made.timed_jumps.get(&(needed, condition)));
                for next in self.needs_of(needed, condition, made) {
                    if seen.insert(next) {
                        work.push(next);
                    }
                }
            }
        }
        before
    }

    /// What a jump sends for objects of one class.
    fn needs_of(&self, jump: Jump, condition: TypeCondition, made: &Made<'_>) -> Vec<FieldKey> {
        let needs: Vec<Option<EntryId>> = match jump.purpose {
            Purpose::Anything => self
                .resolution(condition, jump.target)
                .map(|resolution| resolution.needs.clone())
                .unwrap_or_default(),
            Purpose::Entities | Purpose::Requires(_) => (self.input_jumps(jump, condition, made))
                .flat_map(|input_jump| {
                    input_jump
                        .resolution
                        .needs
                        .iter()
                        .chain(&input_jump.needs)
                        .copied()
                })
                .collect(),
        };
        self.planner.budget.step(1 + needs.len());
        needs.into_iter().map(|need| (condition, need)).collect()
    }

    /// The input jumps that are made as one jump.
    fn input_jumps(
        &self,
        jump: Jump,
        condition: TypeCondition,
        made: &Made<'_>,
    ) -> impl Iterator<Item = &InputJump> {
        let keys = made
            .input_jumps
            .get(&(jump, condition))
            .into_iter()
            .flatten();
        keys.filter_map(|key| self.fields.get(key)?.input_jump.as_ref())
    }

    /// The jumps that a field comes from.
    fn jumps_of(&self, key: FieldKey) -> Vec<(Jump, TypeCondition)> {
        let Some(field) = self.fields.get(&key) else {
            return Vec::new();
        };
        let own = field.input_jump.as_ref().map(Jump::of);
        let others = field.sources.iter().filter_map(|source| match source {
            FieldSource::Fetch(at) => self
                .targets
                .get(usize::from(*at))
                .map(|&target| Jump::to(target)),
            FieldSource::Arrival(_) | FieldSource::InputJump | FieldSource::Unused => None,
        });
        own.into_iter()
            .chain(others)
            .map(|jump| (jump, key.0))
            .collect()
    }

    fn instance_entry(
        &self,
        jump: Jump,
        condition: TypeCondition,
        made: &Made<'_>,
    ) -> InstanceEntry {
        let (resolution, is_typed) = match jump.purpose {
            Purpose::Anything => (self.resolution(condition, jump.target), false),
            Purpose::Entities | Purpose::Requires(_) => {
                let first = self.input_jumps(jump, condition, made).next();
                let is_typed = self.input_jumps(jump, condition, made).any(|input_jump| {
                    self.planner.budget.step(1);
                    input_jump.needs.contains(&None)
                });
                (first.map(|input_jump| &input_jump.resolution), is_typed)
            }
        };
        InstanceEntry {
            condition,
            asked_as: resolution.and_then(|resolution| resolution.asked_as),
            key: resolution.and_then(|resolution| resolution.key),
            requires: match jump.purpose {
                Purpose::Requires(set) => std::iter::once(set).collect(),
                Purpose::Anything | Purpose::Entities => SmallVec::new(),
            },
            is_typed,
        }
    }

    fn placed_field(&self, key: FieldKey, chosen: &Chosen, built: &Builder) -> PlacedField {
        let field = &self.fields[&key];
        let own = field
            .input_jump
            .as_ref()
            .and_then(|input_jump| built.source(Jump::of(input_jump), key.0));
        let actual = |source: FieldSource| match source {
            FieldSource::Arrival(_) => Some(source),
            FieldSource::InputJump => own,
            FieldSource::Unused => None,
            FieldSource::Fetch(at) => built.source(Jump::to(self.targets[at as usize]), key.0),
        };
        let chosen = chosen.get(&key);
        let below = chosen
            .map(|(arrivals, solution)| (arrivals, solution))
            .or(field
                .below
                .as_ref()
                .map(|(_, arrivals, solution)| (arrivals, solution)));
        let below = below.map(|(arrivals, solution)| {
            let arrivals = arrivals
                .iter()
                // A jump that nothing below uses is not made.
                .map(|&(arrival, source)| (arrival, actual(source).unwrap_or(FieldSource::Unused)))
                .collect();
            Below {
                arrivals,
                solution: Rc::clone(solution),
            }
        });
        let sources = match &below {
            Some(below) => below.arrivals.iter().map(|(_, source)| *source).collect(),
            None if field.input_jump.is_some() => own.into_iter().collect(),
            None => field
                .sources
                .iter()
                .take(1)
                .filter_map(|&source| actual(source))
                .collect(),
        };
        PlacedField {
            condition: key.0,
            entry: key.1,
            sources,
            below,
        }
    }
}

/// A jump in the round in which it is made.
type TimedJump = (Jump, u16);

/// For each jump, those it waits for, directly or not.
type Waits = IndexMap<TimedJump, IndexSet<TimedJump>>;

/// The jumps of a placement, by the objects and the fields that they are made for.
struct Made<'u> {
    usage: &'u Usage,
    /// The first round in which a jump is made for objects of one class.
    timed_jumps: IndexMap<(Jump, TypeCondition), TimedJump>,
    /// The fields whose input jumps make a jump.
    input_jumps: IndexMap<(Jump, TypeCondition), Vec<FieldKey>>,
}

impl<'u> Made<'u> {
    fn of(placing: &Placing<'_, '_>, usage: &'u Usage) -> Self {
        let mut made = Self {
            usage,
            timed_jumps: IndexMap::default(),
            input_jumps: IndexMap::default(),
        };
        let budget = placing.planner.budget;
        budget.step(usage.fields.len());
        for (timed, conditions) in &usage.jumps {
            budget.step(1 + conditions.len());
            for &condition in conditions {
                made.timed_jumps
                    .entry((timed.0, condition))
                    .or_insert(*timed);
            }
        }
        for &key in &usage.fields {
            let field = placing.fields.get(&key);
            if let Some(input_jump) = field.and_then(|field| field.input_jump.as_ref()) {
                let jump = (Jump::of(input_jump), key.0);
                made.input_jumps.entry(jump).or_default().push(key);
            }
        }
        made
    }
}

/// An instance and the jumps that it makes.
type Makes = (usize, Vec<TimedJump>);

#[derive(Debug, Default)]
struct Builder {
    instances: Vec<Instance>,
    by_jump: IndexMap<(Jump, TypeCondition), usize>,
    /// Where the entries of instances are, by instance and class.
    entries: IndexMap<(usize, TypeCondition), usize>,
    /// The jumps that share each instance; instances of a jump that shares none are not listed.
    made: IndexMap<(Target, u16), Vec<Makes>>,
}

impl Builder {
    fn instance(
        &mut self,
        (timed, alone): (TimedJump, bool),
        budget: &Budget,
        waits_for: &mut impl FnMut(TimedJump, TimedJump) -> bool,
    ) -> usize {
        let (Jump { target, .. }, round) = timed;
        let there = self.made.entry((target, round)).or_default();
        let mut is_apart = |made: &Vec<TimedJump>| {
            budget.step(made.len());
            let mut made = made.iter();
            made.all(|&other| !waits_for(timed, other) && !waits_for(other, timed))
        };
        let found = there.iter_mut().find(|(_, made)| !alone && is_apart(made));
        if let Some((at, made)) = found {
            made.push(timed);
            return *at;
        }
        let at = self.instances.len();
        self.instances.push(Instance {
            target,
            round,
            entries: Vec::new(),
        });
        if !alone {
            there.push((at, vec![timed]));
        }
        at
    }

    fn add_entry(&mut self, at: usize, entry: InstanceEntry) {
        let entries = &mut self.instances[at].entries;
        let own = *self
            .entries
            .entry((at, entry.condition))
            .or_insert(entries.len());
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

    fn source(&self, jump: Jump, condition: TypeCondition) -> Option<FieldSource> {
        let at = *self.by_jump.get(&(jump, condition))?;
        u16::try_from(at).ok().map(FieldSource::Fetch)
    }
}

/// The arrivals from which anything is selected.
fn used_arrivals(fields: &[PlacedField]) -> SmallVec<[u16; 2]> {
    let mut used: IndexSet<u16> = IndexSet::default();
    for field in fields {
        let sources = match &field.below {
            Some(below) => below.solution.used_sources(&below.arrivals),
            None => field.sources.clone(),
        };
        used.extend(sources.into_iter().filter_map(|source| match source {
            FieldSource::Arrival(at) => Some(at),
            FieldSource::Fetch(_) | FieldSource::InputJump | FieldSource::Unused => None,
        }));
    }
    used.into_iter().collect()
}
