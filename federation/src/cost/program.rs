//! An operation as what is added up for it.
//!
//! Invariant: a set stands behind all that are below it, so that a program runs from its start to its end.

use apollo_compiler::{Name, ast::Type};

use super::{Amount, slicing::Sizing};

/// An operation as what is added up for it: [`Program::estimate`] does so for the variables of a request.
#[derive(Debug, Default)]
pub struct Program {
    /// What the operation weighs by itself.
    pub(super) base: Amount,
    /// The variables, with their types.
    pub(super) variables: Vec<(Name, Type)>,
    /// The sizes of lists that something is said of.
    pub(super) sizings: Vec<Sizing>,
    /// What is selected; the root comes last.
    pub(super) sets: Vec<Set>,
}

/// What is selected of one object.
#[derive(Debug, Default)]
pub(super) struct Set {
    pub(super) terms: Vec<Term>,
    /// Which of them count for all objects.
    pub(super) common: Vec<usize>,
    /// The objects of different weights, of which the heaviest counts.
    pub(super) classes: Vec<Class>,
}

/// Objects of the same weight.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Class {
    pub(super) instance: Amount,
    /// What counts for them beside what counts for all.
    pub(super) terms: Vec<usize>,
}

/// A field.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) call: Call,
    pub(super) count: Count,
    pub(super) leaf: Amount,
    /// The set that is selected of each of its objects.
    pub(super) below: Option<usize>,
}

/// What it weighs to resolve a field once.
#[derive(Debug, Default)]
pub(super) struct Call {
    pub(super) fixed: Amount,
    /// Variables by number, with what each value in them weighs where it is given.
    pub(super) variables: Vec<(usize, Amount)>,
}

/// How many values a field has: as its sizing says, times the usual size for each list of which nothing is
/// said.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    pub(super) sizing: Option<usize>,
    pub(super) usual: u32,
}

impl Program {
    /// About how many bytes it takes.
    pub fn size(&self) -> usize {
        let sets = self.sets.iter().map(|set| {
            let classes = set.classes.iter();
            let classes = classes.map(|class| room_of(&class.terms));
            let calls = set.terms.iter().map(|term| room_of(&term.call.variables));
            room_of(&set.terms)
                + room_of(&set.common)
                + room_of(&set.classes)
                + classes.sum::<usize>()
                + calls.sum::<usize>()
        });
        let sizings = self.sizings.iter().map(Sizing::size);
        256 + self.variables.len() * 64
            + room_of(&self.sets)
            + sets.sum::<usize>()
            + sizings.sum::<usize>()
    }
}

/// How many bytes a list has room for.
fn room_of<T>(list: &Vec<T>) -> usize {
    list.capacity() * size_of::<T>()
}
