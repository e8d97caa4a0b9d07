//! `@override`: a field that another subgraph takes over, at once or by label.
//!
//! What is wrong with an override is told by the rules; here only those that hold have an effect.

use apollo_compiler::Name;
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::ExtendedType;

use super::Merger;
use super::fields::FieldSources;
use super::joins::Graph;
use crate::subgraph::directives::{Override, override_, provides, requires};

/// What overrides do to one field, by subgraph.
#[derive(Clone, Debug, Default)]
pub(super) struct Overrides {
    /// No longer resolved there, but still needed.
    used: IndexSet<Graph>,
    /// No longer resolved there, nor needed.
    unused: IndexSet<Graph>,
    /// Takes over from a subgraph that does not exist.
    unknown_source: IndexSet<Graph>,
    /// Was to be taken over by an override that does not hold, which is an error of its own.
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

    /// Whether something remains that readers must be told.
    pub(super) fn leaves_a_trace(&self) -> bool {
        !self.used.is_empty() || !self.labels.is_empty()
    }
}

impl<'a> Merger<'a> {
    /// Finds out who no longer resolves a field.
    pub(super) fn merge_overrides(
        &self,
        type_: &Name,
        field: &Name,
        sources: &FieldSources<'a>,
    ) -> Overrides {
        let mut overrides = Overrides::default();
        for (graph, definition) in sources.defined() {
            let Some(override_) = override_(&definition.directives) else {
                continue;
            };
            let Some(from) = self.sources.iter().find(|one| one.name() == override_.from) else {
                overrides.unknown_source.insert(graph);
                continue;
            };
            let from = from.graph;
            if self.takes_over(type_, field, (graph, from), sources) {
                self.take_over(type_, field, (graph, from), &override_, &mut overrides);
            } else if from != graph {
                overrides.mistaken.insert(from);
            }
        }
        overrides
    }

    /// Whether an override holds.
    fn takes_over(
        &self,
        type_: &Name,
        field: &Name,
        (graph, from): (Graph, Graph),
        sources: &FieldSources<'a>,
    ) -> bool {
        let source = &self.sources[graph];
        let Some(overridden) = sources.find(from) else {
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
            && override_(&overridden.directives).is_none()
            && requires(&overridden.directives).is_none()
            && provides(&overridden.directives).is_none()
    }

    fn take_over(
        &self,
        type_: &Name,
        field: &Name,
        (graph, from): (Graph, Graph),
        override_: &Override<'_>,
        overrides: &mut Overrides,
    ) {
        let source = &self.sources[from];
        if !source.is_external(type_, field) {
            if source.is_used(type_, field) {
                overrides.used.insert(from);
            } else {
                overrides.unused.insert(from);
            }
        }
        if let Some(label) = override_.label {
            overrides.labels.insert(graph, label.to_owned());
            overrides.labels.insert(from, label.to_owned());
        }
    }
}
