//! Facts of a supergraph, interned: what composition checks and planning share.

mod bitset;
mod type_names;

pub use bitset::{SubgraphSet, TypeSet};
pub use type_names::TypeNames;

/// A subgraph, by its place in the supergraph (by name).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubgraphId(pub u32);

/// A named type of the supergraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub u32);
