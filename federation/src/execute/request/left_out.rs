//! Objects that a fetch cannot ask for, and why.

use crate::{
    execute::slots::{ObjectId, Slots},
    query_plan::{FetchId, RepresentationField, ShapeId, SlotId},
};

/// An object that is left out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LeftOut {
    /// Which target it is of.
    pub(crate) target: usize,
    /// The object.
    pub(crate) object: ObjectId,
    /// Why.
    pub(crate) reason: Reason,
}

/// Why an object has no representation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Its type is none of those asked for.
    OtherType,
    /// Its key is null where it may not be, or no fetch answered it: there is no entity to ask for.
    NullKey,
    /// A part of its key cannot be sent.
    Key(Fault),
    /// What is required beside the key, or the value of a context, cannot be sent. It can still be
    /// asked for by the key alone.
    Input(Fault),
    /// No fetch answered what is required beside the key, or the value of a context, since there is
    /// no such entity or it could not be asked for: no error says why, and it is not known to be
    /// null. With the slot, if it is known.
    MissingInput(Option<(ShapeId, SlotId)>),
}

/// Why a value cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fault {
    /// It could not be fetched, and an error already says why.
    Failed,
    /// The host does not let the subgraph have it.
    Refused,
    /// The type of an object in it is not known, and what is sent depends on it.
    Untyped,
    /// What this fetch answered does not fit.
    Misfit(Option<FetchId>),
    /// It is null where null must not be sent; the slot that holds it or the list it is in, if known.
    Null(Option<(ShapeId, SlotId)>),
}

impl Reason {
    pub(crate) fn of(field: &RepresentationField, fault: Fault) -> Self {
        if field.is_key {
            Self::Key(fault)
        } else {
            Self::Input(fault)
        }
    }

    /// The same reason, with this slot if it has none yet.
    pub(crate) fn at(self, shape: ShapeId, slot: SlotId) -> Self {
        match self {
            Self::MissingInput(known) => Self::MissingInput(known.or(Some((shape, slot)))),
            other => other,
        }
    }
}

/// The fault where the type of an object must be known and is not.
pub(crate) fn untyped(slots: &Slots, object: ObjectId) -> Fault {
    if slots.has_type_failed(object) {
        Fault::Failed
    } else {
        Fault::Untyped
    }
}
