//! Copies access requirements to each type through which a field can be read: from an object to its
//! interfaces, from an `@interfaceObject` to the objects that implement the interface.

use apollo_compiler::ast::{Directive, DirectiveLocation};
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node, Schema};

use super::site::Site;
use crate::compose::merge::joined_subgraph::JoinedSubgraph;
use crate::compose::merge::joins::Graph;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

pub(super) const DIRECTIVES: [&str; 3] = ["authenticated", "requiresScopes", "policy"];

type Inherited = IndexMap<Site, Vec<(Graph, Node<Directive>)>>;

/// The access requirements that elements inherit from others.
#[derive(Debug, Default)]
pub(super) struct AccessControl(Inherited);

impl AccessControl {
    /// Reads them from all subgraphs, with the implementations of all of them together.
    pub(super) fn find(sources: &[JoinedSubgraph<'_>], merged: &Schema) -> Self {
        let mut found = Self::default();
        let implementations = implementations(merged);
        for source in sources {
            for (name, type_) in &source.schema.types {
                let ExtendedType::Object(object) = type_ else {
                    continue;
                };
                let is_interface_object = source.is_interface_object(name);
                let interfaces = interfaces_of(name, merged);
                if !is_interface_object {
                    let required = object.directives.0.iter().map(|one| &one.node);
                    let required: Vec<_> = required.filter(|one| is_access_control(one)).collect();
                    for interface in &interfaces {
                        found.inherit(Site::Type(interface.clone()), source.graph, &required);
                    }
                }
                for (field, definition) in &object.fields {
                    let required = definition.directives.0.iter();
                    let required: Vec<_> = required.filter(|one| is_access_control(one)).collect();
                    if required.is_empty() || source.is_external(name, field) {
                        continue;
                    }
                    let types = if is_interface_object {
                        beside(name, &implementations, merged)
                    } else {
                        interfaces.clone()
                    };
                    for type_ in types {
                        found.inherit(Site::Field(type_, field.clone()), source.graph, &required);
                    }
                }
            }
        }
        found
    }

    /// What an element inherits.
    pub(super) fn of(&self, site: &Site) -> Vec<(Graph, Node<Directive>)> {
        self.0.get(site).cloned().unwrap_or_default()
    }

    fn inherit(&mut self, site: Site, graph: Graph, required: &[&Node<Directive>]) {
        if required.is_empty() {
            return;
        }
        let inherited = self.0.entry(site).or_default();
        inherited.extend(required.iter().map(|one| (graph, Node::clone(one))));
    }
}

fn is_access_control(directive: &Directive) -> bool {
    DIRECTIVES.contains(&directive.name.as_str())
}

/// The objects that implement the interface of an `@interfaceObject`, and their other interfaces.
fn beside(
    interface: &Name,
    implementations: &IndexMap<Name, Vec<Name>>,
    merged: &Schema,
) -> Vec<Name> {
    let objects = implementations.get(interface).into_iter().flatten();
    let mut beside: IndexSet<Name> = IndexSet::default();
    for object in objects {
        beside.insert(object.clone());
        beside.extend(interfaces_of(object, merged));
    }
    beside.shift_remove(interface);
    beside.into_iter().collect()
}

fn interfaces_of(object: &str, merged: &Schema) -> Vec<Name> {
    match merged.types.get(object) {
        Some(ExtendedType::Object(object)) => {
            let interfaces = object.implements_interfaces.iter();
            interfaces.map(|interface| interface.name.clone()).collect()
        }
        _ => Vec::new(),
    }
}

fn implementations(merged: &Schema) -> IndexMap<Name, Vec<Name>> {
    let mut implementations: IndexMap<Name, Vec<Name>> = IndexMap::default();
    for name in merged.types.keys() {
        for interface in interfaces_of(name, merged) {
            implementations
                .entry(interface)
                .or_default()
                .push(name.clone());
        }
    }
    implementations
}

/// A directive with such a name that is not federation's has no effect on access; a hint says so.
pub(super) fn warn_of_lookalikes(sources: &[JoinedSubgraph<'_>], diagnostics: &mut Diagnostics) {
    for source in sources {
        for canonical in DIRECTIVES.iter().chain(&["inaccessible"]) {
            let Some(definition) = source.schema.directive_definitions.get(*canonical) else {
                continue;
            };
            let stands_in_schemas = definition.locations.iter().any(|location| {
                matches!(
                    location,
                    DirectiveLocation::FieldDefinition | DirectiveLocation::Object
                )
            });
            if !stands_in_schemas {
                continue;
            }
            let message = format!(
                "`@{canonical}` in subgraph `{}` is a directive of its own, not federation's: it guards nothing in the supergraph.",
                source.name()
            );
            let label = source.label(definition.location(), "defined here");
            let diagnostic = Diagnostic::new(Code::DirectiveCompositionWarn, message);
            diagnostics.push(diagnostic.with_label(label).with_help(format!(
                "Import `@{canonical}` from `https://specs.apollo.dev/federation/v2.6` or later instead of defining it, or give it another name."
            )));
        }
    }
}
