//! Objects at the paths of a plan, with the way that leads to each.

use indexmap::IndexMap;

use super::slots::{ObjectId, Place, ROOT, Slots, Value};
use crate::{
    error::PathElement,
    plan::model::{IngestId, Plan, RootTarget, ShapeId, SlotId, Step},
};

/// One step of the way from the root to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passage {
    /// Through a slot of an object.
    Slot(ObjectId, SlotId),
    /// Through a list.
    Index(usize),
}

/// Calls back for each object at a path, in the order of the answer.
pub(super) fn walk(slots: &Slots, path: &[Step], visit: &mut dyn FnMut(ObjectId, &[Passage])) {
    let mut trail = Vec::new();
    walk_object(slots, path, ROOT, &mut trail, visit);
}

fn walk_object(
    slots: &Slots,
    path: &[Step],
    object: ObjectId,
    trail: &mut Vec<Passage>,
    visit: &mut dyn FnMut(ObjectId, &[Passage]),
) {
    let Some((step, rest)) = path.split_first() else {
        return visit(object, trail);
    };
    let is_wanted = step.only.as_ref().is_none_or(|types| {
        (slots.runtime_type(object)).is_some_and(|runtime_type| types.contains(runtime_type))
    });
    if is_wanted {
        trail.push(Passage::Slot(object, step.slot));
        let value = slots.get(Place::Slot(object, step.slot));
        walk_value(slots, rest, value, trail, visit);
        trail.pop();
    }
}

fn walk_value(
    slots: &Slots,
    path: &[Step],
    value: Value,
    trail: &mut Vec<Passage>,
    visit: &mut dyn FnMut(ObjectId, &[Passage]),
) {
    match value {
        Value::Object(object) => walk_object(slots, path, object, trail, visit),
        Value::List(list) => {
            for (at, item) in slots.items(list).iter().enumerate() {
                trail.push(Passage::Index(at));
                walk_value(slots, path, *item, trail, visit);
                trail.pop();
            }
        }
        _ => {}
    }
}

/// The objects that root fields go into, each once.
pub(super) fn objects_at(slots: &Slots, targets: &[RootTarget]) -> Vec<(ObjectId, IngestId)> {
    let mut objects: IndexMap<ObjectId, IngestId> = IndexMap::new();
    for target in targets {
        walk(slots, &target.path, &mut |object, _| {
            objects.insert(object, target.ingest);
        });
    }
    objects.into_iter().collect()
}

/// The client's path of a way, as far as it is visible; whether all of it is.
pub(super) fn client_path(
    plan: &Plan,
    slots: &Slots,
    trail: &[Passage],
) -> (Vec<PathElement>, bool) {
    let mut path = Vec::new();
    for passage in trail {
        match *passage {
            Passage::Index(at) => path.push(PathElement::Index(at)),
            Passage::Slot(object, slot) => match response_name(plan, slots.shape(object), slot) {
                Some(name) => path.push(PathElement::Key(name.into())),
                None => return (path, false),
            },
        }
    }
    (path, true)
}

/// The client's name of a slot; `None` for a hidden one.
pub(super) fn response_name(plan: &Plan, shape: ShapeId, slot: SlotId) -> Option<&str> {
    let shape = plan.shapes.get(shape.0 as usize)?;
    shape.slots.get(slot.0 as usize)?.as_deref()
}
