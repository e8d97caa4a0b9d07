//! Labels of progressive override: each request has every label either on or off, and queries must
//! be answerable in all cases. In: a type, and the labels that are chosen already. Out: the
//! combinations of the other labels that matter for the type.

use indexmap::{IndexMap, IndexSet};

use crate::index::{Index, LabelId, Labels, Selection, TypeId};

/// Most labels of one type for which all combinations are tried; beyond, all on, all off, and each
/// alone are.
const MAX_COMBINED: usize = 6;

/// For each type the labels that matter for it.
pub(super) struct LabelSplits(IndexMap<TypeId, IndexSet<LabelId>>);

impl LabelSplits {
    /// Computes which labels matter for which types: those of their own fields, and of the types
    /// that their keys and `@requires` lead through.
    pub(super) fn of(index: &Index) -> Self {
        let mut splits = IndexMap::new();
        if index.labels().len() > 0 {
            for (id, _) in index.types().filter(|(id, _)| index.is_object(*id)) {
                let labels: IndexSet<LabelId> = touched(index, id)
                    .into_iter()
                    .flat_map(|id| index.type_(id).fields.values())
                    .flat_map(|&field| &index.field(field).subgraphs)
                    .filter_map(|field| field.label.map(|(label, _)| label))
                    .collect();
                splits.insert(id, labels);
            }
        }
        Self(splits)
    }

    /// The combinations of labels that matter for a type, given those that are chosen already.
    pub(super) fn split(&self, object: TypeId, settled: &Labels) -> Vec<Labels> {
        let open: Vec<LabelId> = self
            .0
            .get(&object)
            .into_iter()
            .flatten()
            .copied()
            .filter(|&label| !settled.on.contains(label) && !settled.off.contains(label))
            .collect();
        combinations(open.len())
            .into_iter()
            .map(|combination| {
                let mut labels = settled.clone();
                for (&label, is_on) in open.iter().zip(combination) {
                    let set = if is_on {
                        &mut labels.on
                    } else {
                        &mut labels.off
                    };
                    set.insert(label);
                }
                labels
            })
            .collect()
    }
}

fn combinations(count: usize) -> Vec<Vec<bool>> {
    if count <= MAX_COMBINED {
        return (0..1_usize << count)
            .map(|bits| (0..count).map(|at| bits >> at & 1 == 1).collect())
            .collect();
    }
    let mut combinations = vec![vec![false; count], vec![true; count]];
    for alone in 0..count {
        for is_on in [true, false] {
            combinations.push((0..count).map(|at| (at == alone) == is_on).collect());
        }
    }
    combinations
}

fn touched(index: &Index, object: TypeId) -> IndexSet<TypeId> {
    let mut touched = IndexSet::from([object]);
    let mut at = 0;
    while let Some(&id) = touched.get_index(at) {
        at += 1;
        let facts = index.type_(id);
        touched.extend(facts.interfaces.iter().copied());
        let requires = facts
            .fields
            .values()
            .flat_map(|&field| &index.field(field).subgraphs)
            .filter_map(|field| field.requires);
        for set in facts.keys.iter().map(|key| key.fields).chain(requires) {
            touch(index, index.field_set(set), &mut touched);
        }
    }
    touched
}

fn touch(index: &Index, selections: &[Selection], touched: &mut IndexSet<TypeId>) {
    for field in selections.iter().filter_map(Selection::field) {
        if let Some(below) = &field.selection_set {
            touched.insert(below.declared);
            touched.extend(index.type_(below.declared).possible.iter());
            touch(index, &below.selections, touched);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_labels_are_combined_and_many_are_flipped() {
        assert_eq!(combinations(0), [Vec::<bool>::new()]);
        assert_eq!(combinations(3).len(), 8);
        assert_eq!(combinations(10).len(), 22);
        assert!(combinations(10).contains(&(0..10).map(|at| at != 4).collect()));
    }
}
