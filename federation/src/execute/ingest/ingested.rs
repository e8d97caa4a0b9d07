//! What an answer was asked for, and what was read of its `data`.

use indexmap::IndexMap;

use crate::{
    error::PathElement,
    execute::slots::Value,
    index::TypeId,
    query_plan::{IngestId, SlotId},
};

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked<'e> {
    /// Root fields.
    Root(IngestId),
    /// For each list its response name and how each of its items goes into slots.
    Entities(&'e [(&'e str, Vec<IngestId>)]),
}

/// A root object or an entity as answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// Null.
    Null,
    /// Not of the shape asked for; a misfit says why.
    Failed,
    /// An object, its fields a range of [`Ingested::fields`].
    Object {
        /// Its runtime type as far as the answer tells.
        runtime_type: Option<TypeId>,
        /// Its fields.
        fields: std::ops::Range<usize>,
    },
}

/// A value that does not fit what was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// List and item of an entity.
    pub(crate) entity: Option<(usize, usize)>,
    /// From the root or the entity, in the client's names.
    pub(crate) path: Vec<PathElement>,
    /// What was expected there.
    pub(crate) expected: &'static str,
}

/// An entity of an answer, or the root object as the first of the first list, with one of its
/// ingest programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Part {
    pub(crate) list: usize,
    pub(crate) item: usize,
    pub(crate) ingest: IngestId,
}

/// What was read of an answer's `data`.
#[derive(Debug, Default)]
pub(crate) struct Ingested {
    /// The root object; `None` if there is none.
    pub(crate) root: Option<Item>,
    /// The entities of each list; `None` where a list was null or left out.
    pub(crate) lists: Vec<Option<Vec<Item>>>,
    /// What was read again for another shape.
    pub(crate) again: IndexMap<Part, Item>,
    /// Fields of the root object and of entities.
    pub(crate) fields: Vec<(SlotId, Value)>,
    /// What does not fit.
    pub(crate) misfits: Vec<Misfit>,
    /// How many more misfits there were.
    pub(crate) unlisted_misfits: u64,
    /// Whether an object lacks a field that objects of its type may have.
    pub(crate) has_omissions: bool,
    /// Whether an object has one field twice: then nothing of the answer can be trusted.
    pub(crate) has_repeated_key: bool,
}

impl Ingested {
    /// Adds an entity, or the root object, that was read again for another shape.
    pub(crate) fn append(&mut self, part: Part, read: Self) {
        let by = self.fields.len();
        self.fields.extend(read.fields);
        self.has_omissions |= read.has_omissions;
        let item = match read.root {
            Some(Item::Object {
                runtime_type,
                fields,
            }) => Item::Object {
                runtime_type,
                fields: fields.start + by..fields.end + by,
            },
            Some(other) => other,
            None => return,
        };
        self.again.insert(part, item);
    }
}
