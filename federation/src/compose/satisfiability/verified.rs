//! The states that were checked. A state need not be checked if one of the same type was that has
//! no more places, labels and contexts.

use indexmap::IndexMap;

use super::contexts::Set;
use crate::index::{Labels, Places, TypeId, Vertex};

/// States that were checked. A state is covered by one of the same type with no more places, labels
/// and contexts.
#[derive(Debug, Default)]
pub(super) struct Verified {
    by_type: IndexMap<TypeId, Vec<Entry>>,
    count: usize,
    comparisons: usize,
}

#[derive(Debug)]
struct Entry {
    places: Places,
    labels: Labels,
    contexts: Set,
    number: usize,
}

impl Verified {
    /// Adds a state, unless it is covered; returns whether it was added.
    pub(super) fn add(
        &mut self,
        object: TypeId,
        places: &Places,
        labels: &Labels,
        contexts: &Set,
    ) -> bool {
        let entries = self.by_type.entry(object).or_default();
        let covers = |entry: &Entry| {
            is_subset(&entry.places, places)
                && entry.labels.on.is_subset(&labels.on)
                && entry.labels.off.is_subset(&labels.off)
                && entry.contexts.is_subset(contexts)
        };
        let covered_by = entries.iter().position(covers);
        self.comparisons += covered_by.unwrap_or(entries.len());
        if covered_by.is_some() {
            return false;
        }
        self.count += 1;
        entries.push(Entry {
            places: places.clone(),
            labels: labels.clone(),
            contexts: contexts.clone(),
            number: self.count,
        });
        true
    }

    /// How often two states were compared.
    pub(super) fn comparisons(&self) -> usize {
        self.comparisons
    }

    /// A mark to reset to.
    pub(super) fn mark(&self) -> usize {
        self.count
    }

    /// Removes the states added since a mark, since they led to a failure.
    pub(super) fn reset(&mut self, mark: usize) {
        for entries in self.by_type.values_mut() {
            entries.retain(|entry| entry.number <= mark);
        }
    }
}

// Both are sorted.
fn is_subset(few: &[Vertex], many: &[Vertex]) -> bool {
    few.iter().all(|vertex| many.binary_search(vertex).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{ProvidedId, SubgraphId};

    fn places(subgraphs: &[u32]) -> Places {
        let vertex = |&id| Vertex {
            subgraph: SubgraphId(id),
            as_type: TypeId(0),
            provided: ProvidedId::default(),
        };
        subgraphs.iter().map(vertex).collect()
    }

    #[test]
    fn fewer_places_cover_more() {
        let mut verified = Verified::default();
        let mut add = |subgraphs| {
            verified.add(
                TypeId(0),
                &places(subgraphs),
                &Labels::default(),
                &Set::default(),
            )
        };
        assert!(add(&[1, 2]));
        assert!(!add(&[1, 2, 3]));
        assert!(add(&[2]));
        assert!(!add(&[2, 3]));
    }

    #[test]
    fn a_mark_is_come_back_to() {
        let mut verified = Verified::default();
        let (labels, contexts) = (Labels::default(), Set::default());
        verified.add(TypeId(0), &places(&[1, 2]), &labels, &contexts);
        let mark = verified.mark();
        verified.add(TypeId(0), &places(&[1]), &labels, &contexts);
        verified.reset(mark);
        assert!(verified.add(TypeId(0), &places(&[1]), &labels, &contexts));
    }
}
