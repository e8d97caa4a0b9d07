//! Follows paths of subgraphs' errors, and marks the nulls that an error explains. In: a path in a
//! subgraph's answer. Out: the path in the client's names, and the null that the error explains.
//! Invariant: only nulls are marked.

use indexmap::IndexSet;
use serde_json::Value as Json;
use smallvec::SmallVec;

use crate::{
    error::PathElement,
    execute::{
        errors::unfilled::Rest,
        request::targets::response_name,
        slots::{ObjectId, Slots, Text, Value, ValuePlace},
    },
    query_plan::{Ingest, IngestEntry, IngestId, IngestInto, Plan, RuntimeType, SlotId},
};

/// A subgraph's path, followed from an object.
#[derive(Debug, Default)]
pub(crate) struct Traced {
    /// From the object, in the client's names, as far as visible and as there is such a place.
    pub(crate) path: Vec<PathElement>,
    /// The null that an error with this path explains.
    pub(crate) null_at: Option<ValuePlace>,
    /// The places on the way.
    pub(crate) way: SmallVec<[ValuePlace; 8]>,
    /// A list of leaves that the path leads into, and the indices there.
    pub(crate) item: Option<(Text, SmallVec<[u32; 2]>)>,
}

/// Follows a path of a subgraph's answer from the object that an ingest filled.
pub(crate) fn trace(
    plan: &Plan,
    slots: &Slots,
    start: (ObjectId, IngestId),
    path: &[Json],
) -> Traced {
    let mut traced = Traced::default();
    let (mut object, mut ingest) = (Some(start.0), Some(start.1));
    let mut value = None;
    // How many lists there are around what an index would lead to.
    let mut lists = 0_u8;
    let mut is_visible = true;
    for element in path {
        let place = if let Some(at) = element.as_u64().and_then(|at| usize::try_from(at).ok()) {
            let Ok(place) = item_of(value, at, lists > 0, &mut traced) else {
                break;
            };
            lists = lists.saturating_sub(1);
            if is_visible {
                traced.path.push(PathElement::Index(at));
            }
            place
        } else {
            let Some(program) = ingest.and_then(|id| plan.ingests.get(id.0 as usize)) else {
                break;
            };
            let entry = element.as_str().and_then(|key| program.find(key));
            let Some(entry) = entry.and_then(|entry| program.entries.get(entry)) else {
                break;
            };
            let slot = match entry.into {
                IngestInto::Typename => break,
                IngestInto::Leaf(slot) => {
                    ingest = None;
                    // The program does not tell how deep lists of leaves are.
                    lists = u8::MAX;
                    slot
                }
                IngestInto::Object {
                    slot,
                    lists: depth,
                    ingest: next,
                } => {
                    ingest = Some(next);
                    lists = depth;
                    slot
                }
            };
            match response_name(plan, program.shape, slot) {
                Some(name) if is_visible => traced.path.push(PathElement::Key(name.into())),
                _ => is_visible = false,
            }
            object.map(|object| ValuePlace::Slot(object, slot))
        };
        traced.way.extend(place);
        value = place.map(|place| slots.get(place));
        object = match value {
            Some(Value::Object(object)) => Some(object),
            _ => None,
        };
        if value.is_some_and(Value::is_null) {
            traced.null_at = traced.null_at.or(place);
        }
    }
    traced
}

/// There is no such item.
struct NoItem;

/// The place of an item; `None` within a list of leaves and below a null.
fn item_of(
    value: Option<Value>,
    at: usize,
    is_list: bool,
    traced: &mut Traced,
) -> Result<Option<ValuePlace>, NoItem> {
    let index = u32::try_from(at).unwrap_or(u32::MAX);
    match (value, &mut traced.item) {
        (Some(Value::List(list)), _) if at < list.len() => {
            return Ok(Some(ValuePlace::Item(list, at)));
        }
        (Some(Value::Leaf(leaf)), _) => traced.item = Some((leaf, SmallVec::from_elem(index, 1))),
        (None, Some((_, indices))) => indices.push(index),
        // A null has no items to compare with: any index is taken.
        (Some(value), _) if value.is_null() && is_list => {}
        (None, None) if traced.null_at.is_some() && is_list => {}
        _ => return Err(NoItem),
    }
    Ok(None)
}

/// Marks a null as explained by an error.
pub(crate) fn explain(slots: &mut Slots, place: ValuePlace) {
    if slots.get(place).is_null() {
        slots.set(place, Value::Failed);
    }
}

/// Marks as explained every null that a program should have filled in an object and the objects
/// below, and the object's type if it is unknown. Returns whether there was one that no error
/// explained before.
pub(crate) fn explain_all(
    plan: &Plan,
    slots: &mut Slots,
    object: ObjectId,
    ingest: IngestId,
) -> bool {
    let Some(ingest) = plan.ingests.get(ingest.0 as usize) else {
        return false;
    };
    if matches!(ingest.runtime_type, RuntimeType::Reported(_)) {
        slots.fail_type(object);
    }
    let mut has_null = false;
    for entry in &ingest.entries {
        has_null |= explain_entry(plan, slots, object, entry);
    }
    has_null
}

/// The same, except for what other programs fill of the object and of the objects below. Returns
/// whether the program fills anything else, in the object or below it.
pub(crate) fn explain_others(
    plan: &Plan,
    slots: &mut Slots,
    (object, ingest): (ObjectId, IngestId),
    (others, rest): (&[IngestId], &Rest),
) -> bool {
    let find = |id: &IngestId| plan.ingests.get(id.0 as usize);
    let others: SmallVec<[&Ingest; 4]> = others.iter().filter_map(find).collect();
    let Some(ingest) = find(&ingest) else {
        return false;
    };
    let is_typing = |ingest: &Ingest| matches!(ingest.runtime_type, RuntimeType::Reported(_));
    let mut has_own = others.is_empty();
    if is_typing(ingest) && !others.iter().any(|other| is_typing(other)) {
        slots.fail_type(object);
        has_own = true;
    }
    let runtime_type = slots.runtime_type(object);
    let is_asked = |entry: &IngestEntry| runtime_type.is_none_or(|id| entry.presence.may_be_on(id));
    let asked = others.iter().flat_map(|other| &other.entries);
    let filled: IndexSet<SlotId> = asked
        .filter(|entry| is_asked(entry))
        .filter_map(slot_of)
        .collect();
    for entry in ingest.entries.iter().filter(|entry| is_asked(entry)) {
        let Some(slot) = slot_of(entry) else { continue };
        if !filled.contains(&slot) {
            has_own = true;
            explain_entry(plan, slots, object, entry);
        }
        has_own |= rest.is_of(slot);
    }
    has_own
}

fn slot_of(entry: &IngestEntry) -> Option<SlotId> {
    match entry.into {
        IngestInto::Typename => None,
        IngestInto::Leaf(slot) | IngestInto::Object { slot, .. } => Some(slot),
    }
}

/// Marks the null of one slot, or those below it. Whether there was one that no error explained before.
fn explain_entry(plan: &Plan, slots: &mut Slots, object: ObjectId, entry: &IngestEntry) -> bool {
    let (slot, below) = match entry.into {
        IngestInto::Typename => return false,
        IngestInto::Leaf(slot) => (slot, None),
        IngestInto::Object { slot, ingest, .. } => (slot, Some(ingest)),
    };
    let place = ValuePlace::Slot(object, slot);
    let value = slots.get(place);
    if value.is_null() {
        slots.set(place, Value::Failed);
        return value != Value::Failed;
    }
    below.is_some_and(|below| explain_value(plan, slots, value, below))
}

/// The same for all objects of a value.
pub(crate) fn explain_value(
    plan: &Plan,
    slots: &mut Slots,
    value: Value,
    ingest: IngestId,
) -> bool {
    match value {
        Value::Object(object) => explain_all(plan, slots, object, ingest),
        Value::List(list) => (0..list.len()).fold(false, |has_null, at| {
            let item = slots.get(ValuePlace::Item(list, at));
            explain_value(plan, slots, item, ingest) | has_null
        }),
        _ => false,
    }
}

/// Marks as explained what no answer holds yet of the objects of a value. A later answer with a
/// value overwrites the mark.
pub(crate) fn explain_what_is_missing(slots: &mut Slots, value: Value) {
    match value {
        Value::Object(object) => {
            slots.fail_type(object);
            for slot in 0..slots.width(object) {
                let place =
                    ValuePlace::Slot(object, SlotId(u32::try_from(slot).unwrap_or(u32::MAX)));
                match slots.get(place) {
                    Value::Missing => slots.set(place, Value::Failed),
                    below => explain_what_is_missing(slots, below),
                }
            }
        }
        Value::List(list) => {
            for at in 0..list.len() {
                let item = slots.get(ValuePlace::Item(list, at));
                explain_what_is_missing(slots, item);
            }
        }
        _ => {}
    }
}

/// The one field that an ingest fills for the client, if it is one.
pub(crate) fn only_visible_field(plan: &Plan, ingest: IngestId) -> Option<&str> {
    let ingest = plan.ingests.get(ingest.0 as usize)?;
    let mut visible = ingest.entries.iter().filter_map(|entry| match entry.into {
        IngestInto::Typename => None,
        IngestInto::Leaf(slot) | IngestInto::Object { slot, .. } => {
            response_name(plan, ingest.shape, slot)
        }
    });
    let first = visible.next()?;
    visible.next().is_none().then_some(first)
}
