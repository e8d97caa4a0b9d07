//! Says whether a selection can be resolved for an object. In: a field set, and the places where
//! the object is. Out: yes or no; yes if each field has a place that serves it, and so on below.

use super::{
    Selection, TypeId,
    vertex::{Pointer, Vertex},
};
use crate::index::facts::Facts;

impl<'i> Facts<'i> {
    /// Whether all of a selection can be resolved for an object in some places, without a jump of
    /// the object itself.
    pub fn obtain(&self, object: TypeId, set: &'i [Selection], places: &[Vertex]) -> bool {
        if !self.step(1 + places.len()) {
            return false;
        }
        let question = (object, Pointer(set), places.to_vec());
        if let Some(&known) = self.obtained.borrow().get(&question) {
            return known;
        }
        let pending = self
            .pending
            .borrow()
            .iter()
            .position(|open| *open == question);
        if let Some(depth) = pending {
            self.rests_on.set(self.rests_on.get().min(depth));
            return false;
        }
        let depth = self.pending.borrow().len();
        self.step(depth);
        self.pending.borrow_mut().push(question.clone());
        let outer = self.rests_on.replace(usize::MAX);
        let answer = set
            .iter()
            .filter(|selection| selection.applies_to(object))
            .filter_map(|selection| selection.field())
            .all(|field| {
                let servers: Vec<Vertex> = self
                    .servers(object, &field.name, places)
                    .into_iter()
                    .filter(|&place| self.may_read(place, object, &field.name))
                    .collect();
                !servers.is_empty()
                    && field.selection_set.as_ref().is_none_or(|below| {
                        self.obtain_below(&servers, &field.name, &below.selections)
                    })
            });
        self.pending.borrow_mut().pop();
        let rests_on = self.rests_on.get();
        if answer || rests_on >= depth {
            self.obtained.borrow_mut().insert(question, answer);
        }
        // An answer that depends on this question only is final once the question is answered.
        let rests_on = if answer || rests_on >= depth {
            usize::MAX
        } else {
            rests_on
        };
        self.rests_on.set(outer.min(rests_on));
        answer
    }

    fn obtain_below(&self, servers: &[Vertex], name: &str, below: &'i [Selection]) -> bool {
        let objects = self.yielded_types(servers, name);
        if objects.is_empty() {
            return below.iter().all(|selection| selection.field().is_none());
        }
        objects.iter().all(|object| {
            let arrivals: Vec<Vertex> = servers
                .iter()
                .filter_map(|&place| {
                    let (_, field) = self.find_servable(place, name)?;
                    self.yields(place, field, name, object)
                })
                .collect();
            let places = self.closure(object, &arrivals);
            self.obtain(object, below, &places)
        })
    }
}
