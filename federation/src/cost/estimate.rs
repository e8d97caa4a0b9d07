//! Runs a program: what an operation costs with the variables of one request.

use apollo_compiler::response::JsonMap;

use super::{
    Amount, CostOptions,
    inputs::{Counted, count},
    program::{Class, Program, Set, Term},
    slicing::Sized,
    weights::Weights,
};

/// How many lists are told of that are not sliced as they have to be.
const MOST_TOLD: usize = 20;

/// What an operation is estimated to cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// The cost, the next whole number where it is none; the greatest number there is where it is more.
    pub cost: u64,
    /// Lists that are not given exactly one slicing argument though they require it, the first of them.
    pub unsliced: Vec<Unsliced>,
}

/// A list that is not given exactly one slicing argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsliced {
    /// The field that says so.
    pub coordinate: String,
    /// The arguments of which it takes one.
    pub arguments: Vec<String>,
    /// How many it is given.
    pub given: usize,
}

/// A program with what the request brings.
struct Run<'p> {
    program: &'p Program,
    usual: u64,
    variables: Vec<Counted>,
    sizes: Vec<Sized>,
    sets: Vec<Amount>,
}

impl Program {
    /// What the operation costs with the variables of a request, which are coerced.
    pub fn estimate(
        &self,
        weights: &Weights,
        variables: &JsonMap,
        options: &CostOptions,
    ) -> Estimate {
        let usual = options.default_list_size;
        let counted = self.variables.iter().map(|(name, ty)| {
            let value = variables.get(name.as_str());
            value.map_or_else(Counted::default, |value| count(weights, ty, value))
        });
        let sizes = self.sizings.iter();
        let sizes = sizes.map(|sizing| sizing.run(weights, variables, usual));
        let mut run = Run {
            program: self,
            usual: u64::from(usual),
            variables: counted.collect(),
            sizes: sizes.collect(),
            sets: Vec::with_capacity(self.sets.len()),
        };
        for set in &self.sets {
            let cost = run.set(set);
            run.sets.push(cost);
        }
        let root = run.sets.last().copied().unwrap_or_default();
        Estimate {
            cost: self.base.plus(root).rounded_up(),
            unsliced: run.unsliced(),
        }
    }
}

impl Run<'_> {
    fn set(&self, set: &Set) -> Amount {
        let terms: Vec<Amount> = set.terms.iter().map(|term| self.term(term)).collect();
        let sum = |numbers: &[usize]| {
            let found = numbers.iter().filter_map(|number| terms.get(*number));
            found.fold(Amount::ZERO, |sum, term| sum.plus(*term))
        };
        let class = |class: &Class| class.instance.plus(sum(&class.terms));
        let heaviest = set.classes.iter().map(class).max();
        sum(&set.common).plus(heaviest.unwrap_or_default())
    }

    fn term(&self, term: &Term) -> Amount {
        let variables = term.call.variables.iter().map(|(number, weight)| {
            let counted = self.variables.get(*number).copied().unwrap_or_default();
            weight.times(counted.values).plus(counted.within)
        });
        let call = variables.fold(term.call.fixed, Amount::plus);
        let below = term.below.and_then(|number| self.sets.get(number));
        let each = term.leaf.plus(below.copied().unwrap_or_default());
        let sized = term.count.sizing.and_then(|number| self.sizes.get(number));
        let size = sized.map_or(1, |sized| sized.size);
        let instances = each.at_least_zero().times(size);
        let instances = (0..term.count.usual).fold(instances, |sum, _| sum.times(self.usual));
        call.at_least_zero().plus(instances)
    }

    fn unsliced(&self) -> Vec<Unsliced> {
        let sizings = self.program.sizings.iter().zip(&self.sizes);
        let wrong = sizings.filter(|(sizing, sized)| sizing.requires_one() && sized.given != 1);
        let told = wrong.map(|(sizing, sized)| {
            let list_size = sizing.list_size();
            Unsliced {
                coordinate: list_size.coordinate.clone(),
                arguments: list_size
                    .slicing
                    .iter()
                    .map(|path| path.join("."))
                    .collect(),
                given: sized.given,
            }
        });
        told.take(MOST_TOLD).collect()
    }
}
