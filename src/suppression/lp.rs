//! The linear programs over the figures of a table.

use std::time::Duration;

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};

use super::table::{Figure, Reduced, Rule};

/// How far a solver value may lie from a whole number to count as one.
pub(super) const TOLERANCE: f64 = 1e-6;

/// Most groups of variables for which whole numbers are enforced by search.
const MAX_INTEGER_GROUPS: usize = 60;

/// Most nodes of one branch-and-bound search.
const MAX_NODES: u64 = 2_000;

/// Most time of one linear program or search. Those of the sizes that occur take a hundredth of it.
const MAX_TIME: Duration = Duration::from_secs(10);

/// The outcome of asking for a solution.
pub(super) enum Answer {
    /// A whole-number value for each group of variables.
    Point(Vec<u32>),
    /// The linear program has a solution but a fractional one: the value of each group of variables.
    Fractional(Vec<f64>),
    /// No solution exists.
    Infeasible,
    /// The solver gave up or reported an error.
    Failed,
}

/// What the open figures that are not suppressed mean to the program.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Exact {
    /// They hold exactly.
    Fixed,
    /// They may deviate at a cost.
    Priced,
}

/// One linear program: the figures known to hold and what is asked.
pub(super) struct Query<'a> {
    pub(super) reduced: &'a Reduced,
    pub(super) hidden: &'a [bool],
    pub(super) exact: Exact,
    pub(super) integer: bool,
    /// The blocks whose counts may differ from the true ones; all of them where there is none. A solution is one
    /// of the whole table either way.
    pub(super) blocks: Option<&'a [usize]>,
}

/// A linear expression: terms and a constant.
#[derive(Clone, Default)]
struct Expression {
    terms: Vec<(Variable, f64)>,
    constant: f64,
}

impl Query<'_> {
    /// Whether branch and bound is allowed for a goal.
    pub(super) fn allows_integer(&self, goal: usize) -> bool {
        let settled = self.settled(goal);
        settled.iter().filter(|&&settled| !settled).count() <= MAX_INTEGER_GROUPS
    }

    /// Looks for a solution in which `figure` has the value `target`.
    pub(super) fn reach(&self, figure: usize, target: u32) -> Answer {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let groups = self.build(&mut problem, figure);
        let goal = total(&self.reduced.figures[figure], &groups);
        let rest = f64::from(target) - goal.constant;
        if goal.terms.is_empty() {
            if rest.abs() > TOLERANCE {
                return Answer::Infeasible;
            }
        } else {
            problem.add_constraint(goal.terms, ComparisonOp::Eq, rest);
        }
        let mut options = SolveOptions::default();
        options.node_limit = Some(MAX_NODES);
        options.time_limit = Some(MAX_TIME);
        let solution = match problem.solve_with(options) {
            Ok(outcome) => match outcome.into_solution() {
                Ok(solution) => solution,
                Err(_) => return Answer::Failed,
            },
            Err(microlp::Error::Infeasible) => return Answer::Infeasible,
            Err(_) => return Answer::Failed,
        };
        let value = |group: &Expression| {
            let terms = group.terms.iter();
            let sum: f64 = terms
                .map(|&(var, factor)| factor * solution.var_value(var))
                .sum();
            sum + group.constant
        };
        let values: Vec<f64> = groups.iter().map(value).collect();
        if values.iter().any(|value| !is_whole(*value)) {
            return Answer::Fractional(values);
        }
        let point: Option<Vec<u32>> = values.into_iter().map(to_count).collect();
        point.map_or(Answer::Failed, Answer::Point)
    }

    /// The least or greatest value of `figure`; `Ok(None)` when unbounded.
    pub(super) fn extreme(
        &self,
        figure: usize,
        direction: OptimizationDirection,
    ) -> Result<Option<f64>, ()> {
        let mut problem = Problem::new(direction);
        let groups = self.build(&mut problem, figure);
        let goal = total(&self.reduced.figures[figure], &groups);
        if goal.terms.is_empty() {
            return Ok(Some(goal.constant));
        }
        let value = problem.add_var(1.0, (0.0, f64::INFINITY));
        let mut terms = goal.terms;
        terms.push((value, -1.0));
        problem.add_constraint(terms, ComparisonOp::Eq, -goal.constant);
        problem.set_time_limit(MAX_TIME);
        match problem.solve() {
            Ok(outcome) if outcome.is_optimal() => outcome
                .into_solution()
                .map(|s| Some(s.objective()))
                .map_err(|_| ()),
            Err(microlp::Error::Unbounded) => Ok(None),
            Ok(_) | Err(_) => Err(()),
        }
    }

    /// Adds variables and known figures; returns an expression per group.
    fn build(&self, problem: &mut Problem, goal: usize) -> Vec<Expression> {
        let settled = self.settled(goal);
        let mut groups: Vec<Expression> = Vec::with_capacity(settled.len());
        for (&value, &is_settled) in self.reduced.values.iter().zip(&settled) {
            let mut group = Expression::default();
            if is_settled {
                group.constant = f64::from(value);
            } else {
                group.terms.push((self.variable(problem), 1.0));
            }
            groups.push(group);
        }
        for (index, figure) in self.reduced.figures.iter().enumerate() {
            if !self.has_row(index, figure) {
                continue;
            }
            let mut row = total(figure, &groups);
            if row.terms.is_empty() {
                continue;
            }
            if !self.is_equation(index, figure) {
                let weight = weight(figure.value);
                let most = f64::from(figure.value);
                row.terms
                    .push((problem.add_var(weight, (0.0, f64::INFINITY)), -1.0));
                row.terms.push((problem.add_var(weight, (0.0, most)), 1.0));
            }
            let rest = f64::from(figure.value) - row.constant;
            problem.add_constraint(row.terms, ComparisonOp::Eq, rest);
        }
        groups
    }

    fn variable(&self, problem: &mut Problem) -> Variable {
        if self.integer {
            problem.add_integer_var(0.0, (0, i32::MAX))
        } else {
            problem.add_var(0.0, (0.0, f64::INFINITY))
        }
    }

    /// Whether the figure holds exactly in this program.
    fn is_equation(&self, index: usize, figure: &Figure) -> bool {
        figure.rule == Rule::Told || (self.exact == Exact::Fixed && !self.hidden[index])
    }

    /// Whether the figure constrains or prices the solution.
    fn has_row(&self, index: usize, figure: &Figure) -> bool {
        figure.rule == Rule::Told || !self.hidden[index]
    }

    /// The groups that may stay at their true value: those that the equations
    /// determine one by one, and those not linked with the goal.
    fn settled(&self, goal: usize) -> Vec<bool> {
        let figures = &self.reduced.figures;
        let blocks = self.reduced.blocks.iter();
        let mut settled: Vec<bool> = blocks
            .map(|block| self.blocks.is_some_and(|free| !free.contains(block)))
            .collect();
        let mut changed = true;
        while changed {
            changed = false;
            for (index, figure) in figures.iter().enumerate() {
                if !self.is_equation(index, figure) {
                    continue;
                }
                let open = || figure.groups.iter().copied().filter(|&g| !settled[g]);
                let rest: u32 = open().map(|g| self.reduced.values[g]).sum();
                let count = open().count();
                if count == 1 || (count > 0 && rest == 0) {
                    changed = true;
                    figure.groups.iter().for_each(|&g| settled[g] = true);
                }
            }
        }
        let mut linked = vec![false; settled.len()];
        figures[goal].groups.iter().for_each(|&g| linked[g] = true);
        changed = true;
        while changed {
            changed = false;
            for (index, figure) in figures.iter().enumerate() {
                let touches = |g: &usize| linked[*g] && !settled[*g];
                if self.has_row(index, figure) && figure.groups.iter().any(touches) {
                    for &g in figure.groups.iter().filter(|&&g| !settled[g]) {
                        changed |= !linked[g];
                        linked[g] = true;
                    }
                }
            }
        }
        settled
            .iter()
            .zip(&linked)
            .map(|(&s, &l)| s || !l)
            .collect()
    }
}

/// The cost of moving a figure by one: larger figures cost a little more.
fn weight(value: u32) -> f64 {
    1.0 + f64::from(value).ln_1p() / 8.0
}

/// The sum of a figure's groups.
fn total(figure: &Figure, groups: &[Expression]) -> Expression {
    let mut sum = Expression::default();
    for group in figure.groups.iter().filter_map(|&g| groups.get(g)) {
        sum.terms.extend_from_slice(&group.terms);
        sum.constant += group.constant;
    }
    sum
}

/// Whether the solver means a whole number.
pub(super) fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() <= TOLERANCE
}

/// The whole number nearest to a value, if it is a `u32`.
pub(super) fn to_count(value: f64) -> Option<u32> {
    let value = value.round();
    if !(-0.5..=f64::from(u32::MAX)).contains(&value) {
        return None;
    }
    let (mut low, mut high) = (0_u32, u32::MAX);
    while low < high {
        let middle = low + (high - low) / 2;
        if f64::from(middle) < value {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Some(low)
}
