//! Arguments with `@fromContext`: the variables that fill them, and from where. In: a field at a
//! place, and the subgraph that resolves it. Out: its arguments as variables, the paths from
//! ancestors to their values, and the fetches that bring these. Invariant: a context and its
//! selections have one variable in all fetches, and no variable of the client has its name.

use std::sync::Arc;

use apollo_compiler::ast::Type;

use super::{
    asked::FilledArgument,
    dag::{Dag, ObjectPath},
    ids::NodeId,
    representation::nulls_of,
    walk::{Ancestor, Walk},
};
use crate::{
    index::{ContextArgument, Selection, SubgraphId, TypeId, TypeSet},
    plan::{
        reach::{
            contexts::setters,
            tree::{Asked, EntryId, PositionId},
        },
        search::planner::Planner,
    },
    query_plan::{ContextPath, ContextVariable, InputType, LeafKind, ShapeId, Step},
};

impl<'i> Walk<'_, 'i> {
    /// The arguments of a field that a subgraph declares with `@fromContext`, each with its
    /// variable.
    pub(crate) fn filled_arguments(
        &mut self,
        place: &ObjectPath,
        id: EntryId,
        subgraph: SubgraphId,
    ) -> Vec<FilledArgument> {
        self.wanted(place, id, subgraph)
            .into_iter()
            .map(|argument| FilledArgument {
                name: argument.name.clone(),
                variable: self.dag.context_variable(argument),
                ty: argument.ty.to_string(),
            })
            .collect()
    }

    fn wanted(
        &self,
        place: &ObjectPath,
        id: EntryId,
        subgraph: SubgraphId,
    ) -> Vec<&'i ContextArgument> {
        let index = self.planner.index;
        if !index.has_contexts() {
            return Vec::new();
        }
        let name = self.planner.tree.entry(id).name();
        let classes = self.planner.tree.position(place.position).classes.iter();
        let owners = classes.flat_map(|class| {
            let interfaces = &index.type_(class.object).interfaces;
            interfaces.iter().copied().chain([class.object])
        });
        owners
            .filter_map(|owner| {
                index
                    .field(index.find_field(owner, name)?)
                    .find_in(subgraph)
            })
            .map(|field| field.context_arguments.iter().collect::<Vec<_>>())
            .find(|arguments| !arguments.is_empty())
            .unwrap_or_default()
    }

    /// Where the values of a field's arguments are, and the fetches that bring them.
    pub(crate) fn context_of(
        &mut self,
        place: &ObjectPath,
        id: EntryId,
        subgraph: SubgraphId,
    ) -> (Vec<ContextVariable>, Vec<NodeId>) {
        let mut variables = Vec::new();
        let mut nodes = Vec::new();
        for argument in self.wanted(place, id, subgraph) {
            let setters = self.setters(place, argument);
            if setters.is_empty() {
                continue;
            }
            let mut paths = Vec::new();
            for (ancestor, types) in setters {
                let from_here = self.paths_from(&ancestor, &types, argument);
                for first in from_here.iter().filter_map(|path| path.first()) {
                    let brought = self.dag.context_nodes.get(&(ancestor.shape, first.slot));
                    nodes.extend(brought.into_iter().flatten().copied());
                }
                paths.extend(from_here.into_iter().map(|steps| ContextPath {
                    depth: ancestor.depth,
                    steps,
                }));
            }
            variables.push(ContextVariable {
                variable: self.dag.context_variable(argument).into(),
                input: self.input_type(&argument.ty, subgraph),
                paths,
            });
        }
        (variables, nodes)
    }

    /// Which values an input type of a subgraph allows.
    fn input_type(&self, ty: &Type, subgraph: SubgraphId) -> InputType {
        let index = self.planner.index;
        let name = ty.inner_named_type();
        let schema = index.subgraph_schema(subgraph);
        let values = schema.get_enum(name).map(|facts| {
            self.planner.budget.step(facts.values.len());
            let values = facts.values.keys();
            Arc::new(values.map(|value| value.as_str().into()).collect())
        });
        let (lists, nullable) = nulls_of(ty);
        InputType {
            kind: (index.find_type(name)).map_or(LeafKind::Any, |id| LeafKind::of(index, id)),
            values,
            lists,
            nullable,
        }
    }

    /// The objects above a place that set the context of an argument, nearest first, each with its
    /// types that do.
    fn setters(&self, place: &ObjectPath, argument: &ContextArgument) -> Vec<(Ancestor, TypeSet)> {
        // The last are the objects at the place: they set no context for their own fields.
        let above = self
            .ancestors
            .split_last()
            .map_or(&[][..], |(_, above)| above);
        let positions: Vec<PositionId> = above.iter().map(|one| one.position).collect();
        let Planner {
            tree,
            index,
            budget,
            ..
        } = &self.planner;
        let way = (positions.as_slice(), place.position);
        let setters = setters(tree, (index, budget), way, argument).into_iter();
        let find = |position| above.iter().rev().find(|one| one.position == position);
        setters
            .filter_map(|(position, types)| Some((*find(position)?, types)))
            .collect()
    }

    /// The paths from objects of some types to the value of an argument.
    fn paths_from(
        &mut self,
        ancestor: &Ancestor,
        types: &TypeSet,
        argument: &ContextArgument,
    ) -> Vec<Vec<Step>> {
        let index = self.planner.index;
        let mut paths = Vec::new();
        let place = (ancestor.shape, Some(ancestor.position));
        for (type_, set) in &argument.selections {
            if types.contains(*type_) {
                for path in self.value_paths(place, *type_, index.field_set(*set)) {
                    add_path(&mut paths, *type_, path);
                }
            }
        }
        if index.is_object(self.planner.tree.position(ancestor.position).declared) {
            for path in &mut paths {
                forget_type(path);
            }
        }
        paths
    }

    /// The paths down a selection to its leaf, from objects of a type: one, or several where
    /// objects on the way can be of several types.
    fn value_paths(
        &mut self,
        (shape, position): (ShapeId, Option<PositionId>),
        object: TypeId,
        set: &'i [Selection],
    ) -> Vec<Vec<Step>> {
        let index = self.planner.index;
        let mut paths = Vec::new();
        if !self.planner.budget.step(1 + set.len()) {
            return paths;
        }
        for selection in set.iter().filter(|selection| selection.applies_to(object)) {
            let Some(field) = selection.field() else {
                continue;
            };
            let slot_name =
                position.and_then(|position| self.slot_name(position, object, selection));
            let (slot, child) = self.dag.shapes.find_or_add(
                shape,
                slot_name.as_ref(),
                (&field.name, &field.arguments),
                field.selection_set.is_some(),
            );
            let step = Step { slot, only: None };
            let (Some(below), Some(child)) = (&field.selection_set, child) else {
                paths.push(vec![step]);
                continue;
            };
            let mut rests = Vec::new();
            for type_ in index.type_(below.declared).possible.iter() {
                for rest in self.value_paths((child, None), type_, &below.selections) {
                    add_path(&mut rests, type_, rest);
                }
            }
            if index.is_object(below.declared) {
                for path in &mut rests {
                    forget_type(path);
                }
            }
            for rest in rests {
                paths.push([vec![step.clone()], rest].concat());
            }
        }
        paths
    }

    /// Notes the fetches that bring what contexts read.
    pub(crate) fn note_context(&mut self, place: &ObjectPath, id: EntryId, nodes: &[NodeId]) {
        if !self.planner.tree.context_entries.contains(&id) {
            return;
        }
        let entry = self.planner.tree.entry(id);
        let Asked::Field {
            name,
            arguments,
            child,
        } = &entry.asked
        else {
            return;
        };
        let (slot, _) = self.dag.shapes.find_or_add(
            place.shape,
            entry.slot_name(),
            (name, arguments),
            child.is_some(),
        );
        let noted = self
            .dag
            .context_nodes
            .entry((place.shape, slot))
            .or_default();
        noted.extend(nodes.iter().copied());
    }
}

/// Adds a path that starts from objects of a type; the type goes to an equal path if there is one.
fn add_path(paths: &mut Vec<Vec<Step>>, type_: TypeId, mut path: Vec<Step>) {
    let same = paths.iter_mut().find(|other| {
        let (Some(first), Some(own)) = (other.first(), path.first()) else {
            return false;
        };
        first.slot == own.slot && other[1..] == path[1..]
    });
    if let Some(types) = same.and_then(|same| same.first_mut()?.only.as_mut()) {
        types.insert(type_);
        return;
    }
    if let Some(first) = path.first_mut() {
        first.only = Some([type_].into_iter().collect());
    }
    paths.push(path);
}

/// Removes the condition on the first type, where there is only one.
fn forget_type(path: &mut [Step]) {
    if let Some(first) = path.first_mut() {
        first.only = None;
    }
}

impl Dag {
    /// The variable of an argument: one for each context and selection.
    fn context_variable(&mut self, argument: &ContextArgument) -> String {
        let known = self
            .context_variables
            .iter()
            .position(|(other, _)| other == argument);
        if let Some(at) = known {
            return self.context_variables[at].1.clone();
        }
        let mut name = format!("context{}", self.context_variables.len());
        while self.client_variables.contains(name.as_str()) {
            name.insert(0, '_');
        }
        self.context_variables
            .push((argument.clone(), name.clone()));
        name
    }
}
