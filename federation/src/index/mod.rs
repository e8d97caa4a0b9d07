//! The facts of a supergraph, with ids for types, fields and selections: composition and planning
//! share them.
//!
//! A [`Supergraph`](crate::supergraph::Supergraph) in, an [`Index`] out. Invariant: it does not
//! change once it is built, and an id is valid for its index only.

mod applied;
mod arguments;
mod bitset;
mod build;
mod collect;
mod facts;
mod field_facts;
mod fields;
mod ids;
mod likeness;
mod literal;
mod model;
mod obtain;
mod provided;
mod requirement;
mod selection;
mod subgraph_schema;
mod type_facts;
mod type_names;
mod vertex;
mod why;

pub use applied::{Applied, OnOperation};
pub use arguments::Arguments;
pub use bitset::{FieldIdSet, LabelSet, SubgraphSet, TypeSet};
pub use collect::{CollectError, Collector};
pub use facts::{Facts, Labels, Places, needs_entry};
pub use field_facts::{ContextArgument, FieldFacts, FieldIn};
pub use ids::{FieldId, FieldSetId, LabelId, SubgraphId, TypeId};
pub(crate) use literal::write_value;
pub use model::Index;
pub use requirement::Requirement;
pub use selection::{Answered, FieldSelection, Selected, Selection, SelectionSet};
pub use type_facts::{Key, SubgraphFacts, TypeFacts, TypeKind};
pub use type_names::TypeNames;
pub use vertex::{ProvidedId, Vertex};
pub use why::Reason;
