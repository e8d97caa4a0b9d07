//! Computes what a placement costs, and chooses the solutions of the positions below it. In: a
//! placement with a source for each field. Out: its best solutions, by rounds, fetches and fields.
//! Invariant: a fetch that several fields use counts once.

use std::rc::Rc;

use apollo_compiler::collections::IndexSet;
use smallvec::{SmallVec, smallvec};

use super::{
    placing::{FieldKey, InputJump, Placing, ServedField},
    solution::{FieldSource, Solution, TypeCondition, Weight, insert},
    usage::{Jump, Partial, Purpose, Raised, Usage, raisable},
};
use crate::{
    index::{FieldSetId, Selection},
    plan::reach::tree::{EntryId, PositionId},
    reachable::{
        arrival::Arrival,
        landing::{Joining, arrival_below, joining},
    },
};

/// A solution of the objects below a field, with their arrivals and the round of the first.
type Way = (u16, Rc<[(Arrival, FieldSource)]>, Rc<Solution>);

impl Placing<'_, '_> {
    /// The best solutions of the placement.
    pub(crate) fn evaluate(&mut self, served: &[FieldKey]) -> Vec<Rc<Solution>> {
        let served: IndexSet<FieldKey> = served.iter().copied().collect();
        let mut solutions = self.evaluate_as_it_is(&served);
        if self.reuse_jumps(&served) {
            solutions.extend(self.evaluate_as_it_is(&served));
        }
        solutions
    }

    fn evaluate_as_it_is(&mut self, served: &IndexSet<FieldKey>) -> Vec<Rc<Solution>> {
        let at_once = Raised::default();
        let first = self.start(served, &at_once);
        self.planner.budget.step(first.usage.jumps.len());
        let raised = raisable(&first.usage);
        let mut solutions = self.finish(served, first, &at_once);
        if !raised.to.is_empty() {
            // A later jump to the same target can also fetch what an earlier one would: fewer
            // fetches, where nothing waits for the earlier one.
            let start = self.start(served, &raised);
            solutions.extend(self.finish(served, start, &raised));
        }
        solutions
    }

    /// Counts what does not depend on the solutions chosen below.
    fn start(&mut self, served: &IndexSet<FieldKey>, raised: &Raised) -> Partial {
        let mut partial = Partial::default();
        for &key in served {
            if self.child_of_client(key).is_none() {
                self.use_field(&mut partial, key, false, raised);
            } else if let Some(input_jump) = &self.fields[&key].input_jump {
                let input_jump = input_jump.clone();
                self.use_input_jump(&mut partial, key, &input_jump, raised);
            }
        }
        partial
    }

    fn child_of_client(&self, key: FieldKey) -> Option<PositionId> {
        let child = self.planner.tree.entry(key.1?).child()?;
        (!self.planner.tree.position(child).is_hidden()).then_some(child)
    }

    fn use_field(
        &mut self,
        partial: &mut Partial,
        key: FieldKey,
        relied_on: bool,
        raised: &Raised,
    ) {
        if !self.planner.budget.step(1) {
            return;
        }
        let field = self.fields[&key].clone();
        let is_new = partial.usage.fields.insert(key);
        if !is_new && !relied_on {
            return;
        }
        if let Some(input_jump) = &field.input_jump {
            if relied_on {
                partial
                    .usage
                    .relied_on
                    .insert((Jump::of(input_jump), key.0));
            }
            if is_new {
                self.use_input_jump(partial, key, input_jump, raised);
            }
        } else if field.below.is_none() {
            self.use_source(partial, key.0, field.sources[0], (relied_on, raised));
        }
        if let (true, Some((base, arrivals, solution))) = (is_new, &field.below) {
            self.use_below(partial, key, (arrivals, solution), raised);
            self.unite(partial, solution, *base);
        }
        let round = self.round(&field, raised);
        partial.usage.rounds = partial.usage.rounds.max(round);
        if is_new {
            partial.usage.weight.add(Weight::of_fields(1), round);
        }
    }

    fn round(&self, field: &ServedField, raised: &Raised) -> u16 {
        match field.sources.first() {
            Some(&FieldSource::Fetch(at)) if field.below.is_none() => {
                raised.round(Jump::to(self.targets[at as usize]), field.round)
            }
            _ => field.round,
        }
    }

    fn use_below(
        &mut self,
        partial: &mut Partial,
        key: FieldKey,
        (arrivals, solution): (&[(Arrival, FieldSource)], &Solution),
        raised: &Raised,
    ) {
        let is_hidden = self.child_of_client(key).is_none();
        for source in solution.used_sources(arrivals) {
            self.use_source(partial, key.0, source, (is_hidden, raised));
        }
    }

    fn use_source(
        &mut self,
        partial: &mut Partial,
        condition: TypeCondition,
        source: FieldSource,
        (relied_on, raised): (bool, &Raised),
    ) {
        match source {
            FieldSource::Arrival(at) => {
                partial.usage.arrivals.insert(at);
            }
            // The input jump of a field is counted with the field.
            FieldSource::InputJump | FieldSource::Unused => {}
            FieldSource::Fetch(at) => {
                let target = self.targets[at as usize];
                let jump = Jump::to(target);
                if relied_on {
                    partial.usage.relied_on.insert((jump, condition));
                }
                let Some(resolution) = self.resolution(condition, target) else {
                    return;
                };
                let needs = resolution.needs.clone();
                let round = raised.round(jump, resolution.round);
                if self.use_jump(partial, jump, condition, round) {
                    self.use_needs(partial, condition, &needs, raised);
                }
            }
        }
    }

    fn use_input_jump(
        &mut self,
        partial: &mut Partial,
        (condition, _): FieldKey,
        input_jump: &InputJump,
        raised: &Raised,
    ) {
        let jump = Jump::of(input_jump);
        let round = raised.round(jump, input_jump.round);
        if self.use_jump(partial, jump, condition, round) {
            self.use_needs(partial, condition, &input_jump.resolution.needs, raised);
            self.use_needs(partial, condition, &input_jump.needs, raised);
        }
    }

    fn use_needs(
        &mut self,
        partial: &mut Partial,
        condition: TypeCondition,
        needs: &[Option<EntryId>],
        raised: &Raised,
    ) {
        for &need in needs {
            self.use_field(partial, (condition, need), true, raised);
        }
    }

    /// Counts a jump for objects of one class; returns whether it is new for them.
    fn use_jump(
        &mut self,
        partial: &mut Partial,
        jump: Jump,
        condition: TypeCondition,
        round: u16,
    ) -> bool {
        self.planner.budget.step(1);
        if let Purpose::Requires(set) = jump.purpose {
            let sending = partial.usage.sending.entry(jump.target);
            sending.or_default().insert(set);
        }
        let conditions = partial.usage.jumps.entry((jump, round)).or_default();
        let is_new = conditions.insert(condition);
        partial.usage.rounds = partial.usage.rounds.max(round);
        let alone = self.goes_alone(&partial.usage, jump);
        let requires: SmallVec<[FieldSetId; 2]> = match jump.purpose {
            Purpose::Requires(set) if alone => smallvec![set],
            _ => SmallVec::new(),
        };
        let path = self.planner.tree.position(self.position).path;
        let key = self
            .planner
            .instance((path, jump.target, requires, u16::from(alone)));
        let fetch = (key, round);
        partial.usage.fetches.insert(fetch);
        is_new
    }

    /// Whether the inputs of a jump contradict those of another one to the same target.
    pub(crate) fn goes_alone(&self, usage: &Usage, jump: Jump) -> bool {
        let Purpose::Requires(set) = jump.purpose else {
            return false;
        };
        let index = self.planner.index;
        let others = usage.sending.get(&jump.target).into_iter().flatten();
        let mut others = others.take_while(|first| **first != set);
        others.any(|&first| {
            self.planner.budget.step(1);
            conflict(index.field_set(first), index.field_set(set))
        })
    }

    /// Chooses a solution for the position below each composite field.
    fn finish(
        &mut self,
        served: &IndexSet<FieldKey>,
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
            let ways = self.ways(child, &arrivals);
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
            .map(|partial| Rc::new(self.decide(partial)))
            .collect()
    }

    /// The solutions of the objects below a field: from all arrivals together, or from each alone
    /// where no key tells which of their objects are the same.
    fn ways(&mut self, child: PositionId, arrivals: &[(Arrival, FieldSource)]) -> Vec<Way> {
        let place = self.planner.tree.position(child);
        let (declared, is_list) = (place.declared, !place.is_single);
        let all: Vec<Arrival> = arrivals.iter().map(|(arrival, _)| *arrival).collect();
        let joining = joining(&self.planner.facts, declared, &all, is_list);
        if joining == Joining::Always {
            return self.ways_of(child, arrivals);
        }
        let mut ways = Vec::new();
        for arrival in arrivals {
            ways.extend(self.ways_of(child, std::slice::from_ref(arrival)));
        }
        if ways.is_empty() && joining == Joining::AtNeed {
            return self.ways_of(child, arrivals);
        }
        ways
    }

    fn ways_of(&mut self, child: PositionId, arrivals: &[(Arrival, FieldSource)]) -> Vec<Way> {
        let (base, arrivals) = self.planner.canonical(child, arrivals);
        let frontier = self.planner.solve(child, &arrivals);
        let arrivals: Rc<[_]> = arrivals.into();
        let found = frontier.iter().cloned();
        found
            .map(|solution| (base, Rc::clone(&arrivals), solution))
            .collect()
    }

    fn choose(
        &mut self,
        partial: &mut Partial,
        key: FieldKey,
        (base, arrivals, solution): (u16, &[(Arrival, FieldSource)], &Rc<Solution>),
        raised: &Raised,
    ) {
        self.use_below(partial, key, (arrivals, solution), raised);
        self.unite(partial, solution, base);
        let usage = &mut partial.usage;
        usage.fields.insert(key);
        usage.rounds = usage.rounds.max(base + solution.rounds);
        usage.weight.add(Weight::of_fields(1), base);
        usage.weight.add(solution.weight, base);
        partial
            .below
            .push((key, arrivals.to_vec(), Rc::clone(solution)));
    }

    fn unite(&self, partial: &mut Partial, solution: &Solution, base: u16) {
        (self.planner.budget).step(solution.fetches.len());
        let below = solution.fetches.iter();
        let fetches = below.map(|&(key, round)| (key, round + base));
        partial.usage.fetches.extend(fetches);
    }

    fn arrivals_below(&self, key: FieldKey, raised: &Raised) -> Vec<(Arrival, FieldSource)> {
        let (condition, Some(id)) = key else {
            return Vec::new();
        };
        let field = &self.fields[&key];
        let name = self.planner.tree.entry(id).name();
        if let Some(input_jump) = &field.input_jump {
            let object = self
                .planner
                .object_of(self.position, self.arrivals, condition);
            let round = raised.round(Jump::of(input_jump), input_jump.round);
            let vertex = input_jump.target.vertex(object);
            let arrival = arrival_below(&self.planner.facts, vertex, name, round);
            return arrival
                .into_iter()
                .map(|arrival| (arrival, FieldSource::InputJump))
                .collect();
        }
        let round_of = |source: FieldSource| match source {
            FieldSource::Arrival(at) => self.arrivals[at as usize].round,
            FieldSource::InputJump | FieldSource::Unused => 0,
            FieldSource::Fetch(at) => {
                let target = self.targets[at as usize];
                let opened = self
                    .resolution(condition, target)
                    .map_or(0, |resolution| resolution.round);
                raised.round(Jump::to(target), opened)
            }
        };
        field
            .sources
            .iter()
            .filter_map(|&source| {
                let vertex = self.vertex(condition, source)?;
                let arrival = arrival_below(&self.planner.facts, vertex, name, round_of(source))?;
                Some((arrival, source))
            })
            .collect()
    }
}

/// Whether two selections have the same field with different arguments.
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
