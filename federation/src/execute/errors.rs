//! Where errors stand in the client's answer, and which nulls they explain.

use serde_json::Value as Json;

use super::{
    slots::{ObjectId, Place, Slots, Value},
    targets::{client_path, response_name, walk},
};
use crate::{
    error::PathElement,
    plan::model::{FetchInput, IngestId, IngestInto, Plan, RuntimeType},
};

/// A subgraph's path, followed from an object.
#[derive(Debug, Default)]
pub(super) struct Traced {
    /// From the object, in the client's names, as far as visible.
    pub(super) path: Vec<PathElement>,
    /// The null that an error with this path explains.
    pub(super) null_at: Option<Place>,
}

/// Follows a path of a subgraph's answer from the object that an ingest filled.
pub(super) fn trace(
    plan: &Plan,
    slots: &Slots,
    start: (ObjectId, IngestId),
    path: &[Json],
) -> Traced {
    let mut traced = Traced::default();
    let (mut object, mut ingest) = (Some(start.0), Some(start.1));
    let mut value = None;
    let mut is_visible = true;
    for element in path {
        let place = if let Some(at) = element.as_u64().and_then(|at| usize::try_from(at).ok()) {
            if is_visible {
                traced.path.push(PathElement::Index(at));
            }
            match value {
                Some(Value::List(list)) => Some(Place::Item(list, at)),
                _ => None,
            }
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
                    slot
                }
                IngestInto::Object {
                    slot, ingest: next, ..
                } => {
                    ingest = Some(next);
                    slot
                }
            };
            match response_name(plan, program.shape, slot) {
                Some(name) if is_visible => traced.path.push(PathElement::Key(name.into())),
                _ => is_visible = false,
            }
            object.map(|object| Place::Slot(object, slot))
        };
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

/// The client's paths of objects, and whether each is visible as a whole. One walk for all.
pub(super) fn paths_of(
    plan: &Plan,
    slots: &Slots,
    input: &FetchInput,
    wanted: &[ObjectId],
) -> indexmap::IndexMap<ObjectId, (Vec<PathElement>, bool)> {
    let wanted: indexmap::IndexSet<ObjectId> = wanted.iter().copied().collect();
    let mut paths = indexmap::IndexMap::new();
    if wanted.is_empty() {
        return paths;
    }
    for (path, _) in input.targets() {
        walk(slots, path, &mut |object, trail| {
            if wanted.contains(&object) {
                paths.insert(object, client_path(plan, slots, trail));
            }
        });
    }
    paths
}

/// Marks a null as explained by an error.
pub(super) fn explain(slots: &mut Slots, place: Place) {
    if slots.get(place).is_null() {
        slots.set(place, Value::Failed);
    }
}

/// Marks every null that an ingest should have filled in an object as explained by an error, and so
/// the type that it should have told.
pub(super) fn explain_all(plan: &Plan, slots: &mut Slots, object: ObjectId, ingest: IngestId) {
    let Some(ingest) = plan.ingests.get(ingest.0 as usize) else {
        return;
    };
    if matches!(ingest.runtime_type, RuntimeType::Reported(_)) {
        slots.fail_type(object);
    }
    for entry in &ingest.entries {
        if let IngestInto::Leaf(slot) | IngestInto::Object { slot, .. } = entry.into {
            explain(slots, Place::Slot(object, slot));
        }
    }
}

/// The one field that an ingest fills for the client, if it is one.
pub(super) fn only_visible_field(plan: &Plan, ingest: IngestId) -> Option<&str> {
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

/// What all paths begin with.
pub(super) fn common_prefix(paths: &[&[PathElement]]) -> Vec<PathElement> {
    let Some((first, others)) = paths.split_first() else {
        return Vec::new();
    };
    let agreed = |at: &usize| others.iter().all(|path| path.get(*at) == first.get(*at));
    let len = (0..first.len()).take_while(agreed).count();
    first[..len].to_vec()
}
