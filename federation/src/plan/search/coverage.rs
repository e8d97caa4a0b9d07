//! Says whether one arrival serves all that is asked at a position and below it, without a jump.
//! In: a position and an arrival. Out: yes or no, kept for the next question. Invariant: the round
//! of the arrival does not matter.

use super::planner::Planner;
use crate::{
    index::{ProvidedId, Vertex, needs_entry},
    plan::reach::tree::{Asked, EntryId, PositionId},
    reachable::{arrival::Arrival, landing::arrival_below, types::hides_types},
};

impl Planner<'_> {
    /// Whether an arrival serves all that is asked at a position and below it.
    pub(crate) fn covers(&mut self, position: PositionId, arrival: Arrival) -> bool {
        let arrival = Arrival {
            round: 0,
            ..arrival
        };
        if let Some(&known) = self.coverage.get(&(position, arrival)) {
            return known;
        }
        let place = self.tree.position(position);
        let asked = place.classes.iter().map(|class| class.entries.len());
        if !(self.budget).step(1 + place.entries.len() + asked.sum::<usize>()) {
            return false;
        }
        let answer = if arrival.is_opaque(self.index) {
            self.covers_opaque(position, arrival)
        } else {
            self.covers_classes(position, arrival)
        };
        self.coverage.insert((position, arrival), answer);
        answer
    }

    fn covers_opaque(&mut self, position: PositionId, arrival: Arrival) -> bool {
        let place = self.tree.position(position);
        let entries = std::rc::Rc::clone(&place.entries);
        let hides_types = self.hides_types(position);
        let needs_type = hides_types || place.differs_by_type;
        (!needs_type || !arrival.is_untyped(self.index))
            && entries.iter().all(|&id| {
                self.tree.entry(id).is_abstract && self.serves_all(arrival.opaque_vertex(), id)
            })
    }

    /// Whether a type has runtime types that clients must not learn of, so that objects cannot be
    /// shown without knowing theirs.
    pub(crate) fn hides_types(&self, position: PositionId) -> bool {
        let place = self.tree.position(position);
        !place.is_hidden() && hides_types(self.index, place.declared, &self.withheld_types)
    }

    fn covers_classes(&mut self, position: PositionId, arrival: Arrival) -> bool {
        let classes = std::rc::Rc::clone(&self.tree.position(position).classes);
        classes
            .iter()
            .all(|class| match arrival.vertex(self.index, class.object) {
                Some(vertex) => class.entries.iter().all(|&id| self.serves_all(vertex, id)),
                None => class
                    .entries
                    .iter()
                    .all(|&id| self.tree.entry(id).is_abstract),
            })
    }

    /// Whether a vertex serves a field and all below it.
    pub(crate) fn serves_all(&mut self, vertex: Vertex, id: EntryId) -> bool {
        if !self.serves_without_inputs(vertex, id) {
            return false;
        }
        let Some(child) = self.tree.entry(id).child() else {
            return true;
        };
        let below = arrival_below(&self.facts, vertex, self.tree.entry(id).name(), 0);
        below.is_some_and(|arrival| self.covers(child, arrival))
    }

    /// Whether a field, asked for where its object arrives, would be asked of objects for which the
    /// client does not want it, and could make some of them null: an interface object can only be
    /// asked for it whatever the type, and a null in a non-null field makes its object null.
    pub(crate) fn asks_too_many(&self, position: PositionId, vertex: Vertex, id: EntryId) -> bool {
        let entry = self.tree.entry(id);
        let facts = self.index.type_(vertex.as_type);
        let is_untyped = facts.interface_object_in.contains(vertex.subgraph);
        if !is_untyped || entry.is_abstract || entry.response_name.is_none() {
            return false;
        }
        let declared = self.index.type_(self.tree.position(position).declared);
        let all = declared.possible.intersection(self.index.visible());
        // Keys are asked of all objects in any case, for the jumps.
        let mut keys = facts
            .keys
            .iter()
            .filter(|key| key.subgraph == vertex.subgraph);
        let is_key = keys.any(|key| {
            let mut fields = self.index.field_set(key.fields).iter();
            fields.any(|selection| {
                selection
                    .field()
                    .is_some_and(|field| field.name == entry.name())
            })
        });
        let field = self.facts.find_servable(vertex, entry.name());
        !is_key
            && !all.is_subset(&entry.types)
            && field.is_some_and(|(_, field)| field.ty.is_non_null())
            && self.may_ask_by_type(position, vertex, id)
    }

    /// Whether the subgraph of an interface object can be asked for an entry once more, only for
    /// objects of the types that it is wanted of: another subgraph knows the types, and a key leads
    /// back.
    fn may_ask_by_type(&self, position: PositionId, vertex: Vertex, id: EntryId) -> bool {
        let back = Vertex {
            provided: ProvidedId::default(),
            ..vertex
        };
        let mut classes = self.tree.position(position).classes.iter();
        classes.all(|class| {
            if !class.entries.contains(&id) {
                return true;
            }
            let mut typed = self.facts.closure(class.object, &[vertex]);
            self.budget.step(1 + class.entries.len() + typed.len());
            typed.retain(|place| self.index.is_object(place.as_type));
            self.facts.closure(class.object, &typed).contains(&back)
        })
    }

    /// Whether a vertex serves a field without inputs.
    pub(crate) fn serves_without_inputs(&self, vertex: Vertex, id: EntryId) -> bool {
        let entry = self.tree.entry(id);
        if matches!(entry.asked, Asked::Existence) {
            return true;
        }
        if entry.name() == "__typename" {
            // Only an interface object has no runtime type to report.
            let is_interface_object = self
                .index
                .type_(vertex.as_type)
                .interface_object_in
                .contains(vertex.subgraph);
            return !is_interface_object;
        }
        let Some((field, field_in)) = self.facts.find_servable(vertex, entry.name()) else {
            return false;
        };
        if entry.response_name.is_none()
            && !self
                .facts
                .may_read(vertex, self.index.field(field).parent, entry.name())
        {
            return false;
        }
        !needs_entry(field_in) || self.facts.is_provided(vertex, entry.name())
    }
}
