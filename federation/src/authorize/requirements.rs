//! The requirements of a supergraph, numbered, and which of them a caller's grants satisfy.

use std::collections::BTreeSet;

use apollo_compiler::{
    ExecutableDocument,
    executable::{Operation, Selection, SelectionSet},
};
use indexmap::IndexSet;

use crate::{
    grants::Grants,
    index::{FieldId, FieldSetId, Index, Requirement, Selected, TypeId},
};

/// Every distinct requirement of a supergraph.
#[derive(Debug)]
pub struct Requirements {
    all: IndexSet<Requirement>,
    types: Vec<Option<usize>>,
    fields: Vec<Option<usize>>,
    /// For each type those of the types that its objects can be of.
    objects: Vec<IndexSet<usize>>,
    /// Those of fields that keys, `@requires`, `@provides` and contexts read: the plan of any
    /// operation may read them.
    hidden: IndexSet<usize>,
}

/// The requirements that can matter to an operation, in one order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relevant(Vec<usize>);

/// Which requirements a caller satisfies: all that a plan depends on of a caller's grants.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Satisfied(Vec<usize>);

impl Requirements {
    /// Reads them from an index.
    pub fn new(index: &Index) -> Self {
        let mut requirements = Self {
            all: IndexSet::new(),
            types: Vec::new(),
            fields: Vec::new(),
            objects: Vec::new(),
            hidden: IndexSet::new(),
        };
        let mut intern = |requirement: &Requirement| {
            let needed = (!requirement.is_empty()).then_some(requirement)?;
            Some(requirements.all.insert_full(needed.clone()).0)
        };
        let types = index.types().map(|(_, facts)| intern(&facts.requirement));
        let types = types.collect();
        let fields = index.fields().map(|(_, facts)| intern(&facts.requirement));
        requirements.fields = fields.collect();
        requirements.types = types;
        let objects = index.types().map(|(_, facts)| {
            let possible = facts.possible.iter();
            possible
                .filter_map(|object| requirements.of_type(object))
                .collect()
        });
        requirements.objects = objects.collect();
        if !requirements.all.is_empty() {
            requirements.read_hidden(index);
        }
        requirements
    }

    fn read_hidden(&mut self, index: &Index) {
        let mut sets: IndexSet<(TypeId, FieldSetId)> = IndexSet::new();
        for (id, facts) in index.types() {
            sets.extend(facts.keys.iter().map(|key| (id, key.fields)));
        }
        for (_, facts) in index.fields() {
            for entry in &facts.subgraphs {
                sets.extend(entry.requires.map(|set| (facts.parent, set)));
                sets.extend(entry.provides.map(|set| (facts.named_type, set)));
                let contexts = entry.context_arguments.iter();
                sets.extend(contexts.flat_map(|argument| argument.selections.iter().copied()));
            }
        }
        for (parent, set) in sets {
            self.read_hidden_set(index, parent, index.field_set(set));
        }
    }

    fn read_hidden_set(
        &mut self,
        index: &Index,
        parent: TypeId,
        selections: &[crate::index::Selection],
    ) {
        for selection in selections {
            let Selected::Field(field) = &selection.selected else {
                continue;
            };
            let on = [parent].into_iter().chain(selection.types.iter());
            let on = on.chain(index.type_(parent).possible.iter());
            for id in on.filter_map(|on| index.find_field(on, &field.name)) {
                let found: Vec<usize> = self.of_read(index, id).collect();
                self.hidden.extend(found);
            }
            if let Some(set) = &field.selection_set {
                self.read_hidden_set(index, set.declared, &set.selections);
            }
        }
    }

    /// What must be held to see a field: its own demand, its type's and its parent's.
    pub(super) fn of_field<'r>(
        &'r self,
        index: &'r Index,
        id: FieldId,
    ) -> impl Iterator<Item = usize> + 'r {
        let facts = index.field(id);
        [
            self.fields.get(id.0 as usize).copied().flatten(),
            self.of_type(facts.named_type),
            self.of_type(facts.parent),
        ]
        .into_iter()
        .flatten()
    }

    /// What must be held for keys, `@requires` and contexts to read a field: the same, and the
    /// requirements of each type that its objects can be of, since the type's name is read with
    /// them.
    pub(super) fn of_read<'r>(
        &'r self,
        index: &'r Index,
        id: FieldId,
    ) -> impl Iterator<Item = usize> + 'r {
        let yielded = index.field(id).named_type.0 as usize;
        let objects = self.objects.get(yielded).into_iter().flatten().copied();
        self.of_field(index, id).chain(objects)
    }

    /// What must be held to see values of a type.
    pub(super) fn of_type(&self, id: TypeId) -> Option<usize> {
        self.types.get(id.0 as usize).copied().flatten()
    }

    /// A requirement by its number.
    pub(crate) fn get(&self, number: usize) -> Option<&Requirement> {
        self.all.get_index(number)
    }

    /// The requirements that can matter to an operation: some too many do no harm, but with one too
    /// few callers could share a plan that is not for both.
    pub fn relevant(
        &self,
        index: &Index,
        document: &ExecutableDocument,
        operation: &Operation,
    ) -> Relevant {
        if self.all.is_empty() {
            return Relevant::default();
        }
        let mut found = self.selected(index, document, operation);
        found.extend(self.hidden.iter().copied());
        found.sort_unstable();
        Relevant(found.into_iter().collect())
    }

    /// The requirements of what an operation selects.
    fn selected(
        &self,
        index: &Index,
        document: &ExecutableDocument,
        operation: &Operation,
    ) -> IndexSet<usize> {
        let mut found = IndexSet::new();
        let mut fragments = IndexSet::new();
        let mut work: Vec<&SelectionSet> = vec![&operation.selection_set];
        while let Some(set) = work.pop() {
            found.extend(self.of_all(index, &set.ty));
            for selection in &set.selections {
                match selection {
                    Selection::Field(field) => {
                        found.extend(self.of_named(index, &set.ty, &field.name));
                        found.extend(self.of_all(index, field.ty().inner_named_type()));
                        work.push(&field.selection_set);
                    }
                    Selection::InlineFragment(fragment) => work.push(&fragment.selection_set),
                    Selection::FragmentSpread(spread) => {
                        if fragments.insert(&spread.fragment_name)
                            && let Some(fragment) = document.fragments.get(&spread.fragment_name)
                        {
                            work.push(&fragment.selection_set);
                        }
                    }
                }
            }
        }
        found
    }

    /// The requirements of a type and of all its objects can be.
    fn of_all(&self, index: &Index, name: &str) -> Vec<usize> {
        let Some(id) = index.find_type(name) else {
            return Vec::new();
        };
        let all = [id].into_iter().chain(index.type_(id).possible.iter());
        all.filter_map(|id| self.of_type(id)).collect()
    }

    /// The requirements of a field on a type and on all its objects can be.
    fn of_named(&self, index: &Index, parent: &str, name: &str) -> Vec<usize> {
        let Some(id) = index.find_type(parent) else {
            return Vec::new();
        };
        let all = [id].into_iter().chain(index.type_(id).possible.iter());
        all.filter_map(|id| index.find_field(id, name))
            .flat_map(|field| self.of_field(index, field))
            .collect()
    }

    /// The policies that the relevant requirements name: no other one can matter.
    pub fn policies(&self, relevant: &Relevant) -> BTreeSet<String> {
        let requirements = relevant.0.iter().filter_map(|number| self.get(*number));
        let alternatives = requirements.filter_map(|requirement| requirement.policies.as_ref());
        alternatives.flatten().flatten().cloned().collect()
    }

    /// The scopes that the requirements of what an operation selects name.
    pub fn scopes(
        &self,
        index: &Index,
        document: &ExecutableDocument,
        operation: &Operation,
    ) -> BTreeSet<String> {
        let selected = self.selected(index, document, operation).into_iter();
        let requirements = selected.filter_map(|number| self.get(number));
        let alternatives = requirements.filter_map(|requirement| requirement.scopes.as_ref());
        alternatives.flatten().flatten().cloned().collect()
    }

    /// Which of the relevant requirements the grants satisfy.
    pub fn satisfied(&self, relevant: &Relevant, grants: &Grants) -> Satisfied {
        let met = relevant.0.iter().copied().filter(|number| {
            let requirement = self.get(*number);
            requirement.is_some_and(|requirement| is_met(requirement, grants))
        });
        Satisfied(met.collect())
    }

    /// Whether the caller may not read some field that keys, `@requires` or contexts read, so that
    /// a field that may be seen may be unreachable.
    pub(crate) fn may_close_ways(&self, satisfied: &Satisfied) -> bool {
        let mut hidden = self.hidden.iter();
        hidden.any(|number| !satisfied.contains(*number))
    }

    /// The requirements of elements that clients see.
    pub(crate) fn visible(&self, index: &Index) -> IndexSet<usize> {
        let fields = index.fields().filter(|(_, facts)| facts.is_visible);
        let fields = fields.flat_map(|(id, _)| self.of_field(index, id));
        let types = index.types().filter(|(_, facts)| facts.is_visible);
        fields
            .chain(types.filter_map(|(id, _)| self.of_type(id)))
            .collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether some of them are policies.
    pub fn have_policies(&self) -> bool {
        (self.all.iter()).any(|requirement| requirement.policies.is_some())
    }
}

impl Satisfied {
    /// Which of the relevant requirements are not met.
    pub(crate) fn lacking(&self, relevant: &Relevant) -> Vec<usize> {
        let all = relevant.0.iter().copied();
        all.filter(|number| !self.contains(*number)).collect()
    }

    /// These and some more.
    pub(crate) fn and(&self, more: &[usize]) -> Self {
        let mut all = [&self.0, more].concat();
        all.sort_unstable();
        Self(all)
    }

    /// Whether a requirement is among them.
    pub(super) fn contains(&self, number: usize) -> bool {
        self.0.binary_search(&number).is_ok()
    }
}

fn is_met(requirement: &Requirement, grants: &Grants) -> bool {
    if grants.unrestricted {
        return true;
    }
    let holds_one = |sets: &Option<Vec<Vec<String>>>, held: &IndexSet<String>| {
        let holds = |set: &Vec<String>| set.iter().all(|name| held.contains(name));
        sets.as_ref().is_none_or(|sets| sets.iter().any(holds))
    };
    (!requirement.authenticated || grants.authenticated)
        && holds_one(&requirement.scopes, &grants.scopes)
        && holds_one(&requirement.policies, &grants.policies)
}
