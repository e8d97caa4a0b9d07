//! Finds the kind of each type, on which its subgraphs must agree, and makes an empty type of that
//! kind.

use apollo_compiler::Name;
use apollo_compiler::schema::ExtendedType;

use super::empty_type::empty_type;
use super::joins::Graph;
use super::merger::Merger;
use super::mismatch::Distribution;
use super::type_sources::{Kind, TypeSources, kind_in_words};
use crate::diagnostic::{Code, Diagnostic};

impl Merger<'_> {
    /// Finds the kind of each type and makes an empty type of that kind.
    pub(super) fn merge_kinds(&mut self) {
        let mut types = std::mem::take(&mut self.types);
        for (name, sources) in &mut types {
            let kinds = Distribution::of(
                sources
                    .definitions
                    .iter()
                    .map(|(graph, definition)| (*graph, kind_in_words(definition))),
            );
            if let Some((_, graphs)) = kinds.majority() {
                let first = graphs.first();
                let found = sources
                    .definitions
                    .iter()
                    .find(|(graph, _)| Some(graph) == first);
                sources.kind = found.map_or(sources.kind, |(_, found)| Kind::of(found));
            }
            let kind = sources.kind;
            let is_same = |definition: &ExtendedType| Kind::of(definition) == kind;
            if !sources
                .definitions
                .iter()
                .all(|(_, definition)| is_same(definition))
            {
                self.type_kind_mismatch(name, sources, &kinds);
                sources
                    .definitions
                    .retain(|(_, definition)| is_same(definition));
            } else if kind == Kind::Interface {
                self.interface_object_usage_error(name, sources);
            }
            self.schema
                .types
                .insert(name.clone(), empty_type(name, kind));
        }
        self.types = types;
    }

    fn type_kind_mismatch(&mut self, name: &Name, sources: &TypeSources<'_>, kinds: &Distribution) {
        let message = format!(
            "`{name}` is not of one kind: it is {}.",
            kinds.in_words(self.sources, "")
        );
        let mut diagnostic = Diagnostic::new(Code::TypeKindMismatch, message);
        for (graph, definition) in &sources.definitions {
            let text = format!("{} here", kind_in_words(definition));
            diagnostic =
                diagnostic.with_label(self.sources[*graph].label(definition.location(), text));
        }
        if let Some((kind, _)) = kinds.majority() {
            let others = kinds.graphs_without_majority(self.sources);
            diagnostic = diagnostic.with_help(format!(
                "Make `{name}` {kind} in {others} too, or rename it there."
            ));
        }
        self.report(diagnostic);
    }

    /// An `@interfaceObject` needs an interface of that name in another subgraph.
    fn interface_object_usage_error(&mut self, name: &Name, sources: &TypeSources<'_>) {
        let is_interface = |(_, definition): &(Graph, &ExtendedType)| definition.is_interface();
        if sources.definitions.iter().any(is_interface) {
            return;
        }
        let mut diagnostic = Diagnostic::new(
            Code::InterfaceObjectUsageError,
            format!(
                "`{name}` is an `@interfaceObject` wherever it is defined, so there is no interface for it to stand for."
            ),
        );
        for (graph, definition) in &sources.definitions {
            let source = &self.sources[*graph];
            diagnostic = diagnostic
                .with_label(source.label(definition.location(), "stands for an interface"));
        }
        self.report(diagnostic.with_help(format!(
            "Define `interface {name}` with the same `@key` in the subgraph that knows its implementations, or take `@interfaceObject` away."
        )));
    }
}
