//! Merges two values for one place. In: the value that is there, and that of a later answer. Out:
//! the place, and [`Disagreement`]s. Invariant: the first value that is not null stays, and every
//! difference is noted.

use std::borrow::Cow;

use crate::{
    execute::{
        errors::explain::{explain_value, explain_what_is_missing},
        slots::{ObjectId, Slots, Value, ValuePlace},
    },
    json::decode,
    query_plan::{IngestId, IngestInto, Plan, SlotId},
};

/// A place for which two answers hold different values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Disagreement {
    /// The slot of the object that was completed, at the place or above it.
    pub(crate) top: (ObjectId, SlotId),
    /// Where.
    pub(crate) place: ValuePlace,
    /// The program that reads the later answer into the objects there.
    pub(crate) ingest: Option<IngestId>,
    /// What the later answer holds.
    pub(crate) later: LaterValue,
}

/// What a later answer holds of a place that has another value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LaterValue {
    /// Null: an error of the same answer may say why.
    Null,
    /// A misfit, which is reported already.
    Misfit,
    /// An object without its key.
    LeftOut,
    /// Another value.
    Other,
}

/// Which program reads an answer into a place.
#[derive(Clone, Copy, Debug)]
enum Into {
    /// The one that this program of the slot's object has for the slot.
    SlotOf(IngestId),
    /// The one of the list's items.
    Item(Option<IngestId>),
}

/// Merges one answer into the values of others.
#[derive(Debug)]
pub(crate) struct Merge<'e> {
    /// The plan.
    pub(crate) plan: &'e Plan,
    /// The values so far.
    pub(crate) slots: &'e mut Slots,
    /// What does not agree.
    pub(crate) disagreements: &'e mut Vec<Disagreement>,
}

impl Merge<'_> {
    /// Writes to a slot of an object that another answer may have written to.
    pub(crate) fn slot(&mut self, object: ObjectId, ingest: IngestId, slot: SlotId, new: Value) {
        let place = ValuePlace::Slot(object, slot);
        self.value((object, slot), place, new, Into::SlotOf(ingest));
    }

    fn value(&mut self, top: (ObjectId, SlotId), place: ValuePlace, new: Value, into: Into) {
        let disagreement = |merge: &Self, later| Disagreement {
            top,
            place,
            ingest: merge.ingest(place, into),
            later,
        };
        let is_composite = matches!(new, Value::Object(_) | Value::List(_));
        match (self.slots.get(place), new) {
            (Value::Failed, Value::Null) | (_, Value::Missing) | (Value::Leaf(_), _) => {}
            (old @ (Value::Missing | Value::Null | Value::Failed), new) => {
                self.slots.set(place, new);
                // The answer with the null has none of the object's fields.
                if is_composite && old != Value::Missing {
                    explain_what_is_missing(self.slots, new);
                }
                if is_composite && old == Value::Null {
                    let found = disagreement(self, LaterValue::Other);
                    self.disagreements.push(found);
                }
            }
            (_, Value::Failed) => {
                let found = disagreement(self, LaterValue::Misfit);
                self.disagreements.push(found);
            }
            (Value::Object(old), Value::Object(new)) => {
                let ingest = self.ingest(place, into);
                if !self.objects(top, old, new, ingest) {
                    let has_key = is_key_set(self.slots, new);
                    let later = if has_key {
                        LaterValue::Other
                    } else {
                        LaterValue::LeftOut
                    };
                    let found = disagreement(self, later);
                    self.disagreements.push(found);
                }
            }
            (Value::List(old), Value::List(new)) if old.len() == new.len() => {
                let into = Into::Item(self.ingest(place, into));
                for at in 0..new.len() {
                    let item = self.slots.get(ValuePlace::Item(new, at));
                    self.value(top, ValuePlace::Item(old, at), item, into);
                }
            }
            // Lists of different lengths, or different kinds of values.
            (_, new) => {
                let is_null = new == Value::Null;
                let later = if is_null {
                    LaterValue::Null
                } else {
                    LaterValue::Other
                };
                let found = disagreement(self, later);
                self.disagreements.push(found);
            }
        }
    }

    /// Whether both are the same object.
    fn objects(
        &mut self,
        top: (ObjectId, SlotId),
        old: ObjectId,
        new: ObjectId,
        ingest: Option<IngestId>,
    ) -> bool {
        let slots = &mut *self.slots;
        if slots.shape(old) != slots.shape(new)
            || !is_same(slots, old, new)
            || !slots.learn_type(old, slots.runtime_type(new))
        {
            return false;
        }
        let Some(ingest) = ingest else { return true };
        for slot in 0..self.slots.width(new) {
            let slot = SlotId(u32::try_from(slot).unwrap_or(u32::MAX));
            let value = self.slots.get(ValuePlace::Slot(new, slot));
            self.value(
                top,
                ValuePlace::Slot(old, slot),
                value,
                Into::SlotOf(ingest),
            );
        }
        true
    }

    /// The program that reads an answer into the objects at a place.
    fn ingest(&self, place: ValuePlace, into: Into) -> Option<IngestId> {
        match (into, place) {
            (Into::Item(ingest), _) => ingest,
            (Into::SlotOf(ingest), ValuePlace::Slot(_, slot)) => {
                let entries = &self.plan.ingests.get(ingest.0 as usize)?.entries;
                entries.iter().find_map(|entry| match entry.into {
                    IngestInto::Object {
                        slot: own, ingest, ..
                    } if own == slot => Some(ingest),
                    _ => None,
                })
            }
            (Into::SlotOf(_), ValuePlace::Item(..)) => None,
        }
    }
}

/// Marks as explained the nulls below a disagreement that the later answer should have filled,
/// since an error reports it.
pub(crate) fn explain_below(plan: &Plan, slots: &mut Slots, disagreement: &Disagreement) {
    if let Some(ingest) = disagreement.ingest {
        let value = slots.get(disagreement.place);
        explain_value(plan, slots, value, ingest);
    }
}

/// Whether two answers hold the same entity, as far as they hold its key.
fn is_same(slots: &Slots, old: ObjectId, new: ObjectId) -> bool {
    let runtime_type = slots.runtime_type(old).or(slots.runtime_type(new));
    slots.identity(old).iter().all(|(slot, types)| {
        let (old, new) = (ValuePlace::Slot(old, *slot), ValuePlace::Slot(new, *slot));
        match (slots.get(old), slots.get(new)) {
            (Value::Leaf(old), Value::Leaf(new)) => is_same_key(slots.text(old), slots.text(new)),
            // Left out where it must not be, unless it is of another type.
            _ => !runtime_type.is_some_and(|id| types.contains(id)),
        }
    })
}

/// Whether an answer has the key by which its object can be compared.
fn is_key_set(slots: &Slots, new: ObjectId) -> bool {
    let runtime_type = slots.runtime_type(new);
    slots.identity(new).iter().all(|(slot, types)| {
        slots.get(ValuePlace::Slot(new, *slot)) != Value::Missing
            || !runtime_type.is_some_and(|id| types.contains(id))
    })
}

/// Whether two leaves of a key are the same: one subgraph may write a number as text.
fn is_same_key(one: &[u8], other: &[u8]) -> bool {
    let as_text = |json: &[u8]| match json.first() {
        Some(b'"') => decode(json).map(Cow::into_owned),
        _ => std::str::from_utf8(json).ok().map(str::to_owned),
    };
    one == other || as_text(one).is_some_and(|one| as_text(other) == Some(one))
}
