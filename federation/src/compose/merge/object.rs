//! Merges object types: the union of their fields.

use apollo_compiler::Name;
use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::ExtendedType;

use super::fields::FieldSources;
use super::merger::Merger;
use super::mismatch::Distribution;
use super::type_sources::TypeSources;
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::directives::{is_shareable, keys};

impl<'a> Merger<'a> {
    pub(super) fn merge_object(&mut self, name: &Name, sources: &TypeSources<'a>) {
        let is_root = matches!(name.as_str(), "Query" | "Mutation" | "Subscription");
        let mut element = self.merge_type_element(name, sources);
        let is_entity = self.inconsistent_entity(name, sources);
        let fields = self.field_sources(name, sources);
        let mut merged = IndexMap::default();
        for (field, field_sources) in &fields {
            if !is_entity && !is_root {
                self.inconsistent_value_type_field(name, field, sources);
            }
            let overrides = self.merge_overrides(name, field, field_sources);
            if name == "Subscription" {
                self.shareable_subscription_field(field, field_sources);
            }
            if let Some(definition) = self.merge_field(name, field, field_sources, &overrides) {
                merged.insert(field.clone(), definition);
            }
            self.invalid_field_sharing(name, field, field_sources, &overrides);
        }
        if merged.is_empty() {
            // `Query` of a subgraph that has only the fields of federation.
            self.schema.types.shift_remove(name);
            self.joins.types.shift_remove(name);
            return;
        }
        if let Some(ExtendedType::Object(object)) = self.schema.types.get_mut(name) {
            let object = object.make_mut();
            object.description = element.description.take();
            object.directives = element.into_schema_directives();
            object.fields = merged;
        }
    }

    /// Whether the type is an entity anywhere; hints where it is not one everywhere.
    fn inconsistent_entity(&mut self, name: &Name, sources: &TypeSources<'a>) -> bool {
        let is_entity = |definition: &ExtendedType| keys(definition.directives()).next().is_some();
        let distribution =
            Distribution::of(sources.definitions.iter().map(|(graph, definition)| {
                let says = if is_entity(definition) {
                    "it has a `@key`"
                } else {
                    "it has none"
                };
                (*graph, says)
            }));
        let is_anywhere = sources.definitions.iter().any(|(_, one)| is_entity(one));
        if is_anywhere && distribution.differs() {
            let message = format!(
                "`{name}` is an entity in some subgraphs only: {}.",
                distribution.in_words(self.sources, "")
            );
            let mut diagnostic = Diagnostic::new(Code::InconsistentEntity, message);
            for (graph, definition) in sources
                .definitions
                .iter()
                .filter(|(_, one)| !is_entity(one))
            {
                let label = self.sources[*graph].label(definition.location(), "no `@key` here");
                diagnostic = diagnostic.with_label(label);
            }
            self.report(diagnostic.with_help(format!(
                "Give `{name}` a `@key` there too if other subgraphs' fields are to be reached from it."
            )));
        }
        is_anywhere
    }

    /// Events of one field cannot come from two subgraphs.
    fn shareable_subscription_field(&mut self, field: &Name, sources: &FieldSources<'a>) {
        let shared: Vec<_> = sources
            .defined()
            .filter(|(_, one)| is_shareable(&one.directives))
            .collect();
        if shared.is_empty() {
            return;
        }
        let mut diagnostic = Diagnostic::new(
            Code::InvalidFieldSharing,
            format!(
                "`Subscription.{field}` is `@shareable`, but the events of a subscription come from one subgraph."
            ),
        );
        for (graph, one) in shared {
            let label = self.sources[graph].label(one.location(), "`@shareable` here");
            diagnostic = diagnostic.with_label(label);
        }
        self.report(
            diagnostic.with_help("Take `@shareable` away and keep the field in one subgraph."),
        );
    }
}
