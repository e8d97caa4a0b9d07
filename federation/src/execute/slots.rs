//! The data of an execution: objects of numbered slots, lists and spans of text, all in arenas.
//! Invariant: no object has two parents, so what is written to one appears in one place of the
//! answer.

use bytes::Bytes;
use indexmap::IndexSet;
use smallvec::SmallVec;

use crate::{
    index::{TypeId, TypeSet},
    query_plan::{FetchId, Plan, ShapeId, SlotId},
};

/// Index into [`Slots::objects`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ObjectId(u32);

/// The root object of every answer.
pub(crate) const ROOT: ObjectId = ObjectId(0);

/// What a slot or a place in a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// No answer has written it: null for the client.
    Missing,
    /// Null, as a subgraph answered.
    Null,
    /// Null, and an error already says why.
    Failed,
    /// JSON text: a scalar, an enum value, or a list of them.
    Leaf(Text),
    /// An object.
    Object(ObjectId),
    /// A list of objects or of lists of objects.
    List(List),
}

impl Value {
    /// Whether the client gets null for it.
    pub(crate) fn is_null(self) -> bool {
        matches!(self, Self::Missing | Self::Null | Self::Failed)
    }
}

/// A span of one of the buffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Text {
    buffer: u32,
    start: u32,
    end: u32,
}

/// A run of [`Slots::items`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct List {
    start: u32,
    len: u32,
}

impl List {
    /// How many items.
    pub(crate) fn len(self) -> usize {
        self.len as usize
    }
}

#[derive(Debug)]
struct Object {
    shape: ShapeId,
    runtime_type: Option<TypeId>,
    /// Whether an error already says why its type is not known.
    has_type_failed: bool,
    first: u32,
}

#[derive(Debug)]
struct Buffer {
    bytes: Bytes,
    fetch: FetchId,
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ValuePlace {
    /// In an object.
    Slot(ObjectId, SlotId),
    /// In a list.
    Item(List, usize),
}

/// How far the arenas were filled, to take back what was added after.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    objects: usize,
    values: usize,
    items: usize,
}

/// The arenas.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    objects: Vec<Object>,
    values: Vec<Value>,
    items: Vec<Value>,
    buffers: Vec<Buffer>,
    /// By shape, the slots of keys that identify objects, each with the types that it identifies.
    identities: Vec<Vec<(SlotId, TypeSet)>>,
    /// Indices in lists of leaves at which an error explains a null.
    explained_items: IndexSet<(Text, SmallVec<[u32; 2]>)>,
}

// Arenas are indexed by 32 bits: the transport limits answers to far fewer bytes.
fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl Slots {
    /// Arenas with an empty root object.
    pub(crate) fn new(plan: &Plan) -> Self {
        let mut slots = Self {
            identities: (plan.shapes.iter())
                .map(|shape| shape.identity.clone())
                .collect(),
            ..Self::default()
        };
        slots.add_object(plan, ShapeId(0), None, std::iter::empty());
        slots
    }

    /// Keeps the text that an answer's leaves point into.
    pub(crate) fn add_buffer(&mut self, bytes: Bytes, fetch: FetchId) {
        self.buffers.push(Buffer { bytes, fetch });
    }

    /// A span of the buffer that is added next.
    pub(crate) fn next_text(&self, start: usize, end: usize) -> Text {
        Text {
            buffer: index(self.buffers.len()),
            start: index(start),
            end: index(end),
        }
    }

    /// The bytes of a span.
    pub(crate) fn text(&self, text: Text) -> &[u8] {
        self.buffers
            .get(text.buffer as usize)
            .and_then(|buffer| buffer.bytes.get(text.start as usize..text.end as usize))
            .unwrap_or(b"null")
    }

    /// The fetch whose answer a span is of.
    pub(crate) fn fetch(&self, text: Text) -> Option<FetchId> {
        let buffer = self.buffers.get(text.buffer as usize)?;
        Some(buffer.fetch)
    }

    /// How far the arenas are filled.
    pub(crate) fn mark(&self) -> Mark {
        Mark {
            objects: self.objects.len(),
            values: self.values.len(),
            items: self.items.len(),
        }
    }

    /// Takes back what was added after a mark. Nothing before it may point there.
    pub(crate) fn take_back(&mut self, mark: Mark) {
        self.objects.truncate(mark.objects);
        self.values.truncate(mark.values);
        self.items.truncate(mark.items);
    }

    /// A new object with some slots filled and the others missing.
    pub(crate) fn add_object(
        &mut self,
        plan: &Plan,
        shape: ShapeId,
        runtime_type: Option<TypeId>,
        filled: impl Iterator<Item = (SlotId, Value)>,
    ) -> ObjectId {
        let id = ObjectId(index(self.objects.len()));
        let first = self.values.len();
        let width = plan
            .shapes
            .get(shape.0 as usize)
            .map_or(0, |shape| shape.slots.len());
        self.values.resize(first + width, Value::Missing);
        let slots = &mut self.values[first..];
        for (slot, value) in filled {
            if let Some(place) = slots.get_mut(slot.0 as usize) {
                *place = value;
            }
        }
        self.objects.push(Object {
            shape,
            runtime_type,
            has_type_failed: false,
            first: index(first),
        });
        id
    }

    /// Notes that an error is about an item of a list of leaves.
    pub(crate) fn explain_item(&mut self, leaf: Text, mut indices: SmallVec<[u32; 2]>) {
        while !indices.is_empty() {
            self.explained_items.insert((leaf, indices.clone()));
            indices.pop();
        }
    }

    /// Whether an error is about an item of a list of leaves, or about something in it.
    pub(crate) fn is_item_explained(&self, leaf: Text, indices: &[u32]) -> bool {
        !self.explained_items.is_empty()
            && self
                .explained_items
                .contains(&(leaf, SmallVec::from_slice(indices)))
    }

    /// A new list.
    pub(crate) fn add_list(&mut self, values: &[Value]) -> List {
        let start = index(self.items.len());
        self.items.extend_from_slice(values);
        List {
            start,
            len: index(values.len()),
        }
    }

    /// The shape of an object.
    pub(crate) fn shape(&self, object: ObjectId) -> ShapeId {
        self.objects[object.0 as usize].shape
    }

    /// How many slots an object has.
    pub(crate) fn width(&self, object: ObjectId) -> usize {
        self.slot_range(object).len()
    }

    /// The slots of keys that identify an object, each with the types that it identifies.
    pub(crate) fn identity(&self, object: ObjectId) -> &[(SlotId, TypeSet)] {
        let identity = self.identities.get(self.shape(object).0 as usize);
        identity.map_or(&[], Vec::as_slice)
    }

    /// The runtime type of an object, if known yet.
    pub(crate) fn runtime_type(&self, object: ObjectId) -> Option<TypeId> {
        self.objects[object.0 as usize].runtime_type
    }

    /// Whether an error already says why the runtime type of an object is not known.
    pub(crate) fn has_type_failed(&self, object: ObjectId) -> bool {
        self.objects[object.0 as usize].has_type_failed
    }

    /// Notes that an error says why the runtime type of an object is not known.
    pub(crate) fn fail_type(&mut self, object: ObjectId) {
        self.objects[object.0 as usize].has_type_failed = true;
    }

    /// Notes an object's runtime type. False if it was known to be another.
    pub(crate) fn learn_type(&mut self, object: ObjectId, learnt: Option<TypeId>) -> bool {
        let known = &mut self.objects[object.0 as usize].runtime_type;
        match (*known, learnt) {
            (Some(known), Some(learnt)) => known == learnt,
            (None, Some(_)) => {
                *known = learnt;
                true
            }
            (_, None) => true,
        }
    }

    /// What stands somewhere; missing where there is no such place.
    pub(crate) fn get(&self, place: ValuePlace) -> Value {
        let value = match place {
            ValuePlace::Slot(object, slot) => self.slots_of(object).get(slot.0 as usize),
            ValuePlace::Item(list, at) => self.items(list).get(at),
        };
        value.copied().unwrap_or(Value::Missing)
    }

    /// Writes somewhere.
    pub(crate) fn set(&mut self, place: ValuePlace, value: Value) {
        let found = match place {
            ValuePlace::Slot(object, slot) => {
                let range = self.slot_range(object);
                self.values[range].get_mut(slot.0 as usize)
            }
            ValuePlace::Item(list, at) => {
                let start = list.start as usize;
                self.items[start..start + list.len()].get_mut(at)
            }
        };
        if let Some(found) = found {
            *found = value;
        }
    }

    /// The items of a list.
    pub(crate) fn items(&self, list: List) -> &[Value] {
        let start = list.start as usize;
        &self.items[start..start + list.len()]
    }

    fn slots_of(&self, object: ObjectId) -> &[Value] {
        &self.values[self.slot_range(object)]
    }

    fn slot_range(&self, object: ObjectId) -> std::ops::Range<usize> {
        let first = self.objects[object.0 as usize].first as usize;
        // Slots of one object end where those of the next begin.
        let end = self
            .objects
            .get(object.0 as usize + 1)
            .map_or(self.values.len(), |next| next.first as usize);
        first..end
    }

    /// A value that shares no object with the one it copies, of `left` values at most.
    pub(crate) fn copy(&mut self, value: Value, left: &mut u64) -> Option<Value> {
        let size = match value {
            Value::Object(source) => self.slot_range(source).len(),
            Value::List(source) => source.len(),
            leaf => return Some(leaf),
        };
        *left = left.checked_sub(size as u64 + 1)?;
        match value {
            Value::Object(source) => {
                let range = self.slot_range(source);
                let (shape, runtime_type) = (self.shape(source), self.runtime_type(source));
                let has_type_failed = self.has_type_failed(source);
                let copy = ObjectId(index(self.objects.len()));
                let first = self.values.len();
                self.values.extend_from_within(range);
                self.objects.push(Object {
                    shape,
                    runtime_type,
                    has_type_failed,
                    first: index(first),
                });
                for at in first..self.values.len() {
                    // Appending nested copies may move the new slots in memory, but not change
                    // their indices.
                    let nested = self.copy(self.values[at], left)?;
                    self.values[at] = nested;
                }
                Some(Value::Object(copy))
            }
            Value::List(source) => {
                let start = source.start as usize;
                let first = self.items.len();
                self.items.extend_from_within(start..start + source.len());
                for at in first..first + source.len() {
                    let nested = self.copy(self.items[at], left)?;
                    self.items[at] = nested;
                }
                Some(Value::List(List {
                    start: index(first),
                    len: source.len,
                }))
            }
            leaf => Some(leaf),
        }
    }
}
