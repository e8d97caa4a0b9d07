//! Merges interfaces: the union of their fields, those of `@interfaceObject` included.

use apollo_compiler::Name;
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::ExtendedType;

use super::merger::Merger;
use super::mismatch::list_in_words;
use super::type_sources::{TypeSources, location_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::directives::keys;

impl<'a> Merger<'a> {
    pub(super) fn merge_interface(&mut self, name: &Name, sources: &TypeSources<'a>) {
        let mut element = self.merge_type_element(name, sources);
        let has_key = self.interface_key_missing_implementation_type(name, sources);
        self.interface_object_beside_implementation(name, sources);
        let fields = self.field_sources(name, sources);
        let mut merged = IndexMap::default();
        for (field, field_sources) in &fields {
            if !has_key {
                self.inconsistent_value_type_field(name, field, sources);
            }
            let overrides = self.merge_overrides(name, field, field_sources);
            if let Some(definition) = self.merge_field(name, field, field_sources, &overrides) {
                merged.insert(field.clone(), definition);
            }
        }
        if let Some(ExtendedType::Interface(interface)) = self.schema.types.get_mut(name) {
            let interface = interface.make_mut();
            interface.description = element.description.take();
            interface.directives = element.into_schema_directives();
            interface.fields = merged;
        }
    }

    /// The objects that implement an interface in the supergraph.
    pub(super) fn implementations_of(&self, interface: &str) -> IndexSet<Name> {
        let implements = |type_: &ExtendedType| match type_ {
            ExtendedType::Object(object) => object.implements_interfaces.contains(interface),
            _ => false,
        };
        let types = self
            .schema
            .types
            .iter()
            .filter(|(_, type_)| implements(type_));
        types.map(|(name, _)| name.clone()).collect()
    }

    /// A subgraph with a resolvable key on an interface must know all its implementations. Returns
    /// whether the interface has a key.
    fn interface_key_missing_implementation_type(
        &mut self,
        name: &Name,
        sources: &TypeSources<'a>,
    ) -> bool {
        let implementations = self.implementations_of(name);
        let mut has_key = false;
        for (graph, definition) in &sources.definitions {
            if !definition.is_interface() {
                continue;
            }
            has_key |= keys(definition.directives()).next().is_some();
            let Some(key) = keys(definition.directives()).find(|key| key.resolvable) else {
                continue;
            };
            let source = &self.sources[*graph];
            let is_known = |object: &&Name| match source.schema.types.get(*object) {
                Some(ExtendedType::Object(object)) => object.implements_interfaces.contains(name),
                _ => false,
            };
            let missing: Vec<&Name> = implementations
                .iter()
                .filter(|one| !is_known(one))
                .collect();
            if missing.is_empty() {
                continue;
            }
            let missing = list_in_words(&missing);
            let message = format!(
                "Interface `{name}` has a resolvable `@key` in subgraph `{}`, which does not know all that implement it in the supergraph: {missing}.",
                source.name(),
            );
            let label = source.label(key.application.location(), "entered by this key");
            let diagnostic = Diagnostic::new(Code::InterfaceKeyMissingImplementationType, message)
                .with_label(label)
                .with_help(format!(
                    "Define {missing} in `{}` with `implements {name}` and the same key, or make the key `resolvable: false`.",
                    source.name()
                ));
            self.report(diagnostic);
        }
        has_key
    }

    /// A subgraph with both an `@interfaceObject` and an implementation of the interface would
    /// define the same fields twice.
    fn interface_object_beside_implementation(&mut self, name: &Name, sources: &TypeSources<'a>) {
        let implementations = self.implementations_of(name);
        for (graph, definition) in &sources.definitions {
            if !definition.is_object() {
                continue;
            }
            let source = &self.sources[*graph];
            let known: Vec<(&Name, &ExtendedType)> = implementations
                .iter()
                .filter_map(|object| Some((object, source.schema.types.get(object)?)))
                .collect();
            if known.is_empty() {
                continue;
            }
            let names: Vec<&Name> = known.iter().map(|(object, _)| *object).collect();
            let names = list_in_words(&names);
            let message = format!(
                "`{name}` stands for an interface in subgraph `{}` by `@interfaceObject`, but the subgraph also defines what implements it: {names}.",
                source.name(),
            );
            let mut diagnostic = Diagnostic::new(Code::InterfaceObjectUsageError, message)
                .with_label(source.label(location_of(definition), "stands for the interface"));
            for (_, object) in &known {
                let label = source.label(location_of(object), "implements it elsewhere");
                diagnostic = diagnostic.with_label(label);
            }
            self.report(diagnostic.with_help(format!(
                "Move the fields of {names} to `{name}` in `{}`, or define `interface {name}` there.",
                source.name()
            )));
        }
    }
}
