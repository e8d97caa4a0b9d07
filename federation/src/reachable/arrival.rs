//! Arrivals and targets: in which subgraph an object at a position is or can be asked for, as which
//! type, and from which round on.

use crate::index::{Index, ProvidedId, SubgraphId, TypeId, TypeSet, Vertex};

/// A fetch that delivers the object at a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Arrival {
    pub(crate) subgraph: SubgraphId,
    /// The type of the field that yields it, as that subgraph declares it.
    pub(crate) declared: TypeId,
    pub(crate) provided: ProvidedId,
    /// Rounds after the earliest arrival.
    pub(crate) round: u16,
}

/// Another subgraph to ask for the object, or a subgraph to ask for root fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Target {
    pub(crate) subgraph: SubgraphId,
    /// The interface that the subgraph has as an interface object; `None` where the object has its
    /// own type.
    pub(crate) as_interface: Option<TypeId>,
}

impl Arrival {
    /// Whether the subgraph has only an interface object here, so that it does not know the runtime
    /// type.
    pub(crate) fn is_untyped(&self, index: &Index) -> bool {
        index
            .type_(self.declared)
            .interface_object_in
            .contains(self.subgraph)
    }

    /// The runtime types that can arrive, as the subgraph knows them.
    pub(crate) fn possible<'i>(&self, index: &'i Index) -> &'i TypeSet {
        &index.type_(self.declared).possible_in[self.subgraph.0 as usize]
    }

    /// Whether fields can only be asked of the declared type itself: an interface object, or an
    /// interface that no type implements there.
    pub(crate) fn is_opaque(&self, index: &Index) -> bool {
        self.is_untyped(index) || self.possible(index).is_empty()
    }

    /// The vertex of an object of a type once it arrived; `None` if such objects do not arrive.
    pub(crate) fn vertex(&self, index: &Index, object: TypeId) -> Option<Vertex> {
        let as_type = if self.is_untyped(index) {
            self.declared
        } else {
            self.possible(index).contains(object).then_some(object)?
        };
        Some(Vertex {
            subgraph: self.subgraph,
            as_type,
            provided: self.provided,
        })
    }

    /// The vertex of an object of unknown type.
    pub(crate) fn opaque_vertex(&self) -> Vertex {
        Vertex {
            subgraph: self.subgraph,
            as_type: self.declared,
            provided: self.provided,
        }
    }
}

impl Target {
    /// The target that takes an object to a vertex.
    pub(crate) fn of(vertex: Vertex, index: &Index) -> Self {
        Self {
            subgraph: vertex.subgraph,
            as_interface: (!index.is_object(vertex.as_type)).then_some(vertex.as_type),
        }
    }

    /// The vertex of an object of a type in this target.
    pub(crate) fn vertex(self, object: TypeId) -> Vertex {
        Vertex {
            subgraph: self.subgraph,
            as_type: self.as_interface.unwrap_or(object),
            provided: ProvidedId::default(),
        }
    }
}
