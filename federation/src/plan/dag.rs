//! N6: from decisions to fetches. An edge is a value that one fetch needs and another brings.

use apollo_compiler::Name;
use apollo_compiler::collections::{IndexMap, IndexSet};

use super::{
    asked::AskedFields,
    context::FilledArgument,
    model::{ContextVariable, RepresentationVariant, ShapeId, SlotId, Step},
    shape::Shapes,
    solution::{Instance, InstanceEntry, Solution, Who},
    solve::Planner,
    tree::{EntryId, PositionId},
    walk::Walk,
};
use crate::{
    index::{Arguments, ContextArgument, Index, SubgraphId, TypeId, TypeSet},
    reachable::arrival::Arrival,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct NodeId(pub(super) usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct SelectionId(pub(super) usize);

/// One document to one subgraph.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) subgraph: SubgraphId,
    pub(super) parts: Vec<Part>,
    pub(super) kind: NodeKind,
    pub(super) needs: IndexSet<NodeId>,
}

/// What a document asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    /// Root fields, of the operation's kind.
    Root,
    /// Root fields of the query type, for objects of it below the root.
    RootBelow,
    /// Entities.
    Entities,
}

/// The objects a fetch completes and what it asks of them.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) shape: ShapeId,
    pub(super) targets: Vec<Vec<Step>>,
    pub(super) representation: Vec<RepresentationVariant>,
    pub(super) selection: SelectionId,
    /// Variables whose values come from objects above.
    pub(super) context: Vec<ContextVariable>,
}

/// What objects of a selection are declared to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Declared {
    /// A type of the subgraph.
    As(TypeId),
    /// Entities: each is what its representation names.
    Entity,
}

/// What is asked of objects in a subgraph.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    pub(super) declared: Declared,
    pub(super) shape: ShapeId,
    pub(super) fields: AskedFields,
    /// Whether anything is asked at all: what nobody touches is not sent.
    pub(super) is_touched: bool,
    /// The interface by whose name entities of unknown type are asked for, so that they tell it.
    pub(super) typed_as: Option<TypeId>,
    parent: Option<SelectionId>,
}

#[derive(Clone, Debug)]
pub(super) struct AskedField {
    pub(super) slot: SlotId,
    pub(super) name: Name,
    pub(super) arguments: Arguments,
    pub(super) filled: Vec<FilledArgument>,
    /// The types it is asked of; `None` for all.
    pub(super) types: Option<TypeSet>,
    /// The interface object it is asked of, among entities.
    pub(super) of_interface: Option<TypeId>,
    /// The types whose objects it is wanted of, whatever it is asked of; `None` for all.
    pub(super) wanted_of: Option<TypeSet>,
    pub(super) below: Option<(SelectionId, Arrival)>,
}

/// A fetch at some object: where to ask for more of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Cursor {
    pub(super) node: NodeId,
    pub(super) selection: SelectionId,
    pub(super) arrival: Arrival,
}

/// Where the walk stands.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) position: PositionId,
    pub(super) shape: ShapeId,
    pub(super) path: Vec<Step>,
}

#[derive(Debug)]
pub(super) struct Dag {
    pub(super) shapes: Shapes,
    pub(super) nodes: Vec<Node>,
    pub(super) askings: Vec<Asking>,
    /// Who brings what arguments read of objects above.
    pub(super) context_nodes: IndexMap<(ShapeId, SlotId), IndexSet<NodeId>>,
    pub(super) context_variables: Vec<(ContextArgument, String)>,
    pub(super) client_variables: IndexSet<String>,
}

pub(super) type Brought = IndexMap<(Who, Option<EntryId>), IndexSet<NodeId>>;

impl Dag {
    pub(super) fn new(shapes: Shapes) -> Self {
        Self {
            shapes,
            nodes: Vec::new(),
            askings: Vec::new(),
            context_nodes: IndexMap::default(),
            context_variables: Vec::new(),
            client_variables: IndexSet::default(),
        }
    }

    /// Adds the fetches of a solved root position; each root fetch waits for some others.
    pub(super) fn add(
        &mut self,
        planner: &mut Planner<'_>,
        position: PositionId,
        solution: &Solution,
        after: &IndexSet<NodeId>,
    ) {
        let place = Place {
            position,
            shape: ShapeId(0),
            path: Vec::new(),
        };
        let first = self.nodes.len();
        Walk {
            dag: self,
            planner,
            ancestors: Vec::new(),
        }
        .visit(&place, &[], solution);
        for node in &mut self.nodes[first..] {
            if node.kind == NodeKind::Root {
                node.needs.extend(after.iter().copied());
            }
        }
    }

    /// Asks for root fields in the order in which the client does: so they are run.
    pub(super) fn order_roots(&mut self, first: usize) {
        for node in &self.nodes[first..] {
            for part in node.parts.iter().filter(|_| node.kind == NodeKind::Root) {
                self.askings[part.selection.0].fields.sort_by_slot();
            }
        }
    }

    pub(super) fn ask(
        &mut self,
        declared: Declared,
        shape: ShapeId,
        parent: Option<SelectionId>,
    ) -> SelectionId {
        self.askings.push(Asking {
            declared,
            shape,
            fields: AskedFields::default(),
            is_touched: false,
            typed_as: None,
            parent,
        });
        SelectionId(self.askings.len() - 1)
    }

    /// Asks for a leaf, of more types if it is asked for already.
    pub(super) fn ask_leaf(&mut self, selection: SelectionId, field: AskedField) {
        let fields = &mut self.askings[selection.0].fields;
        let same = fields.find_mut(field.slot, |other| {
            other.below.is_none() && other.of_interface == field.of_interface
        });
        match same {
            Some(other) => {
                other.want(field.wanted_of.as_ref());
                match (&mut other.types, &field.types) {
                    (Some(types), Some(more)) => types.extend(more),
                    (types, _) => *types = None,
                }
            }
            None => fields.push(field),
        }
    }

    pub(super) fn touch(&mut self, selection: SelectionId) {
        let mut at = Some(selection);
        while let Some(id) = at {
            let asking = &mut self.askings[id.0];
            if asking.is_touched {
                return;
            }
            asking.is_touched = true;
            at = asking.parent;
        }
    }
}

impl NodeKind {
    /// What the document of a fetch asks for.
    pub(super) fn of(instance: &Instance, index: &Index) -> Self {
        let is_root_below = |entry: &InstanceEntry| {
            let (asked_as, key) = entry.asked_as.zip(entry.key)?;
            Some(index.is_root_entry(asked_as, key))
        };
        match instance.entries.iter().find_map(is_root_below) {
            None => Self::Root,
            Some(true) => Self::RootBelow,
            Some(false) => Self::Entities,
        }
    }
}

impl AskedField {
    /// Takes in what else the same field is wanted of.
    pub(super) fn want(&mut self, more: Option<&TypeSet>) {
        match (&mut self.wanted_of, more) {
            (Some(types), Some(more)) => types.extend(more),
            (types, _) => *types = None,
        }
    }
}
