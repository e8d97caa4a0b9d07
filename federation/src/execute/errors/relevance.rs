//! Decides which errors go to the client: those about something that it asked for and may see. In:
//! an error with its path. Out: whether it is kept; its path may be cut.

use crate::{
    error::PathElement,
    execute::{
        errors::collected::{About, CollectedError},
        execution::Execution,
        slots::{ObjectId, ROOT, Value, ValuePlace},
    },
    query_plan::{
        FetchInput, OutputType, Plan, ProjectionField, ProjectionId, ProjectionVariant,
        RepresentationValue, RepresentationVariant, ShapeId, SlotId, ValueSource,
    },
};

/// What stands at the end of an error's path.
enum Sought {
    /// Something the client asked for.
    Shown,
    /// A field that the subgraph was asked for, but that the client did not select on this type.
    Unasked(ObjectId, ProjectionId),
    /// Something within an object that the caller may not see.
    Withheld,
}

impl Execution {
    /// Whether an error goes to the client. An error about a field that was asked of an object only
    /// because its type was not yet known does not, unless it can cause other nulls: where the
    /// field is sent to a subgraph, or where the entity is null because of it and a field of the
    /// entity is shown. Then the path ends with the object.
    pub(crate) fn concerns_client(&self, collected: &mut CollectedError) -> bool {
        let about = collected.about;
        let Some(path) = &mut collected.error.path else {
            return true;
        };
        let (sought, len) = self.seek(path);
        let explains = match (sought, path.get(len)) {
            (Sought::Shown, _) => return true,
            (Sought::Unasked(object, projection), Some(PathElement::Key(name))) => {
                is_sent(&self.plan, self.slots.shape(object), name)
                    || about == About::Entity && self.shows_failure(object, projection)
            }
            (Sought::Unasked(..) | Sought::Withheld, _) => false,
        };
        path.truncate(len);
        explains || about == About::Object
    }

    /// Whether a field that is shown of an object is null because of an error.
    fn shows_failure(&self, object: ObjectId, projection: ProjectionId) -> bool {
        let fields = self
            .variant(object, projection)
            .map(|variant| &variant.fields);
        fields
            .into_iter()
            .flatten()
            .any(|field| match field.source {
                ValueSource::Slot(slot) => {
                    self.slots.get(ValuePlace::Slot(object, slot)) == Value::Failed
                }
                _ => false,
            })
    }

    /// Follows a path, and says how far the client can follow it.
    fn seek(&self, path: &[PathElement]) -> (Sought, usize) {
        let mut object = ROOT;
        let mut projection = ProjectionId(0);
        let mut at = 0;
        while let Some(PathElement::Key(name)) = path.get(at) {
            let Some(variant) = self.variant(object, projection) else {
                break;
            };
            let found = |field: &&ProjectionField| *field.response_name == **name;
            let Some(field) = variant.fields.iter().find(found) else {
                return (Sought::Unasked(object, projection), at);
            };
            let ValueSource::Slot(slot) = field.source else {
                break;
            };
            at += 1;
            let mut value = self.slots.get(ValuePlace::Slot(object, slot));
            let mut output = &field.output;
            while let (Value::List(list), OutputType::List { item, .. }) = (value, output) {
                let Some(PathElement::Index(place)) = path.get(at) else {
                    break;
                };
                value = self.slots.get(ValuePlace::Item(list, *place));
                output = item;
                at += 1;
            }
            let (Value::Object(below), OutputType::Object { projection: of, .. }) = (value, output)
            else {
                break;
            };
            if self.is_withheld(below) {
                return (Sought::Withheld, at);
            }
            (object, projection) = (below, *of);
        }
        (Sought::Shown, path.len())
    }

    /// How an object is shown; `None` if its type is not known, or not shown.
    pub(crate) fn variant(
        &self,
        object: ObjectId,
        projection: ProjectionId,
    ) -> Option<&ProjectionVariant> {
        let runtime_type = self.slots.runtime_type(object);
        let projection = self.plan.projections.get(projection.0 as usize)?;
        let mut variants = projection.variants.iter();
        variants.find(|variant| match (&variant.types, runtime_type) {
            (None, _) => true,
            (Some(types), Some(runtime_type)) => types.contains(runtime_type),
            (Some(_), None) => false,
        })
    }

    /// Whether the caller gets an object as null.
    pub(crate) fn is_withheld(&self, object: ObjectId) -> bool {
        let runtime_type = self.slots.runtime_type(object);
        runtime_type.is_some_and(|id| self.plan.withheld_types.contains(id))
    }
}

/// Whether any request sends what objects of a shape have under a name.
fn is_sent(plan: &Plan, shape: ShapeId, name: &str) -> bool {
    let Some(of_shape) = plan.shapes.get(shape.0 as usize) else {
        return false;
    };
    let is_slot = |slot: SlotId| {
        let own = of_shape.slots.get(slot.0 as usize);
        own.is_some_and(|own| own.as_deref() == Some(name))
    };
    let lists = plan.fetches.iter().flat_map(|fetch| match &fetch.input {
        FetchInput::Entities(lists) => lists.as_slice(),
        FetchInput::Root(_) | FetchInput::RootBelow(_) => &[],
    });
    let mut targets = lists.flat_map(|list| &list.targets);
    targets.any(|target| {
        // For contexts only the slot is compared, not the ancestor's shape.
        let mut context = (target.context.iter()).flat_map(|variable| &variable.paths);
        let own = plan.ingests[target.ingest.0 as usize].shape;
        context.any(|path| path.steps.last().is_some_and(|step| is_slot(step.slot)))
            || reads(plan, own, &target.representation, &|of, slot| {
                of == shape && is_slot(slot)
            })
    })
}

fn reads(
    plan: &Plan,
    shape: ShapeId,
    variants: &[RepresentationVariant],
    is_sought: &dyn Fn(ShapeId, SlotId) -> bool,
) -> bool {
    let mut fields = variants.iter().flat_map(|variant| &variant.fields);
    fields.any(|field| {
        is_sought(shape, field.slot)
            || match &field.value {
                RepresentationValue::Leaf(_) => false,
                RepresentationValue::Object(below) => plan
                    .shape_below(shape, field.slot)
                    .is_some_and(|inner| reads(plan, inner, below, is_sought)),
            }
    })
}
