//! Which errors are about something the client asked for and may see.

use super::{
    schedule::Execution,
    slots::{ObjectId, Place, ROOT, Value},
};
use crate::{
    error::PathElement,
    plan::model::{OutputType, ProjectionField, ProjectionId, ProjectionVariant, Source},
};

impl Execution {
    /// Whether the answer has a place for an error. It has none for a field that was asked for with
    /// others of its kind, but not of this type of object, and none within an object that the
    /// caller may not see.
    pub(super) fn is_asked(&self, path: &[PathElement]) -> bool {
        let mut object = ROOT;
        let mut projection = ProjectionId(0);
        let mut rest = path.iter();
        while let Some(element) = rest.next() {
            let PathElement::Key(name) = element else {
                return true;
            };
            let Some(variant) = self.variant(object, projection) else {
                return true;
            };
            let found = |field: &&ProjectionField| *field.response_name == **name;
            let Some(field) = variant.fields.iter().find(found) else {
                return false;
            };
            let Source::Slot(slot) = field.source else {
                return true;
            };
            let mut value = self.slots.get(Place::Slot(object, slot));
            let mut output = &field.output;
            while let (Value::List(list), OutputType::List { item, .. }) = (value, output) {
                let Some(PathElement::Index(at)) = rest.next() else {
                    return true;
                };
                value = self.slots.get(Place::Item(list, *at));
                output = item;
            }
            match (value, output) {
                (Value::Object(below), OutputType::Object { projection: of, .. }) => {
                    if self.is_withheld(below) {
                        return false;
                    }
                    (object, projection) = (below, *of);
                }
                _ => return true,
            }
        }
        true
    }

    /// How an object is shown; `None` if its type is not known, or not shown.
    pub(super) fn variant(
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
    pub(super) fn is_withheld(&self, object: ObjectId) -> bool {
        let runtime_type = self.slots.runtime_type(object);
        runtime_type.is_some_and(|id| self.plan.withheld_types.contains(id))
    }
}
