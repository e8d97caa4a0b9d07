//! How the representation of an object is made from its slots.

use super::{ids::SlotId, leaf_kind::LeafKind};
use crate::index::TypeSet;

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
    /// only required is sent as null, unless it failed or no fetch answered it.
    pub is_key: bool,
    /// Where the target's type of the field allows null: bit 0 for the field, bit n for an item n
    /// lists deep.
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
