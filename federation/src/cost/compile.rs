//! Makes a program of a normalised operation.
//!
//! In: an operation whose fragments are inlined and whose `@skip` and `@include` are folded. Out: a
//! [`Program`]. Invariant: each selection set is looked at once for each size that is handed down to it, and
//! every step is counted; past the budget the program is not whole, and whoever gave it must not run it.

use apollo_compiler::{Name, executable::Operation};
use indexmap::{IndexMap, IndexSet};

use super::{
    Amount,
    inputs::Literals,
    program::{Call, Class, Count, Program, Set, Term},
    slicing::Sizing,
    weights::{FieldWeights, Weights},
};
use crate::{
    budget::Budget,
    index::{FieldSelection, Index, Selection, SelectionSet, TypeId, TypeSet},
    operation::{NormalizedOperation, OperationKind},
};

/// A size that is handed down to a list further down.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct HandedDown {
    sizing: usize,
    /// The way to the list.
    path: Vec<String>,
}

struct Compiler<'c> {
    index: &'c Index,
    literals: Literals<'c>,
    budget: &'c Budget,
    sizings: Vec<Sizing>,
    /// Those of each selection by the number of what its field weighs.
    sizing_of: IndexMap<(usize, usize), usize>,
    sets: Vec<Set>,
    set_of: IndexMap<(usize, Vec<HandedDown>), usize>,
}

/// Makes a program. `operation` is what `normalized` was made of, and `budget` counts the steps.
pub fn compile(
    index: &Index,
    weights: &Weights,
    operation: &Operation,
    normalized: &NormalizedOperation,
    budget: &Budget,
) -> Program {
    let declared = operation.variables.iter();
    let declared = declared.map(|variable| (variable.name.clone(), (*variable.ty).clone()));
    let variables: Vec<(Name, _)> = declared.collect();
    let names = variables.iter().map(|(name, _)| name.clone());
    let numbers: IndexMap<Name, usize> = names.zip(0..).collect();
    let mut compiler = Compiler {
        index,
        literals: Literals {
            weights,
            variables: &numbers,
        },
        budget,
        sizings: Vec::new(),
        sizing_of: IndexMap::new(),
        sets: Vec::new(),
        set_of: IndexMap::new(),
    };
    let root = compiler.read(&normalized.selection_set, &[]);
    let mut sets = compiler.sets;
    // The root is no object that somebody has to find.
    sets.push(Set {
        classes: Vec::new(),
        ..root
    });
    Program {
        base: match normalized.kind {
            OperationKind::Mutation => Amount::TEN,
            OperationKind::Query | OperationKind::Subscription => Amount::ZERO,
        },
        variables,
        sizings: compiler.sizings,
        sets,
    }
}

impl<'c> Compiler<'c> {
    fn weights(&self) -> &'c Weights {
        self.literals.weights
    }

    /// The number of a set, with the sizes that are handed down to it.
    fn set(&mut self, set: &SelectionSet, handed: Vec<HandedDown>) -> usize {
        let key = (std::ptr::from_ref(set).addr(), handed);
        if let Some(known) = self.set_of.get(&key) {
            return *known;
        }
        let read = self.read(set, &key.1);
        let number = self.sets.len();
        self.sets.push(read);
        self.set_of.insert(key, number);
        number
    }

    fn read(&mut self, set: &SelectionSet, handed: &[HandedDown]) -> Set {
        let possible = &self.index.type_(set.declared).possible;
        let possible = possible.intersection(self.index.visible());
        let mut terms = Vec::new();
        let mut common = Vec::new();
        let mut by_type: IndexMap<TypeId, Vec<usize>> = IndexMap::new();
        for selection in &set.selections {
            let Some(field) = selection.field() else {
                continue;
            };
            for (number, types) in self.by_weight(set.declared, selection, field) {
                let Some(weights) = self.weights().distinct(number) else {
                    continue;
                };
                let at = terms.len();
                terms.push(self.term(field, (number, weights), handed));
                if types.is_empty() || possible.is_subset(&types) {
                    common.push(at);
                } else {
                    for object in types.iter() {
                        by_type.entry(object).or_default().push(at);
                    }
                }
            }
        }
        let specific: TypeSet = by_type.keys().copied().collect();
        let others = possible.difference(&specific);
        let mut classes: IndexSet<Class> = IndexSet::new();
        if let Some(instance) = self.weights().heaviest(&others) {
            let terms = Vec::new();
            classes.insert(Class { instance, terms });
        } else if specific.is_empty() {
            // An interface that nothing implements.
            let instance = self.weights().type_(set.declared);
            let terms = Vec::new();
            classes.insert(Class { instance, terms });
        }
        classes.extend(by_type.into_iter().map(|(object, terms)| Class {
            instance: self.weights().type_(object),
            terms,
        }));
        Set {
            terms,
            common,
            classes: classes.into_iter().collect(),
        }
    }

    /// The object types that a selection is of, by the number of what its field weighs for them.
    fn by_weight(
        &self,
        declared: TypeId,
        selection: &Selection,
        field: &FieldSelection,
    ) -> IndexMap<usize, TypeSet> {
        let mut groups: IndexMap<usize, TypeSet> = IndexMap::new();
        if !self.budget.step(1 + selection.types.len()) {
            return groups;
        }
        let number = |on: TypeId| {
            self.weights()
                .number(self.index.find_field(on, &field.name)?)
        };
        for object in selection.types.iter() {
            if let Some(number) = number(object) {
                groups.entry(number).or_default().insert(object);
            }
        }
        if selection.types.is_empty() {
            groups.extend(number(declared).map(|number| (number, TypeSet::new())));
        }
        groups
    }

    fn term(
        &mut self,
        field: &FieldSelection,
        (number, weights): (usize, &'c FieldWeights),
        handed: &[HandedDown],
    ) -> Term {
        let mut call = Call {
            fixed: weights.call,
            variables: Vec::new(),
        };
        for argument in field.arguments.given() {
            if let Some(input) = weights.argument(&argument.name) {
                self.literals.add(input, &argument.value, &mut call);
            }
        }
        self.budget.step(call.variables.len());
        let mut size = None;
        let mut below: Vec<HandedDown> = Vec::new();
        for one in handed {
            match one.path.split_first() {
                Some((first, [])) if *first == *field.name => size = Some(one.sizing),
                Some((first, rest)) if *first == *field.name => below.push(HandedDown {
                    sizing: one.sizing,
                    path: rest.to_vec(),
                }),
                _ => {}
            }
        }
        if let Some(list_size) = &weights.list_size {
            let own = self.sizing(field, number, weights);
            if list_size.sized.is_empty() {
                size = size.or(own);
            }
            let paths = list_size.sized.iter().cloned();
            let handed = paths.filter_map(|path| own.map(|sizing| HandedDown { sizing, path }));
            below.extend(handed);
        }
        // A list that is sized and is none: a field of another type than the directive has in mind.
        let sizing = size.filter(|_| weights.lists > 0);
        Term {
            call,
            count: Count {
                sizing,
                usual: weights.lists - u32::from(sizing.is_some()),
            },
            leaf: weights.leaf,
            below: (field.selection_set.as_ref()).map(|set| self.set(set, below)),
        }
    }

    /// The number of what is said of the size of a field.
    fn sizing(
        &mut self,
        field: &FieldSelection,
        number: usize,
        weights: &FieldWeights,
    ) -> Option<usize> {
        let list_size = weights.list_size.as_ref()?;
        let key = (std::ptr::from_ref(field).addr(), number);
        if let Some(known) = self.sizing_of.get(&key) {
            return Some(*known);
        }
        self.budget.step(1 + 2 * list_size.slicing.len());
        let given = field.arguments.given();
        let sizing = Sizing::new(self.weights(), weights, list_size, given);
        let place = self.sizings.len();
        self.sizings.push(sizing);
        self.sizing_of.insert(key, place);
        Some(place)
    }
}
