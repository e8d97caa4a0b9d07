//! Checks whether all of a selection set can be resolved, before anything of it is withheld. In: a
//! selection set and the arrivals of its objects. Out: yes or no. Invariant: a set that is resolved
//! as a whole is not changed, and each is checked once for the same arrivals.

use super::{
    landing::{Joining, joining, runtime_types},
    search::{Above, Objects, Search, Served, Ways},
    types::yields_list,
};
use crate::index::{Places, Selection, SelectionSet, TypeId, Vertex};

impl<'s> Search<'s, '_> {
    /// The vertices that the objects of a selection set can be taken to.
    pub(super) fn objects(&self, set: &SelectionSet, ways: &Ways) -> Objects {
        let types = runtime_types(self.index, set.declared, ways.all.iter());
        let objects = types.iter().map(|object| {
            let arrivals = ways.used.iter();
            let here: Vec<Vertex> = arrivals
                .filter_map(|arrival| arrival.vertex(self.index, object))
                .collect();
            (object, self.facts.closure(object, &here))
        });
        objects.collect()
    }

    /// Whether all of a selection set can be resolved, and the types of its objects be known where
    /// it needs them. False once the budget is exceeded.
    pub(super) fn is_whole(&mut self, set: &'s SelectionSet, ways: &Ways) -> bool {
        if !self.budget.step(1 + ways.used.len() + ways.all.len()) {
            return false;
        }
        let address = std::ptr::from_ref(set).addr();
        let key = (address, ways.clone(), self.above_with_contexts());
        if let Some(&known) = self.known.whole.get(&key) {
            return known;
        }
        let objects = self.objects(set, ways);
        self.above.push(objects);
        let mut selections = set.selections.iter();
        let is_served = selections.all(|selection| self.is_served((set.declared, selection), ways));
        let objects = self.above.pop().unwrap_or_default();
        let is_whole = is_served && self.is_told(set, ways, &objects);
        self.known.whole.insert(key, is_whole);
        is_whole
    }

    fn is_served(&mut self, (declared, selection): (TypeId, &'s Selection), ways: &Ways) -> bool {
        let Some(field) = selection.field().filter(|_| !selection.is_withheld) else {
            return true;
        };
        let Served { lost, landed } = self.served(selection, &field.name, ways);
        if !lost.is_empty() {
            return false;
        }
        if landed.is_empty() {
            return !self.is_of_no_type(selection);
        }
        let Some(below) = &field.selection_set else {
            return true;
        };
        let mut landed = landed.iter();
        landed.all(|(_, landings)| self.is_whole_below((declared, selection), below, landings))
    }

    /// Whether all that is selected below a field can be resolved, given the arrivals of its
    /// objects.
    pub(super) fn is_whole_below(
        &mut self,
        (declared, selection): (TypeId, &'s Selection),
        below: &'s SelectionSet,
        landings: &Ways,
    ) -> bool {
        let joining = self.joining((declared, selection), below, landings);
        if joining == Joining::Always {
            return self.is_whole(below, landings);
        }
        let mut each = landings.each();
        each.any(|landing| self.is_whole(below, &landing))
            || joining == Joining::AtNeed && self.is_whole(below, landings)
    }

    /// How the objects of several arrivals may be merged.
    pub(super) fn joining(
        &self,
        (declared, selection): (TypeId, &Selection),
        below: &SelectionSet,
        landings: &Ways,
    ) -> Joining {
        let is_list = yields_list(self.index, declared, selection);
        joining(self.facts, below.declared, &landings.used, is_list)
    }

    /// Whether it is selected whatever the type, on objects without a known runtime type.
    pub(super) fn is_of_no_type(&self, selection: &Selection) -> bool {
        selection.is_abstract && self.above.last().is_none_or(Objects::is_empty)
    }

    /// The number of the set of ancestors whose contexts an argument may read.
    fn above_with_contexts(&mut self) -> Above {
        if !self.index.has_contexts() {
            return 0;
        }
        let has_context = |objects: &&Objects| {
            let mut types = objects.keys();
            types.any(|id| self.index.sets_context(*id))
        };
        let above = self.above.iter().filter(has_context);
        let above = above.map(|objects| {
            let objects = objects.iter();
            objects.map(|(id, places)| (*id, places.clone())).collect()
        });
        let above: Vec<Vec<(TypeId, Places)>> = above.collect();
        let places = above.iter().flatten().map(|(_, places)| 1 + places.len());
        self.budget.step(self.above.len() + places.sum::<usize>());
        self.known.above.insert_full(above).0
    }
}
