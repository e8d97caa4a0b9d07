//! `@override`: a field that another subgraph takes over, at once or by label.
//!
//! The rules report invalid overrides; here only valid ones have an effect.

use apollo_compiler::ast::FieldDefinition;
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node};

use super::fields::FieldSources;
use super::joins::Graph;
use super::merger::Merger;
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::directives::{override_ as find_override, provides, requires};

/// What overrides do to one field, by subgraph.
#[derive(Clone, Debug, Default)]
pub(super) struct Overrides {
    /// No longer resolved there, but still needed.
    used: IndexSet<Graph>,
    /// No longer resolved there, nor needed.
    unused: IndexSet<Graph>,
    /// Overrides a subgraph that does not exist.
    unknown_source: IndexSet<Graph>,
    /// An invalid override names this subgraph, which the rules report.
    mistaken: IndexSet<Graph>,
    labels: IndexMap<Graph, String>,
}

impl Overrides {
    pub(super) fn is_used(&self, graph: Graph) -> bool {
        self.used.contains(&graph)
    }

    pub(super) fn is_unused(&self, graph: Graph) -> bool {
        self.unused.contains(&graph)
    }

    /// Whether the subgraph no longer resolves the field, or was not meant to.
    pub(super) fn is_overridden(&self, graph: Graph) -> bool {
        self.is_used(graph) || self.is_unused(graph) || self.mistaken.contains(&graph)
    }

    pub(super) fn has_unknown_source(&self, graph: Graph) -> bool {
        self.unknown_source.contains(&graph)
    }

    pub(super) fn label(&self, graph: Graph) -> Option<&String> {
        self.labels.get(&graph)
    }

    fn end(&mut self, graph: Graph, is_used: bool) {
        if is_used {
            self.used.insert(graph);
        } else {
            self.unused.insert(graph);
        }
    }

    /// Whether the field of the subgraph is still written into the supergraph.
    pub(super) fn leaves_a_trace(&self) -> bool {
        !self.used.is_empty() || !self.labels.is_empty()
    }
}

impl<'a> Merger<'a> {
    /// Finds which subgraphs no longer resolve a field.
    pub(super) fn merge_overrides(
        &mut self,
        type_: &Name,
        field: &Name,
        sources: &FieldSources<'a>,
    ) -> Overrides {
        let mut found = Overrides::default();
        for (graph, definition) in sources.defined() {
            let Some(override_) = find_override(&definition.directives) else {
                continue;
            };
            let Some(from) = self.sources.iter().find(|one| one.name() == override_.from) else {
                found.unknown_source.insert(graph);
                continue;
            };
            let from = from.graph;
            if self.takes_over(type_, field, graph, from, sources) {
                let source = &self.sources[from];
                if !source.is_external(type_, field) {
                    let is_used = source.is_used(type_, field);
                    found.end(from, is_used);
                }
                if let Some(label) = override_.label {
                    found.labels.insert(graph, label.to_owned());
                    found.labels.insert(from, label.to_owned());
                }
            } else if from != graph {
                found.mistaken.insert(from);
                self.override_collision(type_, field, graph, from, definition);
            }
        }
        found
    }

    /// A field that the other subgraph has through an interface object cannot be overridden. Where
    /// the overriding subgraph has the interface itself, the rules have reported it.
    fn override_collision(
        &mut self,
        type_: &Name,
        field: &Name,
        graph: Graph,
        from: Graph,
        definition: &Node<FieldDefinition>,
    ) {
        let source = &self.sources[graph];
        let known = match source.schema.types.get(type_) {
            Some(ExtendedType::Object(object)) => &object.implements_interfaces,
            _ => return,
        };
        let abstracted = self.abstracted_fields(type_, field, from);
        let unknown = abstracted
            .iter()
            .find(|(interface, _)| !known.contains(interface));
        let Some((interface, stub)) = unknown else {
            return;
        };
        let previous = &self.sources[from];
        let message = format!(
            "`{type_}.{field}` cannot override `{}`, which has it by way of the interface object `{interface}`.",
            previous.name()
        );
        let place = find_override(&definition.directives).map(|found| found.application.location());
        let code = Code::OverrideCollisionWithAnotherDirective;
        let diagnostic = Diagnostic::new(code, message)
            .with_label(source.label(place.flatten(), "overrides here"))
            .with_label(previous.label(stub.location(), "has it through this"))
            .with_help("Move the field from the interface object to the implementing types first.");
        self.report(diagnostic);
    }

    /// Whether an override is valid.
    fn takes_over(
        &self,
        type_: &Name,
        field: &Name,
        graph: Graph,
        from: Graph,
        sources: &FieldSources<'a>,
    ) -> bool {
        let source = &self.sources[graph];
        let Some(previous) = sources.find(from) else {
            return false;
        };
        let is_interface = matches!(
            source.schema.types.get(type_),
            Some(ExtendedType::Interface(_))
        );
        from != graph
            && !is_interface
            && !source.is_interface_object(type_)
            && !source.is_external(type_, field)
            && find_override(&previous.directives).is_none()
            && requires(&previous.directives).is_none()
            && provides(&previous.directives).is_none()
    }
}
