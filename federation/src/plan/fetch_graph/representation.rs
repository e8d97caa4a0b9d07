//! Builds the representations of a fetch. In: a jump that was decided, and the fetches that bring each
//! field. Out: on the fetch, its representations by runtime type, its context variables, and the fetches
//! it waits for: all that bring a value it sends, or the type that a representation depends on.

use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::{Name, ast::Type};

use super::{
    dag::{Brought, Cursor, NodeKind, ObjectPath},
    groups::Groups,
    ids::NodeId,
    walk::Walk,
};
use crate::{
    index::{Arguments, Index, Selected, Selection, SubgraphId, TypeId, TypeKind, TypeSet},
    plan::{
        reach::tree::{Asked, Entry, EntryId, PositionId, Tree},
        search::solution::{FieldSource, InstanceEntry, Placed, TypeCondition},
    },
    query_plan::{
        LeafKind, RepresentationField, RepresentationTypename, RepresentationValue,
        RepresentationVariant, ShapeId,
    },
};

/// Selections to send, each with whether they are of the key.
type Sent<'i> = Vec<(&'i [Selection], bool)>;

/// One field to send.
#[derive(Default)]
struct Gathered<'i> {
    is_key: bool,
    below: Sent<'i>,
    is_composite: bool,
    /// The client's name of the slot that holds it.
    slot_name: Option<Name>,
}

impl<'i> Walk<'_, 'i> {
    /// Sets what a fetch sends and what it waits for.
    pub(crate) fn connect(
        &mut self,
        place: &ObjectPath,
        (first, at): (usize, usize),
        (placed, cursors): (&Placed, &[Cursor]),
        (groups, brought): (&Groups<'_>, &Brought),
    ) {
        let (node, instance) = (NodeId(first + at), &placed.instances[at]);
        let source = FieldSource::Fetch(u16::try_from(at).unwrap_or(u16::MAX));
        let mut needs: IndexSet<NodeId> = IndexSet::default();
        let mut variants: Vec<RepresentationVariant> = Vec::new();
        let arrivals: Vec<_> = cursors.iter().map(|cursor| cursor.arrival).collect();
        for entry in &instance.entries {
            let Some(asked_as) = entry.asked_as else {
                continue;
            };
            let object = self
                .planner
                .object_of(place.position, &arrivals, entry.condition);
            let sent = self.sent(entry);
            let mut is_typed_before = entry.is_typed;
            if entry.is_typed {
                needs.extend(brought.get(&(entry.condition, None)).into_iter().flatten());
            }
            for &(set, is_key) in &sent {
                let tree = &mut self.planner.tree;
                let ids = if is_key {
                    tree.hidden_key(place.position, object, set)
                } else {
                    tree.hidden(place.position, object, set)
                };
                for id in ids.unwrap_or_default() {
                    let nodes = brought.get(&(entry.condition, id)).into_iter().flatten();
                    for node in nodes {
                        is_typed_before |= tells_type(placed, first, *node);
                        needs.insert(*node);
                    }
                }
            }
            if self.dag.nodes[node.0].kind == NodeKind::RootBelow {
                continue;
            }
            let types =
                (self.variant_types(place, cursors, entry.condition, asked_as)).or_else(|| {
                    self.class_types(place, entry.condition)
                        .filter(|_| is_typed_before)
                });
            if types.is_some() {
                needs.extend(self.typed_by(place, (first, at), (placed, cursors), entry.condition));
            }
            let variant = RepresentationVariant {
                typename: if types.is_some() && self.planner.index.is_object(asked_as) {
                    RepresentationTypename::Runtime
                } else {
                    let name = self.planner.index.type_(asked_as).name.as_str();
                    RepresentationTypename::Name(name.into())
                },
                types,
                fields: self.fields(
                    (place.shape, Some(place.position)),
                    object,
                    &sent,
                    instance.target.subgraph,
                ),
            };
            self.planner.budget.step(variants.len());
            add_variant(&mut variants, variant);
        }
        let mut context = Vec::new();
        for &id in groups.from(source) {
            self.planner.budget.step(1 + context.len());
            let (variables, nodes) = self.context_of(place, id, instance.target.subgraph);
            needs.extend(nodes);
            for variable in variables {
                if !context.contains(&variable) {
                    context.push(variable);
                }
            }
        }
        // The variant for any type comes last: the first that fits is used.
        variants.sort_by_key(|variant| variant.types.is_none());
        needs.shift_remove(&node);
        let node = &mut self.dag.nodes[node.0];
        node.needs.extend(needs);
        if let Some(part) = node.parts.first_mut() {
            part.representation = variants;
            part.context = context;
        }
    }

    fn class_types(&self, place: &ObjectPath, condition: TypeCondition) -> Option<TypeSet> {
        let position = self.planner.tree.position(place.position);
        match condition {
            TypeCondition::Class(at) if !self.planner.index.is_object(position.declared) => {
                Some(position.classes[at as usize].types.clone())
            }
            _ => None,
        }
    }

    fn sent(&self, entry: &InstanceEntry) -> Sent<'i> {
        let index = self.planner.index;
        let key = entry.key.map(|set| (index.field_set(set), true));
        let requires = entry
            .requires
            .iter()
            .map(|&set| (index.field_set(set), false));
        key.into_iter().chain(requires).collect()
    }

    /// The runtime types a representation is for; `None` where the type is not known before, or
    /// where there is only one.
    fn variant_types(
        &self,
        place: &ObjectPath,
        cursors: &[Cursor],
        condition: TypeCondition,
        asked_as: TypeId,
    ) -> Option<TypeSet> {
        let position = self.planner.tree.position(place.position);
        let TypeCondition::Class(at) = condition else {
            return None;
        };
        let index = self.planner.index;
        let class = &position.classes[at as usize];
        // An arrival of which nothing is asked delivers no objects.
        let is_typed_on_arrival = cursors.iter().any(|cursor| {
            self.dag.askings[cursor.selection.0].is_touched
                && !cursor.arrival.is_untyped(index)
                && cursor.arrival.vertex(index, class.object).is_some()
        });
        let is_by_interface = !index.is_object(asked_as);
        let is_any =
            index.is_object(position.declared) || (is_by_interface && !is_typed_on_arrival);
        (!is_any).then(|| class.types.clone())
    }

    /// The fetch that reports the runtime type of objects of a class: one that delivers them, else
    /// one that asks for them by an interface.
    fn typed_by(
        &mut self,
        place: &ObjectPath,
        (first, own): (usize, usize),
        (placed, cursors): (&Placed, &[Cursor]),
        condition: TypeCondition,
    ) -> Option<NodeId> {
        let TypeCondition::Class(at) = condition else {
            return None;
        };
        let index = self.planner.index;
        let object = self.planner.tree.position(place.position).classes[at as usize].object;
        let arrived = cursors.iter().filter(|cursor| {
            !cursor.arrival.is_untyped(index) && cursor.arrival.vertex(index, object).is_some()
        });
        let touched = |cursor: &&Cursor| !self.dag.askings[cursor.selection.0].is_touched;
        let soonest = arrived.min_by_key(|cursor| (touched(cursor), cursor.arrival.round));
        if let Some(cursor) = soonest.copied() {
            self.dag.touch(cursor.selection);
            return Some(cursor.node);
        }
        let before = placed.instances[own].round;
        let typed = placed.instances.iter().enumerate().filter(|(_, instance)| {
            instance.round < before
                && instance.target.as_interface.is_none()
                && instance.entries.iter().any(|entry| {
                    entry.condition == condition
                        && entry.asked_as.is_some_and(|id| !index.is_object(id))
                })
        });
        typed
            .map(|(at, instance)| (instance.round, NodeId(first + at)))
            .min()
            .map(|(_, other)| other)
    }

    /// The fields to send of objects of a type. There is a position only for the objects
    /// themselves, not for those below them.
    fn fields(
        &mut self,
        (shape, position): (ShapeId, Option<PositionId>),
        object: TypeId,
        sent: &Sent<'i>,
        subgraph: SubgraphId,
    ) -> Vec<RepresentationField> {
        let mut by_field: IndexMap<(Name, Arguments), Gathered<'i>> = IndexMap::default();
        for &(set, is_key) in sent {
            if !self.planner.budget.step(1 + set.len()) {
                return Vec::new();
            }
            for selection in set.iter().filter(|selection| selection.applies_to(object)) {
                let Some(field) = selection.field() else {
                    continue;
                };
                let key = (field.name.clone(), field.arguments.clone());
                let gathered = by_field.entry(key).or_default();
                gathered.is_key |= is_key;
                if let Some(set) = &field.selection_set {
                    gathered.below.push((&set.selections, is_key));
                    gathered.is_composite = true;
                }
                if let Some(position) = position {
                    gathered.slot_name = self.slot_name(position, object, selection);
                }
            }
        }
        let mut fields = Vec::with_capacity(by_field.len());
        for ((name, arguments), gathered) in by_field {
            let (slot, child) = self.dag.shapes.find_or_add(
                shape,
                gathered.slot_name.as_ref(),
                (&name, &arguments),
                gathered.is_composite,
            );
            let index = self.planner.index;
            let value = match child {
                Some(child) => {
                    let declared = below_type(index, object, &name);
                    RepresentationValue::Object(self.variants(
                        child,
                        declared,
                        &gathered.below,
                        subgraph,
                    ))
                }
                None => RepresentationValue::Leaf(leaf_kind(index, object, &name, subgraph)),
            };
            fields.push(RepresentationField {
                name: name.as_str().into(),
                slot,
                is_key: gathered.is_key,
                nullable: nullable(index, object, &name, subgraph),
                value,
            });
        }
        fields
    }

    /// The client's name of the slot that holds a field of objects of a type.
    pub(crate) fn slot_name(
        &mut self,
        position: PositionId,
        object: TypeId,
        selection: &'i Selection,
    ) -> Option<Name> {
        let tree = &mut self.planner.tree;
        let id = tree.hidden_entry(position, object, selection)?;
        tree.entry(id).slot_name().cloned()
    }

    fn variants(
        &mut self,
        shape: ShapeId,
        declared: Option<TypeId>,
        sent: &Sent<'i>,
        subgraph: SubgraphId,
    ) -> Vec<RepresentationVariant> {
        let Some(declared) = declared else {
            return Vec::new();
        };
        let index = self.planner.index;
        if index.is_object(declared) {
            let mut selections = sent.iter().flat_map(|(set, _)| set.iter());
            let is_named = selections.any(|one| matches!(one.selected, Selected::Typename));
            return vec![RepresentationVariant {
                types: None,
                typename: if is_named {
                    RepresentationTypename::Name(index.type_(declared).name.as_str().into())
                } else {
                    RepresentationTypename::Absent
                },
                fields: self.fields((shape, None), declared, sent, subgraph),
            }];
        }
        let mut variants = Vec::new();
        for object in index.type_(declared).possible.iter() {
            let variant = RepresentationVariant {
                types: Some([object].into_iter().collect()),
                typename: RepresentationTypename::Runtime,
                fields: self.fields((shape, None), object, sent, subgraph),
            };
            self.planner.budget.step(variants.len());
            add_variant(&mut variants, variant);
        }
        let mut selections = sent.iter().flat_map(|(set, _)| set.iter());
        let is_named = selections.any(|one| matches!(one.selected, Selected::Typename));
        // The same is sent for each type, so the search does not make sure that the type is known.
        if let ([only], false) = (variants.as_mut_slice(), is_named) {
            only.typename = RepresentationTypename::IfKnown;
        }
        variants
    }
}

impl<'i> Tree<'i> {
    /// What a key asks of an object of a type at a position. A key without fields is `__typename`
    /// alone: it needs only that the object exists.
    pub(crate) fn hidden_key(
        &mut self,
        position: PositionId,
        object: TypeId,
        key: &'i [Selection],
    ) -> Option<Vec<Option<EntryId>>> {
        let mut entries = self.hidden(position, object, key)?;
        if entries.is_empty() {
            entries.push(Some(self.existence(position)));
        }
        Some(entries)
    }

    fn existence(&mut self, position: PositionId) -> EntryId {
        if let Some(&id) = self.existence.get(&position) {
            return id;
        }
        let id = self.push_entry(Entry {
            response_name: None,
            beside: None,
            types: TypeSet::new(),
            is_abstract: true,
            asked: Asked::Existence,
        });
        self.existence.insert(position, id);
        id
    }
}

/// Whether a fetch at the same place tells the type of the objects it delivers.
fn tells_type(placed: &Placed, first: usize, node: NodeId) -> bool {
    let instance = (node.0.checked_sub(first)).and_then(|at| placed.instances.get(at));
    instance.is_some_and(|instance| instance.target.as_interface.is_none())
}

/// Adds a variant; its types go to an equal variant if there is one.
fn add_variant(variants: &mut Vec<RepresentationVariant>, variant: RepresentationVariant) {
    let has_last_resort = variants.iter().any(|other| other.types.is_none());
    let same = variants.iter_mut().find(|other| {
        other.typename == variant.typename
            && other.fields == variant.fields
            && other.types.is_some() == variant.types.is_some()
    });
    match same {
        Some(other) => {
            if let (Some(types), Some(more)) = (&mut other.types, &variant.types) {
                types.extend(more);
            }
        }
        None if variant.types.is_none() && has_last_resort => {}
        None => variants.push(variant),
    }
}

fn below_type(index: &Index, object: TypeId, name: &str) -> Option<TypeId> {
    index
        .find_field(object, name)
        .map(|field| index.field(field).named_type)
}

/// Where the target's type of the field allows null, as [`RepresentationField::nullable`] says.
fn nullable(index: &Index, object: TypeId, name: &str, subgraph: SubgraphId) -> u32 {
    let Some(field) = index.find_field(object, name) else {
        return 0;
    };
    let facts = index.field(field);
    let entry = facts.find_in(subgraph);
    nulls_of(entry.map_or(&facts.ty, |entry| &entry.ty)).1
}

/// How many lists are around the values of a type, and where it allows null: bit 0 in place of the
/// value, bit n in place of an item n lists deep.
pub(crate) fn nulls_of(mut ty: &Type) -> (u32, u32) {
    let (mut nullable, mut depth) = (0, 0);
    loop {
        if depth < u32::BITS {
            nullable |= u32::from(!ty.is_non_null()) << depth;
        }
        if !ty.is_list() {
            return (depth, nullable);
        }
        ty = ty.item_type();
        depth += 1;
    }
}

/// Which JSON values the target accepts for a leaf: by its type of the field, where it has the
/// field.
fn leaf_kind(index: &Index, object: TypeId, name: &str, subgraph: SubgraphId) -> LeafKind {
    let Some(field) = index.find_field(object, name) else {
        return LeafKind::Any;
    };
    let facts = index.field(field);
    let named_type = facts
        .find_in(subgraph)
        .map_or(facts.named_type, |entry| entry.named_type);
    LeafKind::of(index, named_type)
}

impl LeafKind {
    /// Which JSON values a leaf type allows.
    pub(crate) fn of(index: &Index, type_: TypeId) -> Self {
        let facts = index.type_(type_);
        match facts.name.as_str() {
            "Int" => Self::Int,
            "Float" => Self::Float,
            "String" => Self::String,
            "Boolean" => Self::Boolean,
            "ID" => Self::Id,
            _ if facts.kind == TypeKind::Enum => Self::Enum,
            _ => Self::Any,
        }
    }
}
