//! The objects and lists around the value of an answer that is being read, outermost first: what
//! may stand in each, and which of its fields were read.

use smallvec::SmallVec;

use crate::{
    index::TypeId,
    query_plan::{Ingest, IngestId, IngestInto, Presence},
};

/// What may stand at the present place.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expect {
    Nothing,
    Data,
    Items(usize),
    Object { ingest: IngestId, lists: u8 },
    Leaf,
    Typename,
}

/// Where an object or a list stands in the answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Within {
    Data,
    Items(usize),
    Object(IngestId),
    List,
}

/// What an object tells of its runtime type.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TypeSeen {
    No,
    Yes(TypeId),
    Wrong,
}

/// An object or a list that is being read.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) within: Within,
    pub(crate) expect: Expect,
    /// Where its fields or items begin in what is pending.
    pub(crate) start: usize,
    pub(crate) entry: usize,
    /// The entry expected next.
    pub(crate) next: usize,
    pub(crate) seen: SmallVec<[u64; 1]>,
    pub(crate) runtime_type: TypeSeen,
}

/// Whether a field that was asked for is missing, or may be: the type of some objects is known only
/// after merging.
pub(crate) fn is_left_out(ingest: &Ingest, frame: &Frame, runtime_type: Option<TypeId>) -> bool {
    let seen: u32 = frame.seen.iter().map(|word| word.count_ones()).sum();
    if seen as usize == ingest.entries.len() {
        return false;
    }
    ingest.entries.iter().enumerate().any(|(at, entry)| {
        let is_seen = frame.seen[at / 64] & (1 << (at % 64)) != 0;
        let is_due = match (&entry.presence, runtime_type) {
            (Presence::On(_), None) => true,
            (presence, None) => *presence == Presence::Always,
            (presence, Some(id)) => presence.is_due_on(id),
        };
        !is_seen && is_due && !matches!(entry.into, IngestInto::Typename)
    })
}
