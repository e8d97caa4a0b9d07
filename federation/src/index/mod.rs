//! Facts of a supergraph, interned: what composition checks and planning share.

mod applied;
mod bitset;
mod build;
mod collect;
mod facts;
mod fields;
mod likeness;
mod model;
mod provided;
mod requirement;
mod selection;
mod subgraph_schema;
mod type_names;
mod vertex;
mod why;

pub use applied::{Applied, OnOperation};
pub use bitset::{FieldIdSet, LabelSet, SubgraphSet, TypeSet};
pub use collect::{CollectError, Collector};
pub use facts::{Facts, Labels, Places, needs_entry};
pub use model::{
    ContextArgument, FieldFacts, FieldIn, Index, Key, SubgraphFacts, TypeFacts, TypeKind,
};
pub use requirement::Requirement;
pub(crate) use selection::write_value;
pub use selection::{Answered, Arguments, FieldSelection, Selected, Selection, SelectionSet};
pub use type_names::TypeNames;
pub use vertex::{ProvidedId, Vertex};
pub use why::Reason;

/// A subgraph, by its place in the supergraph (by name).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubgraphId(pub u32);

/// A named type of the supergraph; object types come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub u32);

/// A field of an object type or an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(pub u32);

/// A selection that a key, `@requires` or `@provides` makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldSetId(pub u32);

/// A label of progressive override.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LabelId(pub u32);
