//! Solves a position: dynamic programming by position and arrivals.
//!
//! In: a position and the arrivals of its object. Out: its best solutions, none beaten by another
//! in rounds and fetches. Invariant: each pair of a position and its arrivals is solved once. The
//! operation is a tree, so what is below a position depends only on where its object arrives from;
//! the only choice at a position is which subgraphs to jump to.

use std::rc::Rc;

use smallvec::smallvec;

use super::{
    candidates::Candidates,
    placing::Placing,
    planner::Planner,
    solution::{Decision, FetchSet, FieldSource, Frontier, Solution, Weight, insert},
};
use crate::{
    budget::Resource,
    plan::reach::tree::PositionId,
    reachable::arrival::{Arrival, Target},
};

/// Up to this many subgraphs to choose from, every choice is tried.
const EXHAUSTIVE: usize = 8;
/// Placements tried beyond that for one position.
const GREEDY_PLACES: u64 = 64;

impl Planner<'_> {
    /// The best ways to serve a position whose object arrives in some subgraphs; rounds are counted
    /// from the earliest arrival. Empty if there is none.
    pub(crate) fn solve(
        &mut self,
        position: PositionId,
        arrivals: &[(Arrival, FieldSource)],
    ) -> Frontier {
        if !self.budget.step(1 + arrivals.len()) {
            return Rc::from([]);
        }
        let arrivals: Vec<Arrival> = arrivals.iter().map(|(arrival, _)| *arrival).collect();
        let arrivals = arrivals.as_slice();
        let key = (position, arrivals.to_vec());
        if let Some(known) = self.solved.get(&key) {
            return Rc::clone(known);
        }
        let frontier = match self.solve_local(position, arrivals) {
            Some(solution) => Rc::from([Rc::new(solution)]),
            None => self.solve_jumping(position, arrivals),
        };
        self.solved.insert(key, Rc::clone(&frontier));
        frontier
    }

    fn solve_local(&mut self, position: PositionId, arrivals: &[Arrival]) -> Option<Solution> {
        let at = (0..arrivals.len())
            .find(|&at| arrivals[at].round == 0 && self.covers(position, arrivals[at]))?;
        Some(Solution {
            rounds: 0,
            fetches: FetchSet::new(),
            weight: Weight::of_fields(self.size(position)),
            used: smallvec![u16::try_from(at).unwrap_or(u16::MAX)],
            decision: Decision::Local(at),
        })
    }

    /// How many fields are asked for at a position and below it.
    fn size(&mut self, position: PositionId) -> u32 {
        if let Some(&known) = self.sizes.get(&position) {
            return known;
        }
        let entries = Rc::clone(&self.tree.position(position).entries);
        self.budget.step(entries.len());
        let size = entries.iter().fold(0_u32, |size, &id| {
            let child = self.tree.entry(id).child();
            let below = child.map_or(0, |child| self.size(child));
            size.saturating_add(1).saturating_add(below)
        });
        self.sizes.insert(position, size);
        size
    }

    fn solve_jumping(&mut self, position: PositionId, arrivals: &[Arrival]) -> Frontier {
        let mut frontier: Vec<Rc<Solution>> = Vec::new();
        for primary in self.primaries(position, arrivals) {
            for solution in self.search(position, arrivals, primary) {
                insert(&mut frontier, solution);
            }
        }
        if self.asks_whatever_the_type(position)
            && self.may_serve_by_type(position, arrivals, &frontier)
        {
            for solution in self.search(position, arrivals, None) {
                insert(&mut frontier, solution);
            }
        }
        frontier.into()
    }

    /// Whether each type may be served from other arrivals, though an entry is asked whatever the
    /// type.
    fn may_serve_by_type(
        &self,
        position: PositionId,
        arrivals: &[Arrival],
        found: &[Rc<Solution>],
    ) -> bool {
        let Some(best) = found.first() else {
            // From no single arrival all that is asked can be served. For a caller without
            // restrictions the operation is refused then, since the subgraphs do not fit together.
            return arrivals.len() > 1 && self.facts.is_restricted();
        };
        // Where one arrival reports the type and another one is an interface object, the two
        // together need no jump. Not for lists, whose items need not be in the same order.
        let typed = arrivals.iter();
        let typed = typed.filter(|arrival| !arrival.is_untyped(self.index));
        let is_mixed = typed.count() == 1 && arrivals.len() > 1;
        best.rounds > 0 && is_mixed && self.tree.position(position).is_single
    }

    /// The arrivals that can be the primary, which serves what is asked whatever the type; `None`
    /// where nothing is asked so.
    fn primaries(&self, position: PositionId, arrivals: &[Arrival]) -> Vec<Option<usize>> {
        if self.asks_whatever_the_type(position) {
            (0..arrivals.len()).map(Some).collect()
        } else {
            vec![None]
        }
    }

    fn asks_whatever_the_type(&self, position: PositionId) -> bool {
        let place = self.tree.position(position);
        let mut entries = place.entries.iter();
        !self.index.is_object(place.declared) && entries.any(|&id| self.tree.entry(id).is_abstract)
    }

    fn search(
        &mut self,
        position: PositionId,
        arrivals: &[Arrival],
        primary: Option<usize>,
    ) -> Vec<Rc<Solution>> {
        let candidates = self.candidates(position, arrivals, primary);
        let mut all = candidates.forced.clone();
        all.extend(&candidates.optional);
        // More targets never serve less: if all together do not serve everything, no choice of them
        // does, and no choice takes fewer rounds.
        let mut frontier: Vec<Rc<Solution>> = Vec::new();
        for solution in self.place(position, arrivals, primary, &all) {
            insert(&mut frontier, solution);
        }
        if frontier.is_empty() || candidates.optional.is_empty() {
            return frontier;
        }
        if candidates.optional.len() <= EXHAUSTIVE && self.may_try_more() {
            self.search_all(&mut frontier, (position, arrivals, primary), &candidates);
        } else {
            self.search_some(&mut frontier, (position, arrivals, primary), &candidates);
        }
        frontier
    }

    fn search_all(
        &mut self,
        frontier: &mut Vec<Rc<Solution>>,
        (position, arrivals, primary): (PositionId, &[Arrival], Option<usize>),
        candidates: &Candidates,
    ) {
        let optional = &candidates.optional;
        let mut choices: Vec<u32> = (0..(1_u32 << optional.len()) - 1).collect();
        choices.sort_by_key(|choice| choice.count_ones());
        let fastest = frontier.first().map_or(0, |best| best.rounds);
        for choice in choices {
            let size = candidates.forced.len() + choice.count_ones() as usize;
            let beaten = frontier
                .iter()
                .any(|found| found.rounds <= fastest && found.fetches.len() < size);
            if beaten || !self.may_try_more() {
                return;
            }
            let mut targets = candidates.forced.clone();
            let chosen = (0..optional.len()).filter(|at| choice & (1 << at) != 0);
            targets.extend(chosen.map(|at| optional[at]));
            for solution in self.place(position, arrivals, primary, &targets) {
                insert(frontier, solution);
            }
        }
    }

    /// Drops targets one by one, as long as that gives a better solution.
    fn search_some(
        &mut self,
        frontier: &mut Vec<Rc<Solution>>,
        (position, arrivals, primary): (PositionId, &[Arrival], Option<usize>),
        candidates: &Candidates,
    ) {
        let until = (self.places + GREEDY_PLACES).min(self.max_places);
        let mut chosen = match frontier.first().map(|best| &best.decision) {
            Some(Decision::Placed(placed)) => {
                let mut chosen: Vec<Target> = Vec::new();
                for instance in &placed.instances {
                    if candidates.optional.contains(&instance.target)
                        && !chosen.contains(&instance.target)
                    {
                        chosen.push(instance.target);
                    }
                }
                chosen
            }
            _ => return,
        };
        let mut at = 0;
        while at < chosen.len() && self.places < until && self.may_try_more() {
            let mut fewer = chosen.clone();
            fewer.remove(at);
            let mut targets = candidates.forced.clone();
            targets.extend(&fewer);
            let mut is_better = false;
            for solution in self.place(position, arrivals, primary, &targets) {
                is_better |= insert(frontier, solution);
            }
            if is_better {
                chosen = fewer;
            } else {
                at += 1;
            }
        }
    }

    /// Whether more placements may be tried: once half of the steps are used, the rest is kept for
    /// making the plan from the best solutions found.
    fn may_try_more(&self) -> bool {
        let half = self.budget.bound(Resource::Work) / 2;
        self.places < self.max_places && self.budget.used(Resource::Work) < half
    }

    pub(crate) fn place(
        &mut self,
        position: PositionId,
        arrivals: &[Arrival],
        primary: Option<usize>,
        targets: &[Target],
    ) -> Vec<Rc<Solution>> {
        self.places += 1;
        if !self.budget.step(1 + arrivals.len() + targets.len()) {
            return Vec::new();
        }
        Placing::new(self, position, arrivals, targets).place(primary)
    }
}
