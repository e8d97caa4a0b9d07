//! Checks that a field which several subgraphs resolve is shareable in each.

use apollo_compiler::Name;
use apollo_compiler::parser::SourceSpan;

use super::fields::FieldSources;
use super::joins::Graph;
use super::merger::Merger;
use super::mismatch::enumerate;
use super::override_::Overrides;
use crate::diagnostic::{Code, Diagnostic};

/// One subgraph that resolves a field.
struct Resolver {
    graph: Graph,
    in_words: String,
    location: Option<SourceSpan>,
    is_shareable: bool,
}

impl<'a> Merger<'a> {
    /// A field resolved by several subgraphs must be shareable in each.
    pub(super) fn invalid_field_sharing(
        &mut self,
        type_: &Name,
        field: &Name,
        sources: &FieldSources<'a>,
        overrides: &Overrides,
    ) {
        let resolvers = self.resolvers(type_, field, sources, overrides);
        if resolvers.len() < 2 || resolvers.iter().all(|one| one.is_shareable) {
            return;
        }
        let all: Vec<&String> = resolvers.iter().map(|one| &one.in_words).collect();
        let unshared = resolvers.iter().filter(|one| !one.is_shareable);
        let unshared_names: Vec<&String> = unshared.clone().map(|one| &one.in_words).collect();
        let message = format!(
            "`{type_}.{field}` is resolved by {} but is not `@shareable` in {}.",
            in_words(&all),
            if unshared_names.len() == all.len() {
                "any of them".to_owned()
            } else {
                in_words(&unshared_names)
            }
        );
        let mut diagnostic = Diagnostic::new(Code::InvalidFieldSharing, message);
        for one in &resolvers {
            let text = if one.is_shareable {
                "shareable here"
            } else {
                "not shareable here"
            };
            diagnostic = diagnostic.with_label(self.sources[one.graph].label(one.location, text));
        }
        let misspelt = unshared
            .clone()
            .find(|one| overrides.has_unknown_source(one.graph));
        diagnostic = diagnostic.with_help(match misspelt {
            Some(one) => format!(
                "`@override` on the field in {} names no subgraph: correct its `from`.",
                one.in_words
            ),
            None => format!(
                "Put `@shareable` on `{type_}.{field}` in {} if all answer the same, or keep the field in one of them.",
                in_words(&unshared_names)
            ),
        });
        self.report(diagnostic);
    }

    fn resolvers(
        &self,
        type_: &Name,
        field: &Name,
        sources: &FieldSources<'a>,
        overrides: &Overrides,
    ) -> Vec<Resolver> {
        let mut resolvers = Vec::new();
        for (graph, one) in &sources.0 {
            let source = &self.sources[*graph];
            let Some(one) = one else {
                for (interface, stub) in self.abstracted_fields(type_, field, *graph) {
                    if !source.is_fully_external(&interface, field) {
                        resolvers.push(Resolver {
                            graph: *graph,
                            in_words: format!("`{}` (by `{interface}.{field}`)", source.name()),
                            location: stub.location(),
                            is_shareable: source.is_shareable(&interface, field),
                        });
                    }
                }
                continue;
            };
            if !overrides.is_overridden(*graph) && !source.is_fully_external(type_, field) {
                resolvers.push(Resolver {
                    graph: *graph,
                    in_words: format!("`{}`", source.name()),
                    location: one.location(),
                    is_shareable: source.is_shareable(type_, field),
                });
            }
        }
        resolvers
    }

    /// The same for a field that comes through `@interfaceObject` alone.
    pub(super) fn invalid_interface_object_sharing(&mut self, type_: &Name, field: &Name) {
        let graphs = self.sources.iter().map(|source| (source.graph, None));
        let sources = super::fields::PerGraph(graphs.collect());
        self.invalid_field_sharing(type_, field, &sources, &Overrides::default());
    }
}

fn in_words(names: &[&String]) -> String {
    let noun = if names.len() == 1 {
        "subgraph"
    } else {
        "subgraphs"
    };
    format!("{noun} {}", enumerate(names))
}
