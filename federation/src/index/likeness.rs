//! Which types and fields are alike to a planner, so that it plans once for all of them.

use apollo_compiler::Name;
use apollo_compiler::collections::IndexSet;

use super::{FieldIn, Index, Key, SubgraphId, SubgraphSet, TypeId, TypeKind, model::to_id};

/// All that planning asks of an object type apart from its fields.
#[derive(PartialEq, Eq, Hash)]
struct TypeTraits {
    keys: Vec<Key>,
    subgraphs: SubgraphSet,
    /// Abstract types it belongs to, each with the subgraphs where it does.
    member_of: Vec<(TypeId, SubgraphSet)>,
    /// Fields that keys and `@requires` read, each with how it is served.
    read: Vec<(Name, u32)>,
}

impl Index {
    pub(super) fn read_likeness(&mut self) {
        let mut served: IndexSet<Vec<FieldIn>> = IndexSet::default();
        for facts in &mut self.fields {
            facts.likeness = to_id(served.insert_full(facts.subgraphs.clone()).0);
        }
        let mut traits: IndexSet<TypeTraits> = IndexSet::default();
        let numbers: Vec<u32> = self
            .types()
            .map(|(id, facts)| {
                if facts.kind == TypeKind::Object {
                    to_id(traits.insert_full(self.traits(id)).0)
                } else {
                    u32::MAX
                }
            })
            .collect();
        for (facts, number) in self.types.values_mut().zip(numbers) {
            facts.likeness = number;
            if let Some(traits) = traits.get_index(number as usize) {
                facts.read = traits.read.iter().map(|(name, _)| name.clone()).collect();
            }
        }
    }

    fn traits(&self, object: TypeId) -> TypeTraits {
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
        }
    }
}
