//! Removes `@tag` from external fields.

use apollo_compiler::Schema;
use indexmap::IndexSet;

use super::{fields::fields_mut, originals::Originals};
use crate::subgraph::directives::{is_external, tags};

impl Originals<'_> {
    /// Drops tags of external fields where the field has them in a subgraph that resolves it.
    pub(super) fn drop_tags_on_external(&self, schema: &mut Schema) {
        for (name, ty) in &mut schema.types {
            for field in fields_mut(ty)
                .into_iter()
                .flat_map(|fields| fields.values_mut())
            {
                if !is_external(&field.directives) {
                    continue;
                }
                let kept_elsewhere: IndexSet<String> = self
                    .fields_elsewhere(name, &field.name)
                    .filter(|(_, _, other)| !is_external(&other.directives))
                    .flat_map(|(_, _, other)| tags(&other.directives))
                    .map(str::to_owned)
                    .collect();
                if kept_elsewhere.is_empty() {
                    continue;
                }
                field.make_mut().directives.0.retain(|directive| {
                    directive.name != "tag"
                        || !directive
                            .specified_argument_by_name("name")
                            .and_then(|value| value.as_str())
                            .is_some_and(|tag| kept_elsewhere.contains(tag))
                });
            }
        }
    }
}
