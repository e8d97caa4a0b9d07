//! What an execution knows so far: objects of numbered slots, lists and spans of text, all in
//! arenas. No object has two parents, so whatever is written to one is seen in one place only.

use std::borrow::Cow;

use bytes::Bytes;

use super::json::decode;
use crate::{
    index::{TypeId, TypeSet},
    plan::model::{FetchId, Plan, ShapeId, SlotId},
};

/// Index into [`Slots::objects`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ObjectId(u32);

/// The root object of every answer.
pub(super) const ROOT: ObjectId = ObjectId(0);

/// What a slot or a place in a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Nobody wrote it, which is answered as null.
    Missing,
    /// A subgraph says so.
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
    pub(super) fn is_null(self) -> bool {
        matches!(self, Self::Missing | Self::Null | Self::Failed)
    }
}

/// A span of one of the buffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Text {
    buffer: u32,
    start: u32,
    end: u32,
}

/// A run of [`Slots::items`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct List {
    start: u32,
    len: u32,
}

impl List {
    /// How many items.
    pub(super) fn len(self) -> usize {
        self.len as usize
    }
}

#[derive(Debug)]
struct Object {
    shape: ShapeId,
    runtime_type: Option<TypeId>,
    /// Whether an error already says why nobody told its type.
    has_type_failed: bool,
    first: u32,
}

#[derive(Debug)]
struct Buffer {
    bytes: Bytes,
    fetch: FetchId,
}

/// Where a value stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// In an object.
    Slot(ObjectId, SlotId),
    /// In a list.
    Item(List, usize),
}

/// How far the arenas were filled, to take back what came after.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    objects: usize,
    values: usize,
    items: usize,
}

/// The arenas.
#[derive(Debug, Default)]
pub(super) struct Slots {
    objects: Vec<Object>,
    values: Vec<Value>,
    items: Vec<Value>,
    buffers: Vec<Buffer>,
    /// By shape, the slots of keys that tell which entity an object of some types is.
    identities: Vec<Vec<(SlotId, TypeSet)>>,
}

// Arenas are indexed by 32 bits: answers are limited far below that by whoever reads them.
fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl Slots {
    /// Arenas with an empty root object.
    pub(super) fn new(plan: &Plan) -> Self {
        let mut slots = Self {
            identities: (plan.shapes.iter())
                .map(|shape| shape.identity.clone())
                .collect(),
            ..Self::default()
        };
        slots.add_object(plan, (ShapeId(0), None), std::iter::empty());
        slots
    }

    /// Keeps the text that an answer's leaves point into.
    pub(super) fn add_buffer(&mut self, bytes: Bytes, fetch: FetchId) {
        self.buffers.push(Buffer { bytes, fetch });
    }

    /// A span of the buffer that is added next.
    pub(super) fn next_text(&self, start: usize, end: usize) -> Text {
        Text {
            buffer: index(self.buffers.len()),
            start: index(start),
            end: index(end),
        }
    }

    /// The bytes of a span.
    pub(super) fn text(&self, text: Text) -> &[u8] {
        self.buffers
            .get(text.buffer as usize)
            .and_then(|buffer| buffer.bytes.get(text.start as usize..text.end as usize))
            .unwrap_or(b"null")
    }

    /// The fetch whose answer a span is of.
    pub(super) fn fetch(&self, text: Text) -> Option<FetchId> {
        let buffer = self.buffers.get(text.buffer as usize)?;
        Some(buffer.fetch)
    }

    /// How far the arenas are filled.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            objects: self.objects.len(),
            values: self.values.len(),
            items: self.items.len(),
        }
    }

    /// How many values there are: what bounds an execution's memory.
    pub(super) fn len(&self) -> usize {
        self.values.len() + self.items.len()
    }

    /// Takes back what came after a mark. Nothing before it may point there.
    pub(super) fn take_back(&mut self, mark: Mark) {
        self.objects.truncate(mark.objects);
        self.values.truncate(mark.values);
        self.items.truncate(mark.items);
    }

    /// A new object with some slots filled and the others missing.
    pub(super) fn add_object(
        &mut self,
        plan: &Plan,
        (shape, runtime_type): (ShapeId, Option<TypeId>),
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

    /// A new list.
    pub(super) fn add_list(&mut self, values: &[Value]) -> List {
        let start = index(self.items.len());
        self.items.extend_from_slice(values);
        List {
            start,
            len: index(values.len()),
        }
    }

    /// The shape of an object.
    pub(super) fn shape(&self, object: ObjectId) -> ShapeId {
        self.objects[object.0 as usize].shape
    }

    /// The runtime type of an object, if known yet.
    pub(super) fn runtime_type(&self, object: ObjectId) -> Option<TypeId> {
        self.objects[object.0 as usize].runtime_type
    }

    /// Whether an error already says why the runtime type of an object is not known.
    pub(super) fn has_type_failed(&self, object: ObjectId) -> bool {
        self.objects[object.0 as usize].has_type_failed
    }

    /// Notes that an error says why nobody tells the runtime type of an object.
    pub(super) fn fail_type(&mut self, object: ObjectId) {
        self.objects[object.0 as usize].has_type_failed = true;
    }

    /// Notes an object's runtime type. False: it was known to be another.
    pub(super) fn learn_type(&mut self, object: ObjectId, learnt: Option<TypeId>) -> bool {
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
    pub(super) fn get(&self, place: Place) -> Value {
        let value = match place {
            Place::Slot(object, slot) => self.slots_of(object).get(slot.0 as usize),
            Place::Item(list, at) => self.items(list).get(at),
        };
        value.copied().unwrap_or(Value::Missing)
    }

    /// Writes somewhere.
    pub(super) fn set(&mut self, place: Place, value: Value) {
        let found = match place {
            Place::Slot(object, slot) => {
                let range = self.slot_range(object);
                self.values[range].get_mut(slot.0 as usize)
            }
            Place::Item(list, at) => {
                let start = list.start as usize;
                self.items[start..start + list.len()].get_mut(at)
            }
        };
        if let Some(found) = found {
            *found = value;
        }
    }

    /// The items of a list.
    pub(super) fn items(&self, list: List) -> &[Value] {
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

    /// A value that shares no object with the one it copies.
    pub(super) fn copy(&mut self, value: Value) -> Value {
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
                    // The new slots move as nested copies are appended; their places do not.
                    let nested = self.copy(self.values[at]);
                    self.values[at] = nested;
                }
                Value::Object(copy)
            }
            Value::List(source) => {
                let start = source.start as usize;
                let first = self.items.len();
                self.items.extend_from_within(start..start + source.len());
                for at in first..first + source.len() {
                    let nested = self.copy(self.items[at]);
                    self.items[at] = nested;
                }
                Value::List(List {
                    start: index(first),
                    len: source.len,
                })
            }
            leaf => leaf,
        }
    }

    /// Writes to a place that another answer may have written to: the first that is not null
    /// stays, objects and lists are merged place by place. The count of what does not agree.
    pub(super) fn merge(&mut self, place: Place, new: Value) -> usize {
        match (self.get(place), new) {
            (Value::Failed, Value::Null) | (_, Value::Missing) | (Value::Leaf(_), _) => 0,
            (old @ (Value::Missing | Value::Null | Value::Failed), new) => {
                self.set(place, new);
                // One says that there is nothing, and the other tells what there is.
                usize::from(old == Value::Null && matches!(new, Value::Object(_) | Value::List(_)))
            }
            (_, Value::Failed) => 0,
            (Value::Object(old), Value::Object(new)) => self.merge_objects(old, new),
            (Value::List(old), Value::List(new)) if old.len == new.len => (0..new.len())
                .map(|at| self.merge(Place::Item(old, at), self.get(Place::Item(new, at))))
                .sum(),
            // Lists of two lengths, or one says null and the other tells what there is.
            _ => 1,
        }
    }

    fn merge_objects(&mut self, old: ObjectId, new: ObjectId) -> usize {
        if self.shape(old) != self.shape(new)
            || !self.is_same(old, new)
            || !self.learn_type(old, self.runtime_type(new))
        {
            self.fail_what_is_missing(old, new);
            return 1;
        }
        (0..self.slot_range(new).len())
            .map(|slot| {
                let slot = SlotId(index(slot));
                self.merge(Place::Slot(old, slot), self.get(Place::Slot(new, slot)))
            })
            .sum()
    }

    /// Whether two answers tell of the same entity, as far as they tell its key.
    fn is_same(&self, old: ObjectId, new: ObjectId) -> bool {
        let identity = self.identities.get(self.shape(old).0 as usize);
        let runtime_type = self.runtime_type(old).or(self.runtime_type(new));
        identity.into_iter().flatten().all(|(slot, types)| {
            let (old, new) = (Place::Slot(old, *slot), Place::Slot(new, *slot));
            match (self.get(old), self.get(new)) {
                (Value::Leaf(old), Value::Leaf(new)) => is_same_key(self.text(old), self.text(new)),
                // Left out where it must not be, unless it is of another type.
                _ => !runtime_type.is_some_and(|id| types.contains(id)),
            }
        })
    }

    /// What another answer would have told is null, and an error says why.
    fn fail_what_is_missing(&mut self, old: ObjectId, new: ObjectId) {
        for slot in 0..self.slot_range(new).len() {
            let slot = SlotId(index(slot));
            let is_told = self.get(Place::Slot(new, slot)) != Value::Missing;
            if is_told && self.get(Place::Slot(old, slot)) == Value::Missing {
                self.set(Place::Slot(old, slot), Value::Failed);
            }
        }
    }
}

/// Whether two leaves of a key are the same: one subgraph may write a number as text.
fn is_same_key(one: &[u8], other: &[u8]) -> bool {
    let as_text = |json: &[u8]| match json.first() {
        Some(b'"') => decode(json).map(Cow::into_owned),
        _ => std::str::from_utf8(json).ok().map(str::to_owned),
    };
    one == other || as_text(one).is_some_and(|one| as_text(other) == Some(one))
}
