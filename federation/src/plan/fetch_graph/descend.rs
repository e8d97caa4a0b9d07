//! Adds fields to the selection of a fetch: one field of a position, or all at it and below it. In:
//! a place, and a cursor (a fetch and its selection there). Out: the field in the selection, with a
//! slot; for a composite field, its place and cursor too. Invariant: a field with the same slot and
//! arrival is asked for once.

use std::rc::Rc;

use apollo_compiler::collections::IndexMap;

use super::{
    asked::AskedField,
    dag::{Cursor, Declared, ObjectPath},
    ids::SelectionId,
};
use crate::{
    index::{TypeSet, Vertex},
    plan::{
        fetch_graph::walk::Walk,
        reach::tree::{Asked, Class, EntryId, PositionId},
    },
    query_plan::{ShapeId, Step},
    reachable::{arrival::Arrival, landing::arrival_below},
};

impl Walk<'_, '_> {
    /// Asks one fetch for all that is asked at a position and below it.
    pub(crate) fn ask_all(&mut self, place: &ObjectPath, cursor: Cursor) {
        let position = self.planner.tree.position(place.position);
        let entries = Rc::clone(&position.entries);
        let classes = Rc::clone(&position.classes);
        let asked = classes.iter().map(|class| class.entries.len());
        if !(self.planner.budget).step(1 + entries.len() + asked.sum::<usize>()) {
            return;
        }
        let mut classes_of: IndexMap<EntryId, Vec<&Class>> = IndexMap::default();
        for class in classes.iter() {
            for &id in &class.entries {
                classes_of.entry(id).or_default().push(class);
            }
        }
        self.dag.touch(cursor.selection);
        let is_opaque = cursor.arrival.is_opaque(self.planner.index);
        for &id in entries.iter() {
            let mut asked: IndexMap<Option<Arrival>, Option<TypeSet>> = IndexMap::default();
            let name = self.planner.tree.entry(id).name().to_owned();
            if is_opaque {
                let vertex = cursor.arrival.opaque_vertex();
                asked.insert(self.below(vertex, id, &name), None);
            } else {
                for class in classes_of.get(&id).into_iter().flatten() {
                    let vertex = cursor.arrival.vertex(self.planner.index, class.object);
                    let Some(vertex) = vertex else { continue };
                    let types = asked
                        .entry(self.below(vertex, id, &name))
                        .or_insert_with(|| Some(TypeSet::new()));
                    if let Some(types) = types {
                        types.extend(&class.types);
                    }
                }
            }
            self.note_context(place, id, &[cursor.node]);
            for (below, types) in asked {
                let wanted_of = types.clone();
                let found = self.descend(place, cursor, id, (below, types, wanted_of));
                if let Some((place, cursor)) = found {
                    self.ask_all(&place, cursor);
                }
            }
        }
    }

    fn below(&self, vertex: Vertex, id: EntryId, name: &str) -> Option<Arrival> {
        self.planner.tree.entry(id).child()?;
        arrival_below(&self.planner.facts, vertex, name, 0)
    }

    /// Asks a fetch for a field; returns the place of its objects and the cursor there, if it has
    /// any.
    pub(crate) fn descend(
        &mut self,
        place: &ObjectPath,
        cursor: Cursor,
        id: EntryId,
        (below, types, wanted_of): (Option<Arrival>, Option<TypeSet>, Option<TypeSet>),
    ) -> Option<(ObjectPath, Cursor)> {
        let entry = self.planner.tree.entry(id);
        let Asked::Field {
            name,
            arguments,
            child,
        } = &entry.asked
        else {
            self.dag.touch(cursor.selection);
            return None;
        };
        let (name, arguments, child) = (name.clone(), arguments.clone(), *child);
        let cost = self.dag.askings[cursor.selection.0].fields.cost();
        self.planner.budget.step(cost + place.path.len());
        let (slot, shape) = self.dag.shapes.find_or_add(
            place.shape,
            entry.slot_name(),
            (&name, &arguments),
            child.is_some(),
        );
        let of_interface = match self.dag.askings[cursor.selection.0].declared {
            Declared::Entity if cursor.arrival.is_untyped(self.planner.index) => {
                Some(cursor.arrival.declared)
            }
            _ => None,
        };
        let subgraph = cursor.arrival.subgraph;
        let field = AskedField {
            slot,
            name,
            arguments,
            filled: self.filled_arguments(place, id, subgraph),
            types,
            of_interface,
            wanted_of,
            below: None,
        };
        let (Some(position), Some(shape), Some(below)) = (child, shape, below) else {
            self.dag.touch(cursor.selection);
            self.dag.ask_leaf(cursor.selection, field);
            return None;
        };
        let mut path = place.path.clone();
        path.push(Step {
            slot,
            only: self.only(place.position, field.types.as_ref()),
        });
        let selection = self.ask_below(cursor.selection, shape, field, below);
        let place = ObjectPath {
            position,
            shape,
            path,
        };
        let cursor = Cursor {
            node: cursor.node,
            selection,
            arrival: below,
        };
        Some((place, cursor))
    }

    /// The types that a step of a path starts from; `None` if from all.
    pub(crate) fn only(&self, position: PositionId, types: Option<&TypeSet>) -> Option<TypeSet> {
        let types = types?;
        let position = self.planner.tree.position(position);
        let is_all = position
            .classes
            .iter()
            .all(|class| class.types.is_subset(types));
        (!is_all).then(|| types.clone())
    }

    fn ask_below(
        &mut self,
        selection: SelectionId,
        shape: ShapeId,
        mut field: AskedField,
        below: Arrival,
    ) -> SelectionId {
        let below = Arrival { round: 0, ..below };
        let fields = &mut self.dag.askings[selection.0].fields;
        let same = fields.find_mut(field.slot, |other| {
            other.of_interface == field.of_interface
                && other.below.is_some_and(|(_, arrival)| arrival == below)
                && other.types == field.types
        });
        let same = same.and_then(|other| {
            other.want(field.wanted_of.as_ref());
            other.below.map(|(id, _)| id)
        });
        same.unwrap_or_else(|| {
            let declared = Declared::As(below.declared);
            let id = self.dag.ask(declared, shape, Some(selection));
            field.below = Some((id, below));
            self.dag.askings[selection.0].fields.push(field);
            id
        })
    }
}
