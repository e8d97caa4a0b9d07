//! Walks the objects at the paths of a plan. In: a path. Out: the objects in the order of the
//! answer, each with the steps that lead to it.

use indexmap::IndexMap;

use crate::{
    error::PathElement,
    execute::slots::{List, ObjectId, ROOT, Slots, Value, ValuePlace},
    query_plan::{IngestId, Plan, RootTarget, ShapeId, SlotId, Step},
};

/// One step from the root to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passage {
    /// Through a slot of an object.
    Slot(ObjectId, SlotId),
    /// Through a list.
    Index(usize),
}

/// Walks the objects at a path, in the order of the answer.
#[derive(Debug)]
pub(crate) struct Walker<'e> {
    path: &'e [Step],
    is_begun: bool,
    /// Lists that are walked, the innermost last.
    lists: Vec<Level>,
    trail: Vec<Passage>,
    passed: u64,
}

/// A list that is walked.
#[derive(Debug)]
struct Level {
    list: List,
    next: usize,
    /// How much of the path leads to the list.
    steps: usize,
    /// How much of the trail leads to the list.
    trail: usize,
}

impl<'e> Walker<'e> {
    /// Starts at the root.
    pub(crate) fn new(path: &'e [Step]) -> Self {
        Self {
            path,
            is_begun: false,
            lists: Vec::new(),
            trail: Vec::new(),
            passed: 0,
        }
    }

    /// The steps to the object that was found last.
    pub(crate) fn trail(&self) -> &[Passage] {
        &self.trail
    }

    /// How many values were looked at since this was last asked.
    pub(crate) fn passed(&mut self) -> u64 {
        std::mem::take(&mut self.passed)
    }

    /// The next object.
    pub(crate) fn next(&mut self, slots: &Slots) -> Option<ObjectId> {
        loop {
            let (value, steps) = if std::mem::replace(&mut self.is_begun, true) {
                let level = self.lists.last_mut()?;
                let Some(value) = slots.items(level.list).get(level.next).copied() else {
                    self.lists.pop();
                    continue;
                };
                self.trail.truncate(level.trail);
                self.trail.push(Passage::Index(level.next));
                level.next += 1;
                (value, level.steps)
            } else {
                (Value::Object(ROOT), 0)
            };
            if let Some(object) = self.descend(slots, value, steps) {
                return Some(object);
            }
        }
    }

    /// Follows the path from a value to the object at its end, or to the next list.
    fn descend(&mut self, slots: &Slots, mut value: Value, mut steps: usize) -> Option<ObjectId> {
        loop {
            self.passed += 1;
            match value {
                Value::Object(object) => {
                    let Some(step) = self.path.get(steps) else {
                        return Some(object);
                    };
                    let is_wanted = step.only.as_ref().is_none_or(|types| {
                        (slots.runtime_type(object)).is_some_and(|id| types.contains(id))
                    });
                    if !is_wanted {
                        return None;
                    }
                    self.trail.push(Passage::Slot(object, step.slot));
                    value = slots.get(ValuePlace::Slot(object, step.slot));
                    steps += 1;
                }
                Value::List(list) => {
                    self.lists.push(Level {
                        list,
                        next: 0,
                        steps,
                        trail: self.trail.len(),
                    });
                    return None;
                }
                _ => return None,
            }
        }
    }
}

/// The objects that root fields go into, each once.
pub(crate) fn objects_at(slots: &Slots, targets: &[RootTarget]) -> Vec<(ObjectId, IngestId)> {
    let mut objects: IndexMap<ObjectId, IngestId> = IndexMap::new();
    for target in targets {
        let mut walker = Walker::new(&target.path);
        while let Some(object) = walker.next(slots) {
            objects.insert(object, target.ingest);
        }
    }
    objects.into_iter().collect()
}

/// The client's path for some steps, as far as it is visible, and whether all of it is.
pub(crate) fn client_path(
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
pub(crate) fn response_name(plan: &Plan, shape: ShapeId, slot: SlotId) -> Option<&str> {
    let shape = plan.shapes.get(shape.0 as usize)?;
    shape.slots.get(slot.0 as usize)?.as_deref()
}
