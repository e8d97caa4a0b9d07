//! A plan: fetches with what they wait for, and programs that the executor runs on bytes.
//!
//! The executor knows nothing of selections: it numbers slots, follows paths of slots and runs
//! these programs. Everything name-shaped is decided here.

mod lookup;
mod render;

use std::{
    any::Any,
    sync::{Arc, OnceLock},
};

use crate::index::{SubgraphId, TypeId, TypeNames, TypeSet};
pub use crate::operation::OperationKind;

/// Index into [`Plan::fetches`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FetchId(pub u32);
/// Index into [`Plan::shapes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ShapeId(pub u32);
/// Index into [`Plan::ingests`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IngestId(pub u32);
/// Index into [`Plan::projections`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProjectionId(pub u32);
/// Number of a slot in the shape of its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SlotId(pub u32);

/// What to do to answer one operation.
#[derive(Debug, Default)]
pub struct Plan {
    /// Query, mutation or subscription.
    pub kind: OperationKind,
    /// Names of the supergraph's types.
    pub types: Arc<TypeNames>,
    /// Fetches in an order in which each stands behind what it waits for.
    pub fetches: Vec<Fetch>,
    /// What the objects of the answer look like inside. Shape 0 is the root's.
    pub shapes: Vec<Shape>,
    /// How answers of subgraphs go into slots.
    pub ingests: Vec<Ingest>,
    /// How slots go into the answer. Projection 0 is the root's.
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
    /// Where to.
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
    /// What must be complete (or have failed) before this starts.
    pub depends_on: Vec<FetchId>,
    /// Whom its completion may start.
    pub dependants: Vec<FetchId>,
    /// What a transport keeps with the fetch: a parsed document, a serialised body.
    pub prepared: Prepared,
}

/// A slot the engine does not look into.
#[derive(Default)]
pub struct Prepared(OnceLock<Box<dyn Any + Send + Sync>>);

impl Prepared {
    /// What was kept, made on first use. `None` if another type was kept before.
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
    /// The paths of all objects that are to be completed, each with how answers go into them.
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
    pub targets: Vec<Target>,
}

/// Objects at a path: lists on the way are walked, whatever their depth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
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
    /// Slot of the object stood on.
    pub slot: SlotId,
    /// Only from objects of these types.
    pub only: Option<TypeSet>,
}

/// A variable filled from an ancestor of the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextVariable {
    /// Name of the variable in the document.
    pub variable: Box<str>,
    /// Ways to the value; several where the selection differs by type, or where it depends on the
    /// types which of the objects above sets the context. The first that an object lets pass holds
    /// it.
    pub paths: Vec<ContextPath>,
}

/// A way to the value of a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextPath {
    /// How many steps of the target's path lead to the object that holds the value.
    pub depth: usize,
    /// From there to the value.
    pub steps: Vec<Step>,
}

/// The representation of an object of certain types.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RepresentationVariant {
    /// Runtime types it fits; `None` fits all, objects of unknown type included.
    pub types: Option<TypeSet>,
    /// Its `__typename`.
    pub typename: RepresentationTypename,
    /// Its other fields.
    pub fields: Vec<RepresentationField>,
}

/// The `__typename` of a representation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RepresentationTypename {
    /// The object's own.
    Runtime,
    /// The object's own where it is known; none where it is not, since the same is sent of objects of
    /// each type.
    IfKnown,
    /// A name: interface names for keyed interfaces and interface objects.
    Name(Box<str>),
    /// None: a nested value object that needs none.
    Absent,
}

/// A field of a representation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RepresentationField {
    /// Name in the representation (never an internal alias).
    pub name: Box<str>,
    /// Slot of the object.
    pub slot: SlotId,
    /// Whether it is part of the key: an object whose key is null in all its parts is left out, and
    /// so is one with a part that is missing, or null where the target's type forbids it. What is
    /// only required is sent as null, unless it failed.
    pub is_key: bool,
    /// Where the target's own type lets null stand: bit 0 in place of the field, bit n in place of
    /// an item n lists deep.
    pub nullable: u32,
    /// What the slot holds.
    pub value: RepresentationValue,
}

/// What a field of a representation holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RepresentationValue {
    /// A leaf, checked against the target's own type so that a misfit is never sent.
    Leaf(LeafKind),
    /// An object, or a list of them.
    Object(Vec<RepresentationVariant>),
}

/// What JSON a leaf may be (lists of them included).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LeafKind {
    /// A JSON integer in 32 bits.
    Int,
    /// A JSON number.
    Float,
    /// A JSON string.
    String,
    /// A JSON true or false.
    Boolean,
    /// A JSON string or integer.
    Id,
    /// A JSON string: an enum value.
    Enum,
    /// Any JSON: custom scalars.
    Any,
}

/// What an object of the answer looks like inside.
#[derive(Debug, Default)]
pub struct Shape {
    /// One a slot: the client's response name for error paths, `None` for a hidden one.
    pub slots: Vec<Option<Box<str>>>,
    /// Slots of keys that all who deliver an object of some types tell: what differs in them is not
    /// the same object.
    pub identity: Vec<(SlotId, TypeSet)>,
}

/// How an object of a subgraph's answer goes into slots. A key means one slot, whatever the
/// runtime type, so order of keys and of `__typename` is free.
#[derive(Debug)]
pub struct Ingest {
    /// Shape of the object it fills.
    pub shape: ShapeId,
    /// How the object's runtime type is known.
    pub runtime_type: RuntimeType,
    /// Expected keys, in the order of the document, each once.
    pub entries: Vec<IngestEntry>,
    /// Finds keys that come out of order.
    pub lookup: KeyLookup,
}

impl Ingest {
    /// The place of a key among the entries.
    pub fn find(&self, key: &str) -> Option<usize> {
        const FEW: usize = 8;
        if self.entries.len() <= FEW {
            return self.entries.iter().position(|entry| *entry.key == *key);
        }
        let all = || (self.entries.iter().zip(0..)).map(|(entry, at)| (entry.key.clone(), at));
        let by_key = self.lookup.0.get_or_init(|| all().collect());
        by_key.get(key).copied()
    }
}

/// Places of keys among the entries of an ingest, made when first needed.
#[derive(Debug, Default)]
pub struct KeyLookup(OnceLock<apollo_compiler::collections::IndexMap<Box<str>, usize>>);

/// How an object's runtime type is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuntimeType {
    /// By the schema alone.
    Known(TypeId),
    /// By the key `__typename` (or an alias of it, as an entry says); it must be one of these, else
    /// the object is null and the subgraph's answer is at fault.
    Reported(TypeSet),
    /// Not by this fetch: an interface object's `__typename` says nothing.
    Unknown,
}

impl RuntimeType {
    /// The types that an object can be; `None` if the fetch does not tell.
    pub fn told(&self) -> Option<TypeSet> {
        match self {
            Self::Known(id) => Some(std::iter::once(*id).collect()),
            Self::Reported(types) => Some(types.clone()),
            Self::Unknown => None,
        }
    }
}

/// One expected key.
#[derive(Debug)]
pub struct IngestEntry {
    /// Response name in the subgraph's answer.
    pub key: Box<str>,
    /// What to do with the value.
    pub into: IngestInto,
    /// On which objects it is asked for: there it must not be left out.
    pub presence: Presence,
}

/// On which objects a key is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    /// On all.
    Always,
    /// On objects of these types.
    On(TypeSet),
    /// On some, of these types or, if none are named, of any: the program serves several
    /// selections, which differ.
    Sometimes(Option<TypeSet>),
}

impl Presence {
    /// Whether an object of this type must tell the key.
    pub(crate) fn is_due_on(&self, runtime_type: TypeId) -> bool {
        match self {
            Self::Always => true,
            Self::On(types) => types.contains(runtime_type),
            Self::Sometimes(_) => false,
        }
    }

    /// Whether an object of this type may have been asked for the key.
    pub(crate) fn may_be_on(&self, runtime_type: TypeId) -> bool {
        match self {
            Self::Always | Self::Sometimes(None) => true,
            Self::On(types) | Self::Sometimes(Some(types)) => types.contains(runtime_type),
        }
    }
}

/// What to do with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IngestInto {
    /// It names the runtime type.
    Typename,
    /// JSON text goes into the slot as it is.
    Leaf(SlotId),
    /// An object or lists of objects go into the slot.
    Object {
        /// The slot.
        slot: SlotId,
        /// How many lists are around the object in the subgraph's type.
        lists: u8,
        /// How the object goes into slots of its own.
        ingest: IngestId,
    },
}

/// How an object goes into the answer.
#[derive(Debug)]
pub struct Projection {
    /// The client's type at this place: for `__typename` checks of hidden types.
    pub variants: Vec<ProjectionVariant>,
}

/// How an object of certain runtime types goes into the answer; the first that fits is taken. An
/// object none fits (a type not in the API schema) is written as null.
#[derive(Debug)]
pub struct ProjectionVariant {
    /// Runtime types it is for; `None` fits all.
    pub types: Option<TypeSet>,
    /// Fields in the client's order.
    pub fields: Vec<ProjectionField>,
}

/// A field of the answer.
#[derive(Debug)]
pub struct ProjectionField {
    /// The client's response name.
    pub response_name: Box<str>,
    /// `"name":` as JSON text.
    pub key: Box<[u8]>,
    /// Where the value comes from.
    pub source: Source,
    /// Its type in the API schema.
    pub output: OutputType,
}

/// Where a field's value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A slot of the object.
    Slot(SlotId),
    /// The name of the object's runtime type.
    Typename,
    /// A name known when planning, as JSON text.
    Constant(Box<[u8]>),
    /// Null because the caller may not see it; no error of its own.
    Withheld,
    /// The answer to `__schema` or `__type` under this response name.
    Introspection,
}

/// An output type of the API schema, with what a leaf may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputType {
    /// A list.
    List {
        /// Whether null must not stand here.
        non_null: bool,
        /// Type of its items.
        item: Box<OutputType>,
    },
    /// A leaf.
    Leaf {
        /// Whether null must not stand here.
        non_null: bool,
        /// JSON it may be.
        kind: LeafKind,
        /// The values of an enum that the API schema shows; others are written as null.
        values: Option<Arc<apollo_compiler::collections::IndexSet<Box<str>>>>,
    },
    /// An object.
    Object {
        /// Whether null must not stand here.
        non_null: bool,
        /// Name of the declared type, for messages.
        type_name: Arc<str>,
        /// How it is written.
        projection: ProjectionId,
    },
}
