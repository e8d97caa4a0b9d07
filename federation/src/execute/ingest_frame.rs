//! The objects and lists around the place of an answer that is being read: what each is, what may
//! stand in it, and which of the fields that were asked for it has told.

use smallvec::SmallVec;

use crate::{
    index::TypeId,
    query_plan::{Ingest, IngestId, IngestInto, Presence},
};

/// What may stand at the present place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Expect {
    Nothing,
    Data,
    Items(usize),
    Object { ingest: IngestId, lists: u8 },
    Leaf,
    Typename,
}

/// What an object or a list is to the answer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Within {
    Data,
    Items(usize),
    Object(IngestId),
    List,
}

/// Whether an object told its type.
#[derive(Clone, Copy, Debug)]
pub(super) enum TypeSeen {
    No,
    Yes(TypeId),
    Wrong,
}

/// An object or a list that is being read.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) within: Within,
    pub(super) expect: Expect,
    /// Where its fields or items begin in what is pending.
    pub(super) start: usize,
    pub(super) entry: usize,
    /// The entry expected next.
    pub(super) next: usize,
    pub(super) seen: SmallVec<[u64; 1]>,
    pub(super) runtime_type: TypeSeen,
}

/// Whether a field that was asked for is not told, or may not be: of some objects the type is known
/// only where they are put together.
pub(super) fn is_left_out(ingest: &Ingest, frame: &Frame, runtime_type: Option<TypeId>) -> bool {
    let told: u32 = frame.seen.iter().map(|word| word.count_ones()).sum();
    if told as usize == ingest.entries.len() {
        return false;
    }
    ingest.entries.iter().enumerate().any(|(at, entry)| {
        let is_told = frame.seen[at / 64] & (1 << (at % 64)) != 0;
        let is_due = match (&entry.presence, runtime_type) {
            (Presence::On(_), None) => true,
            (presence, None) => *presence == Presence::Always,
            (presence, Some(id)) => presence.is_due_on(id),
        };
        !is_told && is_due && !matches!(entry.into, IngestInto::Typename)
    })
}
