//! A plan: fetches with what they wait for, and programs that the executor runs on answers.
//!
//! The executor does not know selections: it numbers slots, follows paths of slots and runs these
//! programs. All names are resolved here.

mod context;
mod ids;
mod ingest;
mod leaf_kind;
mod lookup;
mod projection;
mod render;
mod representation;

use std::{
    any::Any,
    sync::{Arc, OnceLock},
};

use crate::index::{SubgraphId, TypeNames, TypeSet};
pub use crate::operation::OperationKind;
pub use context::{ContextPath, ContextVariable, InputType};
pub use ids::{FetchId, IngestId, ProjectionId, ShapeId, SlotId};
pub use ingest::{Ingest, IngestEntry, IngestInto, KeyLookup, Presence, RuntimeType, Shape};
pub use leaf_kind::LeafKind;
pub use projection::{OutputType, Projection, ProjectionField, ProjectionVariant, ValueSource};
pub use representation::{
    RepresentationField, RepresentationTypename, RepresentationValue, RepresentationVariant,
};

/// How to answer one operation.
#[derive(Debug, Default)]
pub struct Plan {
    /// Query, mutation or subscription.
    pub kind: OperationKind,
    /// Names of the supergraph's types.
    pub types: Arc<TypeNames>,
    /// Fetches in an order in which each stands behind what it waits for.
    pub fetches: Vec<Fetch>,
    /// The slots of the objects of the answer. Shape 0 is the root's.
    pub shapes: Vec<Shape>,
    /// The programs that read answers of subgraphs into slots.
    pub ingests: Vec<Ingest>,
    /// The programs that write slots into the client's answer. Projection 0 is the root's.
    pub projections: Vec<Projection>,
    /// Types whose objects are written as null, because the caller may not see them.
    pub withheld_types: TypeSet,
    /// What the plan costs.
    pub cost: PlanCost,
}

/// What a plan costs, in numbers that do not vary with the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct PlanCost {
    /// Longest chain of fetches.
    pub rounds: u32,
    /// One for each root selection or representation list.
    pub fetches: u32,
    /// Documents sent, after batching.
    pub requests: u32,
    /// Placements tried while planning.
    pub places: u64,
}

/// One document sent to one subgraph.
#[derive(Debug)]
pub struct Fetch {
    /// The subgraph.
    pub subgraph: SubgraphId,
    /// Name of that subgraph.
    pub subgraph_name: Arc<str>,
    /// The operation type of the document: entity fetches are queries.
    pub kind: OperationKind,
    /// The document, minified.
    pub document: Arc<str>,
    /// The client's variables that the document uses, by name.
    pub variables: Vec<Box<str>>,
    /// Root selection or representation lists.
    pub input: FetchInput,
    /// The fetch that this one replaces, for objects that the other leaves out since an input is
    /// missing or does not fit. It asks for the fields that need only the key, or only one of
    /// several sets of inputs, and does not count in the plan's cost.
    pub instead_of: Option<FetchId>,
    /// The fetches that must be done (or have failed) before this one starts.
    pub depends_on: Vec<FetchId>,
    /// The fetches that depend on this one.
    pub dependants: Vec<FetchId>,
    /// A value that a transport keeps with the fetch: a parsed document, a serialised body.
    pub prepared: Prepared,
}

/// A value of the transport, which the engine does not read.
#[derive(Default)]
pub struct Prepared(OnceLock<Box<dyn Any + Send + Sync>>);

impl Prepared {
    /// The value, made on first use. `None` if a value of another type is there.
    pub fn get_or_init<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Option<&T> {
        self.0.get_or_init(|| Box::new(make())).downcast_ref()
    }
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(if self.0.get().is_some() {
            "Prepared(..)"
        } else {
            "Prepared"
        })
    }
}

/// What a fetch is asked for.
#[derive(Debug)]
pub enum FetchInput {
    /// Root fields, into the root object.
    Root(IngestId),
    /// Root fields of the query type, into objects of that type below the root, all of which get
    /// the same; without such objects nothing is asked.
    RootBelow(Vec<RootTarget>),
    /// One aliased `_entities` for each list.
    Entities(Vec<EntityList>),
}

impl FetchInput {
    /// The paths of all objects that are to be completed, each with its ingest program.
    pub fn targets(&self) -> impl Iterator<Item = (&[Step], IngestId)> {
        let (root, below, lists): (Option<IngestId>, &[RootTarget], &[EntityList]) = match self {
            Self::Root(ingest) => (Some(*ingest), &[], &[]),
            Self::RootBelow(targets) => (None, targets, &[]),
            Self::Entities(lists) => (None, &[], lists),
        };
        let targets = lists.iter().flat_map(|list| &list.targets);
        (root.into_iter().map(|ingest| (&[][..], ingest)))
            .chain((below.iter()).map(|target| (target.path.as_slice(), target.ingest)))
            .chain(targets.map(|target| (target.path.as_slice(), target.ingest)))
    }
}

/// Objects of the query type below the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootTarget {
    /// From the root object.
    pub path: Vec<Step>,
    /// Where the root fields go: slots of the objects there.
    pub ingest: IngestId,
}

/// One `_entities` field of a document.
#[derive(Debug)]
pub struct EntityList {
    /// Response name in the document: `_entities` where there is one list, else `_e0`, `_e1`.
    pub alias: Box<str>,
    /// Name of its variable: `representations`, else `r0`, `r1`.
    pub variable: Box<str>,
    /// Objects to complete. Several targets share one list where the same is asked of each; equal
    /// representations are sent once, whichever target they come from.
    pub targets: Vec<EntityTarget>,
}

/// Objects at a path: lists on the way are walked, whatever their depth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityTarget {
    /// From the root object.
    pub path: Vec<Step>,
    /// How to make the representation of an object; an object no variant fits is left out.
    pub representation: Vec<RepresentationVariant>,
    /// Where the entity's fields go: slots of the target's own object. Targets of one list may
    /// differ in shape, so each has its own program for the same document.
    pub ingest: IngestId,
    /// Variables of the document whose values come from the response (`@fromContext`):
    /// representations are grouped by their values, one request a group.
    pub context: Vec<ContextVariable>,
}

/// One step of a target's path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// The slot of the object that the path has led to.
    pub slot: SlotId,
    /// Only from objects of these types.
    pub only: Option<TypeSet>,
}
