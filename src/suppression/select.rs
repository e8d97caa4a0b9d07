//! The choice of complementary cells.

use std::cmp::Reverse;

use super::audit::bounds;
use super::lp::{Answer, Exact, Query, is_whole, to_count};
use super::near::{few_blocks, told_range};
use super::part::parts;
use super::table::{Budget, Figure, Pattern, Reduced, Rule, Table};

/// Most complementary candidates for which the fewest are searched exactly.
const MAX_EXACT: usize = 12;

/// Most groups of a part in which each value of a primary figure is a goal of its own. In larger ones the ends of
/// the range are.
const MAX_EACH_VALUE: usize = 60;

/// Decides which open cells of a table are suppressed at threshold `k`.
///
/// Every primary cell, open or hidden, keeps each of the values 0 to `k - 1`
/// that the told cells alone leave possible; in large parts of a table, for
/// which a reader has linear programming alone, it keeps the range of these
/// values. When the budget runs out or the solver fails before that is shown
/// for a part of the table, every open cell of the part is suppressed.
#[must_use]
pub fn decide(table: &Table, k: u32, budget: &mut Budget) -> Pattern {
    let reduced = Reduced::new(table);
    let mut hidden: Vec<bool> = reduced
        .figures
        .iter()
        .map(|f| f.rule == Rule::Hidden)
        .collect();
    let mut is_coarse = false;
    for part in parts(&reduced) {
        let mut own = budget.of_part();
        let pattern = decide_part(&part.reduced, k, &mut own);
        budget.note(own);
        is_coarse |= pattern.is_none();
        for (index, &figure) in part.figures.iter().enumerate() {
            hidden[figure] = match &pattern {
                Some(pattern) => pattern[index],
                None => reduced.figures[figure].rule != Rule::Told,
            };
        }
    }
    reduced.pattern(&hidden, is_coarse)
}

/// The suppressed figures of one part; nothing where the search stopped before it had any.
fn decide_part(reduced: &Reduced, k: u32, budget: &mut Budget) -> Option<Vec<bool>> {
    let rows = reduced.figures.iter();
    let mut hidden: Vec<bool> = rows
        .map(|f| f.rule == Rule::Hidden || f.is_primary(k))
        .collect();
    let is_settled = |f: &Figure| f.rule != Rule::Open;
    if !hidden.contains(&true) || reduced.figures.iter().all(is_settled) {
        return Some(hidden);
    }
    let mut search = Search::new(reduced, k, budget);
    search.protect(&mut hidden).ok()?;
    // A stop during the improvement keeps the last pattern shown protected.
    let _ = search
        .clean_up(&mut hidden, k)
        .and_then(|()| search.fewest(&mut hidden, k));
    Some(hidden)
}

/// The budget ran out or the solver failed.
struct Stopped;

/// A value that a primary figure must be able to take.
#[derive(Clone, Copy)]
struct Goal {
    figure: usize,
    value: u32,
}

/// A solution of the told figures.
struct Witness {
    /// The value of each figure; none where it is no whole number.
    values: Vec<Option<u32>>,
    /// The figures that differ from their true value.
    moved: Vec<usize>,
}

struct Search<'a> {
    reduced: &'a Reduced,
    goals: Vec<Goal>,
    witnesses: Vec<Witness>,
    budget: &'a mut Budget,
}

impl<'a> Search<'a> {
    fn new(reduced: &'a Reduced, k: u32, budget: &'a mut Budget) -> Self {
        let figures = reduced.figures.iter().enumerate();
        let mut primaries: Vec<(usize, u32)> = figures
            .filter(|(_, f)| f.is_primary(k))
            .map(|(i, f)| (i, f.value))
            .collect();
        primaries.sort_by_key(|&(figure, value)| (value, figure));
        let mut goals = Vec::new();
        let ends = [k.saturating_sub(1), 0];
        let between = if reduced.values.len() > MAX_EACH_VALUE {
            0..0
        } else {
            1..k.saturating_sub(1)
        };
        for value in ends.into_iter().chain(between) {
            goals.extend(primaries.iter().map(|&(figure, _)| Goal { figure, value }));
        }
        let mut search = Self {
            reduced,
            goals,
            witnesses: Vec::new(),
            budget,
        };
        let truth = reduced.values.clone();
        search.witnesses.extend(search.witness(&truth));
        search
    }

    /// Checks a point in integer arithmetic and describes it.
    fn witness(&self, point: &[u32]) -> Option<Witness> {
        let mut values = Vec::with_capacity(self.reduced.figures.len());
        let mut moved = Vec::new();
        for (index, figure) in self.reduced.figures.iter().enumerate() {
            let value = figure.at(point)?;
            if value != figure.value {
                if figure.rule == Rule::Told {
                    return None;
                }
                moved.push(index);
            }
            values.push(Some(value));
        }
        Some(Witness { values, moved })
    }

    /// Describes a solution in fractions, which is one of a large part of a table.
    fn fractional(&self, point: &[f64]) -> Option<Witness> {
        let mut values = Vec::with_capacity(self.reduced.figures.len());
        let mut moved = Vec::new();
        for (index, figure) in self.reduced.figures.iter().enumerate() {
            let value: f64 = figure.groups.iter().map(|&group| point[group]).sum();
            let whole = Some(value)
                .filter(|value| is_whole(*value))
                .and_then(to_count);
            if whole != Some(figure.value) {
                if figure.rule == Rule::Told {
                    return None;
                }
                moved.push(index);
            }
            values.push(whole);
        }
        Some(Witness { values, moved })
    }

    fn is_met(&self, goal: Goal, hidden: &[bool]) -> bool {
        let mut witnesses = self.witnesses.iter();
        witnesses.any(|w| {
            w.values[goal.figure] == Some(goal.value) && w.moved.iter().all(|&f| hidden[f])
        })
    }

    /// Solves for a goal, with whole numbers enforced if necessary.
    fn solve(
        &mut self,
        goal: Goal,
        hidden: &[bool],
        exact: Exact,
    ) -> Result<Option<Witness>, Stopped> {
        self.solve_in(goal, hidden, exact, None)
    }

    /// Solves for a goal with counts of some blocks alone.
    fn solve_in(
        &mut self,
        goal: Goal,
        hidden: &[bool],
        exact: Exact,
        blocks: Option<&[usize]>,
    ) -> Result<Option<Witness>, Stopped> {
        let mut query = Query {
            reduced: self.reduced,
            hidden,
            exact,
            integer: false,
            blocks,
        };
        loop {
            if !self.budget.take() {
                return Err(Stopped);
            }
            let witness = match query.reach(goal.figure, goal.value) {
                Answer::Point(point) => self.witness(&point),
                Answer::Infeasible => return Ok(None),
                Answer::Fractional(_) if !query.integer && query.allows_integer(goal.figure) => {
                    query.integer = true;
                    continue;
                }
                Answer::Fractional(point) if self.reduced.values.len() > MAX_EACH_VALUE => {
                    self.fractional(&point)
                }
                // Not shown to be met: more stays suppressed.
                Answer::Fractional(_) | Answer::Failed if exact == Exact::Fixed => return Ok(None),
                Answer::Fractional(_) | Answer::Failed => return Err(Stopped),
            };
            let found = witness.filter(|w| w.values[goal.figure] == Some(goal.value));
            return found.map(Some).ok_or(Stopped);
        }
    }

    /// Solves for a goal at the least cost, in few blocks where these suffice.
    fn solve_at_a_price(
        &mut self,
        goal: Goal,
        hidden: &[bool],
    ) -> Result<Option<Witness>, Stopped> {
        if let Some(few) = few_blocks(self.reduced, goal.figure, hidden) {
            let found = self.solve_in(goal, hidden, Exact::Priced, Some(&few));
            if let Ok(Some(witness)) = found {
                return Ok(Some(witness));
            }
        }
        self.solve(goal, hidden, Exact::Priced)
    }

    /// Suppresses figures until every goal is met; drops the goals that the
    /// told figures alone rule out.
    fn protect(&mut self, hidden: &mut [bool]) -> Result<(), Stopped> {
        let mut kept = Vec::with_capacity(self.goals.len());
        for goal in self.goals.clone() {
            if !told_range(self.reduced, goal.figure).contains(&goal.value) {
                // No choice of suppressed figures can change it.
            } else if self.is_met(goal, hidden) {
                kept.push(goal);
            } else if let Some(witness) = self.solve_at_a_price(goal, hidden)? {
                witness
                    .moved
                    .iter()
                    .for_each(|&figure| hidden[figure] = true);
                self.witnesses.push(witness);
                kept.push(goal);
            } else if !self.is_ruled_out(goal)? {
                return Err(Stopped);
            }
        }
        self.goals = kept;
        Ok(())
    }

    /// Confirms by the goal figure's range, or else by whole-number search,
    /// that the told figures alone rule a goal out.
    fn is_ruled_out(&mut self, goal: Goal) -> Result<bool, Stopped> {
        if !(self.budget.take() && self.budget.take()) {
            return Err(Stopped);
        }
        let figures = self.reduced.figures.iter();
        let hidden: Vec<bool> = figures.map(|f| f.rule != Rule::Told).collect();
        let (min, max) = bounds(self.reduced, &hidden, goal.figure).ok_or(Stopped)?;
        if goal.value < min || max.is_some_and(|max| goal.value > max) {
            return Ok(true);
        }
        let query = Query {
            reduced: self.reduced,
            hidden: &hidden,
            exact: Exact::Fixed,
            integer: true,
            blocks: None,
        };
        if !query.allows_integer(goal.figure) || !self.budget.take() {
            return Err(Stopped);
        }
        Ok(matches!(
            query.reach(goal.figure, goal.value),
            Answer::Infeasible
        ))
    }

    /// The first goal that the suppressed figures do not meet.
    fn first_unmet(&mut self, hidden: &[bool]) -> Result<Option<Goal>, Stopped> {
        for index in 0..self.goals.len() {
            let goal = self.goals[index];
            if self.is_met(goal, hidden) {
                continue;
            }
            if let Some(witness) = self.solve(goal, hidden, Exact::Fixed)? {
                self.witnesses.push(witness);
            } else {
                // Goals that fail are tried first next time.
                self.goals[..=index].rotate_right(1);
                return Ok(Some(goal));
            }
        }
        Ok(None)
    }

    /// Figures that may be suppressed without being primary or hidden.
    fn candidates(&self, k: u32) -> Vec<usize> {
        let figures = self.reduced.figures.iter().enumerate();
        let open = figures.filter(|(_, f)| f.rule == Rule::Open && !f.is_primary(k));
        open.map(|(index, _)| index).collect()
    }

    /// Makes each complementary figure exact again where the goals allow it,
    /// larger figures first.
    fn clean_up(&mut self, hidden: &mut [bool], k: u32) -> Result<(), Stopped> {
        let mut trial = self.candidates(k);
        trial.retain(|&figure| hidden[figure]);
        trial.sort_by_key(|&figure| Reverse(self.reduced.figures[figure].value));
        for figure in trial {
            hidden[figure] = false;
            let unmet = self.first_unmet(hidden);
            hidden[figure] = !matches!(unmet, Ok(None));
            unmet?;
        }
        Ok(())
    }

    /// On a small table, finds the fewest complementary figures, and among
    /// equally many the smallest ones.
    fn fewest(&mut self, hidden: &mut [bool], k: u32) -> Result<(), Stopped> {
        let candidates = self.candidates(k);
        if candidates.len() > MAX_EXACT {
            return Ok(());
        }
        let base: Vec<bool> = (0..hidden.len())
            .map(|f| hidden[f] && !candidates.contains(&f))
            .collect();
        let chosen = |mask: u32| {
            candidates
                .iter()
                .enumerate()
                .filter(move |(bit, _)| mask >> bit & 1 == 1)
        };
        let rank = |mask: u32| {
            let sum: u64 = chosen(mask)
                .map(|(_, &f)| u64::from(self.reduced.figures[f].value))
                .sum();
            (mask.count_ones(), sum)
        };
        let all = (1_u32 << candidates.len()) - 1;
        let current = (0..candidates.len()).filter(|&bit| hidden[candidates[bit]]);
        let best = rank(current.map(|bit| 1_u32 << bit).sum());
        let mut masks: Vec<u32> = (0..=all).filter(|&mask| rank(mask) < best).collect();
        masks.sort_by_cached_key(|&mask| rank(mask));
        let pattern = |mask: u32| {
            let mut pattern = base.clone();
            chosen(mask).for_each(|(_, &figure)| pattern[figure] = true);
            pattern
        };
        // Largest sets known not to suffice; none of their subsets does.
        let mut failed: Vec<u32> = Vec::new();
        for mask in masks {
            if failed.iter().any(|&set| mask & !set == 0) {
                continue;
            }
            let Some(goal) = self.first_unmet(&pattern(mask))? else {
                hidden.copy_from_slice(&pattern(mask));
                return Ok(());
            };
            let mut set = mask;
            for bit in (0..candidates.len()).filter(|bit| mask >> bit & 1 == 0) {
                let wider = pattern(set | 1 << bit);
                if self.is_met(goal, &wider) {
                    continue;
                }
                match self.solve(goal, &wider, Exact::Fixed)? {
                    Some(witness) => self.witnesses.push(witness),
                    None => set |= 1 << bit,
                }
            }
            failed.push(set);
        }
        Ok(())
    }
}
