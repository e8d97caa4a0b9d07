//! Withholds what cannot be resolved for a caller who may not read all that keys, `@requires` and
//! contexts read. In: an authorised operation. Out: the same with more withheld, and the paths of
//! that. Invariant: every field that is left can be resolved by some subgraph.

use super::{
    landing::{Joining, root_arrivals},
    search::{Known, Path, Search, Served, Ways},
};
use crate::{
    authorize::AuthorizedOperation,
    budget::Budget,
    index::{
        Facts, FieldIdSet, FieldSelection, Index, LabelSet, Labels, Selected, Selection,
        SelectionSet, TypeId, TypeSet,
    },
    operation::{NormalizedOperation, OperationKind},
};

/// Most selection sets with something withheld that are read; past that, the rest is withheld.
const MOST_SELECTIONS: u32 = 20_000;

/// Withholds what no subgraph can resolve; `None` if there is nothing to withhold, or nothing left.
pub(super) fn withhold_unreachable(
    facts: &Facts<'_>,
    operation: &AuthorizedOperation,
    budget: &Budget,
) -> Option<(AuthorizedOperation, Vec<Path>)> {
    let asked = operation.operation();
    let declared = asked.selection_set.declared;
    let alone = |selection: &Selection| SelectionSet {
        declared,
        selections: vec![selection.clone()],
    };
    // Each root field of a mutation is asked of one subgraph.
    let is_mutation = asked.kind == OperationKind::Mutation;
    let roots = asked.selection_set.selections.iter();
    let roots: Vec<SelectionSet> = roots.filter(|_| is_mutation).map(alone).collect();
    let mut search = Search {
        facts,
        index: facts.index(),
        withheld_types: operation.withheld_types(),
        above: Vec::new(),
        known: Known::default(),
        path: Vec::new(),
        unreachable: Vec::new(),
        left: MOST_SELECTIONS,
        budget,
    };
    let ways = Ways::all(root_arrivals(search.index, declared));
    let selection_set = if is_mutation {
        let mut selections = Vec::new();
        for root in &roots {
            selections.extend(search.of_one(root, &ways)?.selections);
        }
        SelectionSet {
            declared,
            selections,
        }
    } else if search.is_whole(&asked.selection_set, &ways) {
        return None;
    } else {
        search.set(&asked.selection_set, &ways)?
    };
    let left = NormalizedOperation {
        selection_set,
        ..asked.clone()
    };
    let unreachable = search.unreachable;
    (!unreachable.is_empty()).then(|| (operation.with(left), unreachable))
}

impl<'s> Search<'s, '_> {
    /// What can be resolved of objects from one arrival alone: the arrival with which least is
    /// lost.
    fn of_one(&mut self, set: &'s SelectionSet, ways: &Ways) -> Option<SelectionSet> {
        let found = self.unreachable.len();
        let mut best: Option<(bool, SelectionSet, Vec<Path>)> = None;
        for way in ways.each() {
            let left = self.set(set, &way);
            let lost = self.unreachable.split_off(found);
            let Some(left) = left else { continue };
            let is_lost = left.selections.iter().any(|one| one.is_withheld);
            let is_better = (best.as_ref())
                .is_none_or(|(lost_too, _, more)| (is_lost, lost.len()) < (*lost_too, more.len()));
            if is_better {
                best = Some((is_lost, left, lost));
            }
        }
        let (_, left, lost) = best?;
        self.unreachable.extend(lost);
        Some(left)
    }

    /// What can be resolved of a selection set; `None` if the runtime types that it needs cannot be
    /// known.
    fn set(&mut self, set: &'s SelectionSet, ways: &Ways) -> Option<SelectionSet> {
        self.left = self.left.checked_sub(1)?;
        if !self.budget.step(1 + ways.used.len()) {
            return None;
        }
        let objects = self.objects(set, ways);
        self.above.push(objects);
        let mut selections = Vec::with_capacity(set.selections.len());
        for selection in &set.selections {
            self.selection((set.declared, selection), ways, &mut selections);
        }
        let objects = self.above.pop().unwrap_or_default();
        let mut left = SelectionSet {
            declared: set.declared,
            selections,
        };
        left.narrow(&set.asked_of_all());
        self.is_told(&left, ways, &objects).then_some(left)
    }

    fn selection(
        &mut self,
        (declared, selection): (TypeId, &'s Selection),
        ways: &Ways,
        into: &mut Vec<Selection>,
    ) {
        let field = match &selection.selected {
            Selected::Field(field) if !selection.is_withheld => field,
            _ => return into.push(selection.clone()),
        };
        self.path.push(selection.response_name.to_string());
        let Served { mut lost, landed } = self.served(selection, &field.name, ways);
        let is_untold = self.is_of_no_type(selection);
        if landed.is_empty() && lost.is_empty() && !is_untold {
            // No object of its types arrives.
            self.path.pop();
            return into.push(selection.clone());
        }
        if !lost.is_empty() || landed.is_empty() {
            self.note();
        }
        let mut left: Vec<(TypeSet, FieldSelection)> = Vec::new();
        for (types, landings) in landed {
            let Some(below) = &field.selection_set else {
                self.budget.step(left.len());
                add(&mut left, types, field.clone());
                continue;
            };
            if self.is_whole_below((declared, selection), below, &landings) {
                self.budget.step(left.len() * (1 + field.size()));
                add(&mut left, types, field.clone());
                continue;
            }
            let found = self.unreachable.len();
            let set = if self.joining((declared, selection), below, &landings) == Joining::Never {
                self.of_one(below, &landings)
            } else {
                self.set(below, &landings)
            };
            if set.is_none() {
                // Nothing is asked below, so nothing is withheld there.
                self.unreachable.truncate(found);
                self.note();
                lost.extend(&types);
                continue;
            }
            let field = field.selecting(set);
            self.budget.step(left.len() * (1 + field.size()));
            add(&mut left, types, field);
        }
        self.path.pop();
        if left.is_empty() {
            into.push(selection.withheld_on(selection.types.clone()));
            return;
        }
        if !lost.is_empty() {
            into.push(selection.withheld_on(lost.clone()));
        }
        let is_one = left.len() == 1;
        // Types that never arrive stay with the first.
        let mut rest = selection.types.difference(&lost);
        for (types, _) in &left {
            rest = rest.difference(types);
        }
        for (mut types, field) in left {
            types.extend(&std::mem::take(&mut rest));
            let mut part = selection.answered_by(Selected::Field(field));
            if !(is_one && lost.is_empty()) {
                part.narrow(types);
            }
            into.push(part);
        }
    }

    fn note(&mut self) {
        self.budget.step(self.path.len());
        self.unreachable.push(self.path.clone());
    }
}

/// Adds a selection for some types, to an equal one for other types if there is one.
fn add(left: &mut Vec<(TypeSet, FieldSelection)>, types: TypeSet, field: FieldSelection) {
    match left.iter_mut().find(|(_, other)| *other == field) {
        Some((more, _)) => more.extend(&types),
        None => left.push((types, field)),
    }
}

/// The operation without what cannot be resolved for its caller, and the paths of that.
pub(super) fn unreachable(
    index: &Index,
    labels: &LabelSet,
    authorized: &AuthorizedOperation,
    budget: &Budget,
) -> Option<(AuthorizedOperation, Vec<Path>)> {
    let facts = facts(index, labels, authorized.unreadable().clone(), budget);
    withhold_unreachable(&facts, authorized, budget)
}

pub(super) fn facts<'a>(
    index: &'a Index,
    labels: &LabelSet,
    unreadable: FieldIdSet,
    budget: &'a Budget,
) -> Facts<'a> {
    Facts::new(index, Labels::chosen(index, labels), unreadable).counted_by(budget)
}
