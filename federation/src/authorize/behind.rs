//! What lies behind what a caller may not see: no key that may be read leads there.

use apollo_compiler::{
    Name,
    collections::{IndexMap, IndexSet},
};

use super::{Requirements, Satisfied, requirements::read, withhold::tell};
use crate::{
    index::{FieldId, FieldSetId, Index, TypeId, TypeSet},
    response::Withheld,
};

/// A field that is withheld because what leads to it may not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// Response names from the root.
    pub path: Vec<String>,
    /// Its name in the schema.
    pub field: Name,
    /// The types whose keys would have led to it.
    pub types: TypeSet,
}

/// Says what would have to be held to get there: all that its keys and `@requires` read.
pub fn tell_behind(
    index: &Index,
    requirements: &Requirements,
    satisfied: &Satisfied,
    behind: &[Behind],
) -> Vec<Withheld> {
    let mut by_path: IndexMap<&[String], IndexSet<usize>> = IndexMap::default();
    for one in behind {
        let lacking_for = |sets: &mut dyn Iterator<Item = (TypeId, FieldSetId)>| {
            let mut lacking: IndexSet<usize> = IndexSet::default();
            for (parent, set) in sets {
                read(index, parent, index.field_set(set), &mut |id: FieldId| {
                    let needed = requirements.of_field(index, id);
                    lacking.extend(needed.filter(|number| !satisfied.contains(*number)));
                });
            }
            lacking
        };
        let mut lacking = lacking_for(&mut leading_to(index, one).into_iter());
        if lacking.is_empty() {
            // It is a longer way.
            lacking = lacking_for(&mut all_keys(index, &one.types));
        }
        by_path.entry(&one.path).or_default().extend(lacking);
    }
    let told = by_path.into_iter().map(|(path, needed)| {
        let needed = needed.iter().filter_map(|number| requirements.get(*number));
        tell(path.to_vec(), &needed.collect::<Vec<_>>())
    });
    told.collect()
}

/// The field sets that are read on the way to those who have the field.
fn leading_to(index: &Index, behind: &Behind) -> IndexSet<(TypeId, FieldSetId)> {
    let mut sets: IndexSet<(TypeId, FieldSetId)> = IndexSet::default();
    for id in with_interfaces(index, &behind.types) {
        let Some(field) = index.find_field(id, &behind.field) else {
            continue;
        };
        for entry in &index.field(field).subgraphs {
            let keys = index.type_(id).keys.iter();
            let keys = keys.filter(|key| key.subgraph == entry.subgraph);
            sets.extend(keys.map(|key| (id, key.fields)));
            sets.extend(entry.requires.map(|set| (id, set)));
            let arguments = entry.context_arguments.iter();
            sets.extend(arguments.flat_map(|argument| argument.selections.iter().copied()));
        }
    }
    sets
}

fn all_keys(index: &Index, types: &TypeSet) -> impl Iterator<Item = (TypeId, FieldSetId)> {
    with_interfaces(index, types).flat_map(|id| {
        let keys = index.type_(id).keys.iter();
        keys.map(move |key| (id, key.fields))
    })
}

fn with_interfaces(index: &Index, types: &TypeSet) -> impl Iterator<Item = TypeId> {
    types.iter().flat_map(|object| {
        let interfaces = index.type_(object).interfaces.iter().copied();
        [object].into_iter().chain(interfaces)
    })
}
