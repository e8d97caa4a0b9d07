//! The graph of fetches. An edge is a value that one fetch sends and another brings, or the order
//! of a mutation's fields.

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::{
    asked::{AskedField, AskedFields},
    ids::{NodeId, SelectionId},
    shape::Shapes,
};
use crate::{
    index::{ContextArgument, Index, SubgraphId, TypeId},
    plan::{
        reach::tree::{EntryId, PositionId},
        search::solution::{Instance, InstanceEntry, TypeCondition},
    },
    query_plan::{ContextVariable, RepresentationVariant, ShapeId, SlotId, Step},
    reachable::arrival::Arrival,
};

/// One document to one subgraph.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) subgraph: SubgraphId,
    pub(crate) parts: Vec<Part>,
    pub(crate) kind: NodeKind,
    pub(crate) needs: IndexSet<NodeId>,
    /// The fetch that this one replaces, for objects whose inputs cannot be sent.
    pub(crate) instead_of: Option<NodeId>,
}

/// What a document asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeKind {
    /// Root fields, of the operation's kind.
    Root,
    /// Root fields of the query type, for objects of it below the root.
    RootBelow,
    /// Entities.
    Entities,
}

/// The objects a fetch completes and what it asks of them.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) shape: ShapeId,
    pub(crate) targets: Vec<Vec<Step>>,
    pub(crate) representation: Vec<RepresentationVariant>,
    pub(crate) selection: SelectionId,
    /// Variables of contexts, whose values come from objects above.
    pub(crate) context: Vec<ContextVariable>,
}

/// What objects of a selection are declared to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Declared {
    /// A type of the subgraph.
    As(TypeId),
    /// Entities: each has the type that its representation names.
    Entity,
}

/// What is asked of objects in a subgraph.
#[derive(Clone, Debug)]
pub(crate) struct Asking {
    pub(crate) declared: Declared,
    pub(crate) shape: ShapeId,
    pub(crate) fields: AskedFields,
    /// Whether anything is asked of the objects: a selection that is not touched is not printed.
    pub(crate) is_touched: bool,
    /// The interface named in representations of unknown type, where the answer reports the type.
    pub(crate) typed_as: Option<TypeId>,
    parent: Option<SelectionId>,
}

/// A selection of a fetch at the objects of a place: where more can be asked of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Cursor {
    pub(crate) node: NodeId,
    pub(crate) selection: SelectionId,
    pub(crate) arrival: Arrival,
}

/// The place that is walked: a position, its shape, and the path from the root.
#[derive(Clone, Debug)]
pub(crate) struct ObjectPath {
    pub(crate) position: PositionId,
    pub(crate) shape: ShapeId,
    pub(crate) path: Vec<Step>,
}

#[derive(Debug)]
pub(crate) struct Dag {
    pub(crate) shapes: Shapes,
    pub(crate) nodes: Vec<Node>,
    pub(crate) askings: Vec<Asking>,
    /// The fetches that bring what contexts read, by slot.
    pub(crate) context_nodes: IndexMap<(ShapeId, SlotId), IndexSet<NodeId>>,
    pub(crate) context_variables: Vec<(ContextArgument, String)>,
    pub(crate) client_variables: IndexSet<String>,
}

pub(crate) type Brought = IndexMap<(TypeCondition, Option<EntryId>), IndexSet<NodeId>>;

impl Dag {
    pub(crate) fn new(shapes: Shapes) -> Self {
        Self {
            shapes,
            nodes: Vec::new(),
            askings: Vec::new(),
            context_nodes: IndexMap::default(),
            context_variables: Vec::new(),
            client_variables: IndexSet::default(),
        }
    }

    /// Sorts root fields into the client's order, in which the subgraph runs them.
    pub(crate) fn order_roots(&mut self, first: usize) {
        for node in &self.nodes[first..] {
            for part in node.parts.iter().filter(|_| node.kind == NodeKind::Root) {
                self.askings[part.selection.0].fields.sort_by_slot();
            }
        }
    }

    pub(crate) fn ask(
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
    pub(crate) fn ask_leaf(&mut self, selection: SelectionId, field: AskedField) {
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

    pub(crate) fn touch(&mut self, selection: SelectionId) {
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
    pub(crate) fn of(instance: &Instance, index: &Index) -> Self {
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

/// The length of the longest chain of fetches before each node; zero for nodes in a cycle. A fetch
/// that replaces another, which is made only where inputs cannot be sent, does not count.
pub(crate) fn rounds_of(nodes: &[Node]) -> Vec<usize> {
    let mut rounds = vec![0; nodes.len()];
    let mut dependants: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut open: Vec<usize> = nodes.iter().map(|node| node.needs.len()).collect();
    for (at, node) in nodes.iter().enumerate() {
        for need in &node.needs {
            dependants[need.0].push(at);
        }
    }
    let mut work: Vec<usize> = (0..nodes.len()).filter(|&at| open[at] == 0).collect();
    while let Some(at) = work.pop() {
        for &other in &dependants[at] {
            let own = usize::from(nodes[other].instead_of.is_none());
            rounds[other] = rounds[other].max(rounds[at] + own);
            open[other] -= 1;
            if open[other] == 0 {
                work.push(other);
            }
        }
    }
    rounds
}
