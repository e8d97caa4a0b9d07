//! Computes which types and which fields are alike to the planner, so that it plans once for all of
//! them.

use apollo_compiler::Name;
use apollo_compiler::collections::IndexSet;

use super::{
    FieldIn, Index, Key, Selection, SubgraphId, SubgraphSet, TypeId, TypeKind, TypeSet,
    model::to_id,
};

/// All that the planner reads of an object type beside its own fields.
#[derive(PartialEq, Eq, Hash)]
struct TypeTraits {
    keys: Vec<Key>,
    subgraphs: SubgraphSet,
    /// Abstract types it belongs to, each with the subgraphs where it does.
    member_of: Vec<(TypeId, SubgraphSet)>,
    /// Fields that keys and `@requires` read, each with how it is served.
    read: Vec<(Name, u32)>,
    /// The type conditions in `@provides` that include it, by number.
    provided_on: Vec<usize>,
}

impl Index {
    pub(super) fn read_likeness(&mut self) {
        let mut served: IndexSet<Vec<FieldIn>> = IndexSet::default();
        for facts in &mut self.fields {
            facts.likeness = to_id(served.insert_full(facts.subgraphs.clone()).0);
        }
        let conditions = self.conditions_of_provided();
        let mut traits: IndexSet<TypeTraits> = IndexSet::default();
        let numbers: Vec<Option<u32>> = self
            .types()
            .map(|(id, facts)| {
                let is_object = facts.kind == TypeKind::Object;
                is_object.then(|| to_id(traits.insert_full(self.traits(id, &conditions)).0))
            })
            .collect();
        for (facts, number) in self.types.values_mut().zip(numbers) {
            facts.likeness = number;
            let traits = number.and_then(|number| traits.get_index(number as usize));
            if let Some(traits) = traits {
                facts.read = traits.read.iter().map(|(name, _)| name.clone()).collect();
            }
        }
    }

    /// The type conditions that field sets of `@provides` have.
    fn conditions_of_provided(&self) -> IndexSet<TypeSet> {
        let mut conditions = IndexSet::default();
        let entries = self.fields.iter().flat_map(|field| &field.subgraphs);
        let sets = entries.filter_map(|entry| entry.provides);
        let mut open: Vec<&Selection> = sets.flat_map(|set| self.field_set(set)).collect();
        while let Some(selection) = open.pop() {
            if !selection.types.is_empty() {
                conditions.insert(selection.types.clone());
            }
            let field = selection.field();
            let below = field.and_then(|field| field.selection_set.as_ref());
            open.extend(below.into_iter().flat_map(|set| &set.selections));
        }
        conditions
    }

    fn traits(&self, object: TypeId, conditions: &IndexSet<TypeSet>) -> TypeTraits {
        let member_of = self
            .types()
            .filter(|(_, facts)| facts.is_abstract() && facts.possible.contains(object))
            .map(|(id, facts)| {
                let within = (0..self.subgraph_count())
                    .filter(|&at| facts.possible_in[at].contains(object))
                    .map(|at| SubgraphId(to_id(at)))
                    .collect();
                (id, within)
            })
            .collect();
        let facts = self.type_(object);
        let interfaces = facts.interfaces.iter().flat_map(|&id| &self.type_(id).keys);
        let keys = facts.keys.iter().chain(interfaces).map(|key| key.fields);
        let requires = facts.fields.values().flat_map(|&id| {
            self.field(id)
                .subgraphs
                .iter()
                .filter_map(|entry| entry.requires)
        });
        let read: IndexSet<(Name, u32)> = keys
            .chain(requires)
            .flat_map(|set| self.field_set(set))
            .filter_map(|selection| selection.field())
            .filter_map(|field| {
                let id = self.find_field(object, &field.name)?;
                Some((field.name.clone(), self.field(id).likeness))
            })
            .collect();
        TypeTraits {
            read: read.into_iter().collect(),
            keys: self.type_(object).keys.clone(),
            subgraphs: self.type_(object).subgraphs.clone(),
            member_of,
            provided_on: (conditions.iter().enumerate())
                .filter(|(_, types)| types.contains(object))
                .map(|(at, _)| at)
                .collect(),
        }
    }
}
