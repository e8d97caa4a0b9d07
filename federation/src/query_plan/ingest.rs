//! Ingest programs: how an answer is read into slots.

use std::sync::OnceLock;

use super::ids::{IngestId, ShapeId, SlotId};
use crate::index::{TypeId, TypeSet};

/// The slots of an object of the answer.
#[derive(Debug, Default)]
pub struct Shape {
    /// One a slot: the client's response name for error paths, `None` for a hidden one.
    pub slots: Vec<Option<Box<str>>>,
    /// Slots of keys that all fetches which deliver an object of some types ask for: objects that
    /// differ in them are not the same.
    pub identity: Vec<(SlotId, TypeSet)>,
}

/// How an object of a subgraph's answer is read into slots. A response name is for one slot,
/// whatever the runtime type, so fields and `__typename` may come in any order.
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
    /// Not by this fetch: an interface object's `__typename` is not the runtime type.
    Unknown,
}

impl RuntimeType {
    /// The types that an object can have; `None` if the fetch does not tell.
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
    /// The objects on which it is asked for, and so must not be left out.
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
    /// Whether an object of this type must have the key.
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
        /// The program that reads the object into its slots.
        ingest: IngestId,
    },
}
