//! Walks the solutions and turns them into fetches. In: a place, its solution, and a cursor for
//! each arrival. Out: fetches with their selections, and for each field the fetches that bring it.
//! Invariant: a fetch of whose objects nothing is asked is marked as such (not touched).

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::{
    dag::{Brought, Cursor, Dag, Declared, Node, NodeKind, ObjectPath, Part},
    groups::Groups,
    ids::NodeId,
};
use crate::{
    index::{ProvidedId, TypeSet, Vertex},
    plan::{
        reach::tree::{EntryId, PositionId},
        search::{
            planner::Planner,
            solution::{
                Below, Decision, FieldSource, Instance, Placed, PlacedField, Solution,
                TypeCondition,
            },
        },
    },
    query_plan::ShapeId,
    reachable::arrival::Arrival,
};

/// A position above the one that is walked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ancestor {
    pub(crate) position: PositionId,
    pub(crate) shape: ShapeId,
    /// Steps from the root.
    pub(crate) depth: usize,
}

pub(crate) struct Walk<'w, 'i> {
    pub(crate) dag: &'w mut Dag,
    pub(crate) planner: &'w mut Planner<'i>,
    /// The positions above, from the root.
    pub(crate) ancestors: Vec<Ancestor>,
}

impl Walk<'_, '_> {
    /// Turns a solution into fetches; returns those that bring anything at the position or below.
    pub(crate) fn visit(
        &mut self,
        place: &ObjectPath,
        cursors: &[Cursor],
        solution: &Solution,
    ) -> IndexSet<NodeId> {
        if !self.planner.budget.step(1 + place.path.len()) {
            return IndexSet::default();
        }
        let nodes = match &solution.decision {
            Decision::Local(at) => {
                self.ask_all(place, cursors[*at]);
                [cursors[*at].node].into_iter().collect()
            }
            Decision::Placed(placed) => {
                self.ancestors.push(Ancestor {
                    position: place.position,
                    shape: place.shape,
                    depth: place.path.len(),
                });
                let nodes = self.visit_placed(place, cursors, placed);
                self.ancestors.pop();
                nodes
            }
        };
        let is_any_touched = cursors
            .iter()
            .any(|cursor| self.dag.askings[cursor.selection.0].is_touched);
        if let (false, Some(first)) = (is_any_touched, cursors.first()) {
            self.dag.touch(first.selection);
        }
        nodes
    }

    fn visit_placed(
        &mut self,
        place: &ObjectPath,
        cursors: &[Cursor],
        placed: &Placed,
    ) -> IndexSet<NodeId> {
        let first = self.dag.nodes.len();
        for instance in &placed.instances {
            self.add_node(place, instance);
        }
        self.planner.budget.step(2 * placed.fields.len());
        let groups = Groups::of(placed);
        let mut walked: IndexMap<usize, IndexSet<NodeId>> = IndexMap::default();
        let mut brought = Brought::default();
        // Fields that contexts read come first, so that the fetches that bring them are known.
        let mut fields: Vec<&PlacedField> = placed.fields.iter().collect();
        fields.sort_by_key(|field| {
            !field
                .entry
                .is_some_and(|id| self.planner.tree.context_entries.contains(&id))
        });
        for field in fields {
            let nodes = self.visit_field(
                place,
                (cursors, first),
                (placed, field),
                (&groups, &mut walked),
            );
            self.planner.budget.step(nodes.len());
            if let Some(id) = field.entry {
                let nodes: Vec<NodeId> = nodes.iter().copied().collect();
                self.note_context(place, id, &nodes);
            }
            brought.insert((field.condition, field.entry), nodes);
        }
        for at in 0..placed.instances.len() {
            self.connect(place, (first, at), (placed, cursors), (&groups, &brought));
        }
        let mut nodes: IndexSet<NodeId> = brought.into_values().flatten().collect();
        nodes.extend((first..first + placed.instances.len()).map(NodeId));
        nodes
    }

    fn add_node(&mut self, place: &ObjectPath, instance: &Instance) {
        let kind = NodeKind::of(instance, self.planner.index);
        let declared = match kind {
            NodeKind::Entities => Declared::Entity,
            NodeKind::Root | NodeKind::RootBelow => {
                Declared::As(self.planner.tree.position(place.position).declared)
            }
        };
        let selection = self.dag.ask(declared, place.shape, None);
        let index = self.planner.index;
        let typed_as = instance.entries.iter().find_map(|entry| {
            let asked_as = entry.asked_as.filter(|&id| !index.is_object(id))?;
            instance.target.as_interface.is_none().then_some(asked_as)
        });
        self.dag.askings[selection.0].typed_as = typed_as;
        self.dag.nodes.push(Node {
            subgraph: instance.target.subgraph,
            parts: vec![Part {
                shape: place.shape,
                targets: vec![place.path.clone()],
                representation: Vec::new(),
                selection,
                context: Vec::new(),
            }],
            kind,
            needs: IndexSet::default(),
            instead_of: None,
        });
    }

    /// The cursor of a source.
    fn cursor(
        &self,
        place: &ObjectPath,
        (cursors, first): (&[Cursor], usize),
        (placed, source): (&Placed, FieldSource),
    ) -> Option<Cursor> {
        match source {
            FieldSource::Arrival(at) => cursors.get(usize::from(at)).copied(),
            FieldSource::InputJump | FieldSource::Unused => None,
            FieldSource::Fetch(at) => {
                let instance = placed.instances.get(usize::from(at))?;
                let node = NodeId(first + usize::from(at));
                let declared = instance
                    .target
                    .as_interface
                    .unwrap_or(self.planner.tree.position(place.position).declared);
                Some(Cursor {
                    node,
                    selection: self.dag.nodes.get(node.0)?.parts.first()?.selection,
                    arrival: Arrival {
                        subgraph: instance.target.subgraph,
                        declared,
                        provided: ProvidedId::default(),
                        round: 0,
                    },
                })
            }
        }
    }

    fn vertex(
        &self,
        place: &ObjectPath,
        cursor: Cursor,
        condition: TypeCondition,
        source: FieldSource,
    ) -> Option<Vertex> {
        match (condition, source) {
            (TypeCondition::Any, _) => Some(cursor.arrival.opaque_vertex()),
            (TypeCondition::Class(at), FieldSource::Arrival(_)) => {
                let class = &self.planner.tree.position(place.position).classes[at as usize];
                cursor.arrival.vertex(self.planner.index, class.object)
            }
            (TypeCondition::Class(at), _) => {
                let class = &self.planner.tree.position(place.position).classes[at as usize];
                let as_type = if cursor.arrival.is_untyped(self.planner.index) {
                    cursor.arrival.declared
                } else {
                    class.object
                };
                Some(Vertex {
                    as_type,
                    ..cursor.arrival.opaque_vertex()
                })
            }
        }
    }

    fn types_of(
        &self,
        place: &ObjectPath,
        vertex: Vertex,
        condition: TypeCondition,
    ) -> Option<TypeSet> {
        let is_untyped = self
            .planner
            .index
            .type_(vertex.as_type)
            .interface_object_in
            .contains(vertex.subgraph);
        match condition {
            TypeCondition::Class(at) if !is_untyped => {
                let position = self.planner.tree.position(place.position);
                Some(position.classes[at as usize].types.clone())
            }
            _ => None,
        }
    }

    /// The types of some objects; `None` where they may be any.
    fn types_among(&self, place: &ObjectPath, conditions: &[TypeCondition]) -> Option<TypeSet> {
        let classes = &self.planner.tree.position(place.position).classes;
        let mut types = TypeSet::new();
        for condition in conditions {
            match condition {
                TypeCondition::Class(at) => types.extend(&classes[*at as usize].types),
                TypeCondition::Any => return None,
            }
        }
        Some(types)
    }

    fn visit_field(
        &mut self,
        place: &ObjectPath,
        (cursors, first): (&[Cursor], usize),
        (placed, field): (&Placed, &PlacedField),
        (groups, walked): (&Groups<'_>, &mut IndexMap<usize, IndexSet<NodeId>>),
    ) -> IndexSet<NodeId> {
        let Some(below) = &field.below else {
            let mut nodes = IndexSet::default();
            for &source in field.sources.iter().take(1) {
                let Some(cursor) = self.cursor(place, (cursors, first), (placed, source)) else {
                    continue;
                };
                nodes.insert(cursor.node);
                self.dag.touch(cursor.selection);
                let vertex = self.vertex(place, cursor, field.condition, source);
                if let (Some(id), Some(vertex)) = (field.entry, vertex) {
                    let types = self.types_of(place, vertex, field.condition);
                    let wanted_of = self.types_among(place, &[field.condition]);
                    self.descend(place, cursor, id, (None, types, wanted_of));
                }
            }
            return nodes;
        };
        let Some((group, entry, condition)) = groups.find(field) else {
            return IndexSet::default();
        };
        if let Some(nodes) = walked.get(&group) {
            return nodes.clone();
        }
        let nodes = self.visit_below(place, (cursors, first), (placed, entry, condition), below);
        walked.insert(group, nodes.clone());
        nodes
    }

    fn visit_below(
        &mut self,
        place: &ObjectPath,
        (cursors, first): (&[Cursor], usize),
        (placed, entry, conditions): (&Placed, EntryId, &[TypeCondition]),
        below: &Below,
    ) -> IndexSet<NodeId> {
        let mut child: Option<ObjectPath> = None;
        let mut only: Option<TypeSet> = Some(TypeSet::new());
        let mut below_cursors = Vec::with_capacity(below.arrivals.len());
        for (arrival, source) in &below.arrivals {
            let cursor = self.cursor(place, (cursors, first), (placed, *source));
            // A jump that nothing below uses is not made; its cursor is replaced by one that
            // exists.
            let Some(cursor) = cursor else {
                below_cursors.push(None);
                continue;
            };
            let mut types: Option<TypeSet> = Some(TypeSet::new());
            self.planner.budget.step(conditions.len());
            for &condition in conditions {
                let vertex = self.vertex(place, cursor, condition, *source);
                let Some(vertex) = vertex else { continue };
                match (self.types_of(place, vertex, condition), &mut types) {
                    (Some(more), Some(types)) => types.extend(&more),
                    _ => types = None,
                }
            }
            match (&types, &mut only) {
                (Some(types), Some(only)) => only.extend(types),
                _ => only = None,
            }
            let wanted_of = self.types_among(place, conditions);
            let asked = (Some(*arrival), types, wanted_of);
            let found = self.descend(place, cursor, entry, asked);
            if let Some((place, cursor)) = found {
                child = Some(place);
                below_cursors.push(Some(cursor));
            } else {
                below_cursors.push(None);
            }
        }
        let (Some(mut child), Some(stand_in)) =
            (child, below_cursors.iter().flatten().next().copied())
        else {
            return IndexSet::default();
        };
        if let Some(step) = child.path.last_mut() {
            step.only = self.only(place.position, only.as_ref());
        }
        let below_cursors: Vec<Cursor> = below_cursors
            .into_iter()
            .map(|cursor| cursor.unwrap_or(stand_in))
            .collect();
        self.visit(&child, &below_cursors, &below.solution)
    }
}
