//! Merges scalars: description and directives.

use apollo_compiler::{Name, schema::ExtendedType};

use super::merger::Merger;
use super::type_sources::TypeSources;

impl<'a> Merger<'a> {
    pub(super) fn merge_scalar(&mut self, name: &Name, sources: &TypeSources<'a>) {
        let mut element = self.merge_type_element(name, sources);
        if let Some(ExtendedType::Scalar(scalar)) = self.schema.types.get_mut(name) {
            let scalar = scalar.make_mut();
            scalar.description = element.description.take();
            scalar.directives = element.into_schema_directives();
        }
    }
}
