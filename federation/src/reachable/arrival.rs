//! Where the object at a position is: in which subgraphs, as what, and from which round on.

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
    /// The interface object it is there; `None` where it has its own type.
    pub(crate) as_interface: Option<TypeId>,
}

impl Arrival {
    /// Whether the subgraph has only an interface object here, which tells no runtime type.
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

    /// Whether what is asked can only be asked of the declared type as such: an interface object,
    /// or an interface that nothing implements there.
    pub(crate) fn is_opaque(&self, index: &Index) -> bool {
        self.is_untyped(index) || self.possible(index).is_empty()
    }

    /// Where an object of a type is once it arrived; `None` if such objects do not arrive.
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

    /// Where an object of unknown type is.
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

    /// Where an object of a type then is.
    pub(crate) fn vertex(self, object: TypeId) -> Vertex {
        Vertex {
            subgraph: self.subgraph,
            as_type: self.as_interface.unwrap_or(object),
            provided: ProvidedId::default(),
        }
    }
}
