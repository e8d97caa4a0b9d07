//! Which types and fields are alike to a planner, so that it plans once for all of them.

use indexmap::IndexSet;

use super::{FieldIn, Index, Key, SubgraphId, SubgraphSet, TypeId, TypeKind, model::to_id};

/// All that planning asks of an object type apart from its fields.
#[derive(PartialEq, Eq, Hash)]
struct TypeTraits {
    keys: Vec<Key>,
    subgraphs: SubgraphSet,
    /// Abstract types it belongs to, each with the subgraphs where it does.
    member_of: Vec<(TypeId, SubgraphSet)>,
}

impl Index {
    pub(super) fn read_likeness(&mut self) {
        let mut traits: IndexSet<TypeTraits> = IndexSet::new();
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
        }
        let mut served: IndexSet<Vec<FieldIn>> = IndexSet::new();
        for facts in &mut self.fields {
            facts.likeness = to_id(served.insert_full(facts.subgraphs.clone()).0);
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
        TypeTraits {
            keys: self.type_(object).keys.clone(),
            subgraphs: self.type_(object).subgraphs.clone(),
            member_of,
        }
    }
}
