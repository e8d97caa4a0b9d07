//! Fields of objects below an entity that no fetch asks for, where fetches replace one whose input
//! cannot be sent. In: the program of that fetch, and those of the fetches that replace it. Out:
//! the slots that only the first fills. Their nulls are explained by the error about the input.

use indexmap::IndexSet;
use smallvec::SmallVec;

use crate::{
    execute::slots::{ObjectId, Slots, Value, ValuePlace},
    query_plan::{Ingest, IngestEntry, IngestId, IngestInto, Plan, SlotId},
};

/// What one program fills and others do not, of one object and of those below it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Rest {
    /// Slots that no other program fills.
    pub(crate) whole: IndexSet<SlotId>,
    /// Slots that others fill with objects, without some slots of these.
    pub(crate) partly: Vec<(SlotId, Rest)>,
}

impl Rest {
    pub(crate) fn of(plan: &Plan, ingest: IngestId, others: &[IngestId]) -> Self {
        let find = |id: &IngestId| plan.ingests.get(id.0 as usize);
        let others: SmallVec<[&Ingest; 4]> = others.iter().filter_map(find).collect();
        let mut rest = Self::default();
        for entry in find(&ingest).into_iter().flat_map(|ingest| &ingest.entries) {
            let Some((slot, below)) = filled(entry) else {
                continue;
            };
            let entries = others.iter().flat_map(|other| &other.entries);
            let mut same = entries.filter_map(filled).filter(|(own, _)| *own == slot);
            let Some((_, first)) = same.next() else {
                rest.whole.insert(slot);
                continue;
            };
            let Some(below) = below else { continue };
            let below_others = same.map(|(_, below)| below).chain([first]).flatten();
            let below_others: SmallVec<[IngestId; 4]> = below_others.collect();
            let of_below = Self::of(plan, below, &below_others);
            if of_below != Self::default() {
                rest.partly.push((slot, of_below));
            }
        }
        rest
    }

    /// Whether the others leave out something of the objects in a slot.
    pub(crate) fn is_of(&self, slot: SlotId) -> bool {
        self.partly.iter().any(|(own, _)| *own == slot)
    }

    /// Marks as explained what is missing of objects below an object; returns the steps that it
    /// took.
    pub(crate) fn explain(&self, slots: &mut Slots, object: ObjectId) -> u64 {
        let mut steps = 1;
        for (slot, below) in &self.partly {
            let value = slots.get(ValuePlace::Slot(object, *slot));
            steps += below.explain_in(slots, value);
        }
        steps
    }

    fn explain_in(&self, slots: &mut Slots, value: Value) -> u64 {
        match value {
            Value::Object(object) => {
                for &slot in &self.whole {
                    let place = ValuePlace::Slot(object, slot);
                    if slots.get(place) == Value::Missing {
                        slots.set(place, Value::Failed);
                    }
                }
                self.whole.len() as u64 + self.explain(slots, object)
            }
            Value::List(list) => (0..list.len()).fold(1, |steps, at| {
                let item = slots.get(ValuePlace::Item(list, at));
                steps + self.explain_in(slots, item)
            }),
            _ => 1,
        }
    }
}

/// The slot that an entry fills, and the program for objects in it.
fn filled(entry: &IngestEntry) -> Option<(SlotId, Option<IngestId>)> {
    match entry.into {
        IngestInto::Typename => None,
        IngestInto::Leaf(slot) => Some((slot, None)),
        IngestInto::Object { slot, ingest, .. } => Some((slot, Some(ingest))),
    }
}
