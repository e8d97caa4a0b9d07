//! The answer as slots: one shape for the objects at each path, one slot for each field of them.

use apollo_compiler::Name;
use apollo_compiler::collections::IndexMap;
use indexmap::map::Entry;
use smallvec::SmallVec;

use crate::{
    index::{Arguments, Index, Selected, SelectionSet, TypeId, TypeSet},
    query_plan::{Shape, ShapeId, SlotId},
};

#[derive(Debug, PartialEq, Eq, Hash)]
struct SlotKey {
    /// `None` where only hidden entries need it.
    response_name: Option<Name>,
    name: Name,
    arguments: Arguments,
    /// One type may have a leaf under a response name where another one has objects.
    is_composite: bool,
}

#[derive(Debug)]
struct Slot {
    child: Option<ShapeId>,
    /// Whether it is filled for objects of every type.
    is_of_all: bool,
}

#[derive(Debug, Default)]
struct Node {
    slots: IndexMap<SlotKey, Slot>,
    /// Slots by the name of their field in the schema.
    named: IndexMap<Name, SmallVec<[u32; 1]>>,
    /// Slots of keys by which objects from several fetches are compared, with the types they hold
    /// for.
    identity: IndexMap<SlotId, TypeSet>,
}

/// The shapes of an answer. A field that both the client and a key ask for with the same arguments
/// has one slot.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    nodes: Vec<Node>,
}

impl Shapes {
    /// The shapes of what the client asks for. The root's is the first.
    pub(crate) fn new(index: &Index, set: &SelectionSet) -> Self {
        let mut shapes = Self {
            nodes: vec![Node::default()],
        };
        shapes.add(index, ShapeId(0), set);
        shapes
    }

    fn add(&mut self, index: &Index, shape: ShapeId, set: &SelectionSet) {
        let mut types: IndexMap<SlotId, TypeSet> = IndexMap::default();
        for selection in &set.selections {
            let Selected::Field(field) = &selection.selected else {
                continue;
            };
            if selection.is_withheld {
                continue;
            }
            let key = SlotKey {
                response_name: Some(selection.response_name.clone()),
                name: field.name.clone(),
                arguments: field.arguments.clone(),
                is_composite: field.selection_set.is_some(),
            };
            let is_of_all = selection.types.is_empty();
            let (slot, child) = self.slot(shape, key, is_of_all);
            types.entry(slot).or_default().extend(&selection.types);
            if let (Some(child), Some(below)) = (child, &field.selection_set) {
                self.add(index, child, below);
            }
        }
        let all = &index.type_(set.declared).possible;
        for (slot, types) in types {
            let slots = &mut self.nodes[shape.0 as usize].slots;
            if let Some((_, slot)) = slots.get_index_mut(slot.0 as usize) {
                slot.is_of_all |= all.is_subset(&types);
            }
        }
    }

    fn slot(&mut self, shape: ShapeId, key: SlotKey, is_of_all: bool) -> (SlotId, Option<ShapeId>) {
        let fresh = ShapeId(to_id(self.nodes.len()));
        let is_composite = key.is_composite;
        let node = &mut self.nodes[shape.0 as usize];
        let entry = node.slots.entry(key);
        let slot = SlotId(to_id(entry.index()));
        if matches!(entry, Entry::Vacant(_)) {
            let name = entry.key().name.clone();
            node.named.entry(name).or_default().push(slot.0);
        }
        let own = entry.or_insert(Slot {
            child: is_composite.then_some(fresh),
            is_of_all,
        });
        own.is_of_all |= is_of_all;
        let child = own.child;
        if child == Some(fresh) {
            self.nodes.push(Node::default());
        }
        (slot, child)
    }

    /// The slot of a field: with a response name the client's, else one that is filled for every
    /// type, if possible one of the client's.
    pub(crate) fn find_or_add(
        &mut self,
        shape: ShapeId,
        response_name: Option<&Name>,
        field: (&Name, &Arguments),
        is_composite: bool,
    ) -> (SlotId, Option<ShapeId>) {
        if response_name.is_none() {
            let node = &self.nodes[shape.0 as usize];
            let is_it = |(key, slot): (&SlotKey, &Slot)| {
                key.arguments == *field.1 && slot.child.is_some() == is_composite && slot.is_of_all
            };
            let mut named = node.named.get(field.0).into_iter().flatten();
            let found = named.find(|&&at| node.slots.get_index(at as usize).is_some_and(is_it));
            if let Some(&at) = found {
                let child = node.slots.get_index(at as usize);
                return (SlotId(at), child.and_then(|(_, slot)| slot.child));
            }
        }
        let key = SlotKey {
            response_name: response_name.cloned(),
            name: field.0.clone(),
            arguments: field.1.clone(),
            is_composite,
        };
        self.slot(shape, key, response_name.is_none())
    }

    /// Notes that a slot tells which entity an object of a type is.
    pub(crate) fn identify(&mut self, shape: ShapeId, slot: SlotId, object: TypeId) {
        let identity = &mut self.nodes[shape.0 as usize].identity;
        identity.entry(slot).or_default().insert(object);
    }

    /// The slots that tell which entity an object is.
    pub(crate) fn identity_of(&self, shape: ShapeId) -> Vec<SlotId> {
        let node = self.nodes.get(shape.0 as usize);
        node.into_iter()
            .flat_map(|node| node.identity.keys().copied())
            .collect()
    }

    /// The response name of the slot in a document, unless another slot has that name.
    pub(crate) fn preferred_key(&self, shape: ShapeId, slot: SlotId) -> Name {
        let slots = &self.nodes[shape.0 as usize].slots;
        let Some((key, _)) = slots.get_index(slot.0 as usize) else {
            return apollo_compiler::name!("_");
        };
        key.response_name
            .clone()
            .unwrap_or_else(|| key.name.clone())
    }

    /// Whether the client asks for the slot.
    pub(crate) fn is_client(&self, shape: ShapeId, slot: SlotId) -> bool {
        self.nodes[shape.0 as usize]
            .slots
            .get_index(slot.0 as usize)
            .is_some_and(|(key, _)| key.response_name.is_some())
    }

    pub(crate) fn into_model(self) -> Vec<Shape> {
        self.nodes
            .into_iter()
            .map(|node| Shape {
                slots: node
                    .slots
                    .into_keys()
                    .map(|key| key.response_name.map(|name| name.as_str().into()))
                    .collect(),
                identity: node.identity.into_iter().collect(),
            })
            .collect()
    }
}

fn to_id(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
