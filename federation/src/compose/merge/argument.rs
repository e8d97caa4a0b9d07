//! Merges arguments: those that every subgraph with the field or directive has.

use apollo_compiler::Node;
use apollo_compiler::ast::{InputValueDefinition, Type};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::{Name, schema::ExtendedType};

use super::directives::Site;
use super::fields::{InputSources, PerGraph};
use super::joins::Graph;
use super::merger::Merger;
use super::mismatch::{Distribution, subgraphs_in_words};
use super::restrictive_type::most_restrictive_type;
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::directives::from_context;

/// Arguments of one field or directive, by subgraph.
pub(super) type ArgumentLists<'a> = Vec<(Graph, &'a [Node<InputValueDefinition>])>;

impl<'a> Merger<'a> {
    /// Merges arguments; `site` says where one of a name stands.
    pub(super) fn merge_arguments(
        &mut self,
        site: &dyn Fn(&Name) -> Site,
        lists: &ArgumentLists<'a>,
    ) -> Vec<Node<InputValueDefinition>> {
        let mut by_name: IndexMap<&Name, InputSources<'a>> = IndexMap::default();
        for (at, (_, list)) in lists.iter().enumerate() {
            for argument in *list {
                let sources = by_name.entry(&argument.name).or_insert_with(|| {
                    PerGraph(lists.iter().map(|(graph, _)| (*graph, None)).collect())
                });
                if let Some((_, place)) = sources.0.get_mut(at) {
                    *place = Some(argument);
                }
            }
        }
        let mut merged = Vec::new();
        for (name, sources) in by_name {
            let site = site(name);
            if self.is_contextual(&site, &sources) {
                continue;
            }
            if sources.lacking().next().is_some() {
                self.argument_not_everywhere(&site, &sources);
                continue;
            }
            merged.push(Node::new(self.merge_argument(name, &site, &sources)));
        }
        merged
    }

    fn merge_argument(
        &mut self,
        name: &Name,
        site: &Site,
        sources: &InputSources<'a>,
    ) -> InputValueDefinition {
        let element = self.merge_element(site, &sources.occurrences());
        let (type_, _) = self.merge_input_type(site, sources);
        InputValueDefinition {
            description: element.description.clone(),
            name: name.clone(),
            ty: Node::new(type_),
            default_value: self.merge_default_value(site, sources),
            directives: element.into_directives(),
        }
    }

    /// The narrowest type, and whether all are equal.
    pub(super) fn merge_input_type(
        &mut self,
        site: &Site,
        sources: &InputSources<'a>,
    ) -> (Type, bool) {
        let types: Vec<&Type> = sources.defined().map(|(_, one)| &*one.ty).collect();
        let are_equal = types.windows(2).all(|pair| pair[0] == pair[1]);
        let narrowest = most_restrictive_type(&types, &self.schema);
        let chosen = narrowest.or(types.first().copied()).cloned();
        let chosen = chosen.unwrap_or_else(|| Type::Named(apollo_compiler::name!("String")));
        if self.is_enum(chosen.inner_named_type()) {
            self.usages.note_input(chosen.inner_named_type(), site);
        }
        if narrowest.is_none() {
            self.input_type_mismatch(site, sources);
        } else if !are_equal {
            self.inconsistent_but_compatible_argument_type(site, &chosen, sources);
        }
        (chosen, are_equal && narrowest.is_some())
    }

    pub(super) fn is_enum(&self, type_: &str) -> bool {
        matches!(self.schema.types.get(type_), Some(ExtendedType::Enum(_)))
    }

    fn type_distribution(sources: &InputSources<'a>) -> Distribution {
        Distribution::of(
            sources
                .defined()
                .map(|(graph, one)| (graph, format!("`{}`", one.ty))),
        )
    }

    fn with_input_types(
        &self,
        mut diagnostic: Diagnostic,
        sources: &InputSources<'a>,
    ) -> Diagnostic {
        for (graph, one) in sources.defined() {
            let text = format!("`{}` here", one.ty);
            diagnostic = diagnostic.with_label(self.sources[graph].label(one.location(), text));
        }
        diagnostic
    }

    fn input_type_mismatch(&mut self, site: &Site, sources: &InputSources<'a>) {
        let (code, kind) = match site {
            Site::Argument(..) | Site::DirectiveArgument(..) => {
                (Code::FieldArgumentTypeMismatch, "Argument")
            }
            _ => (Code::FieldTypeMismatch, "Input field"),
        };
        let distribution = Self::type_distribution(sources);
        let message = format!(
            "{kind} `{site}` has types that do not fit together: {}.",
            distribution.in_words(self.sources, "")
        );
        let mut diagnostic = self.with_input_types(Diagnostic::new(code, message), sources);
        if let Some((type_, _)) = distribution.majority() {
            let others = distribution.graphs_without_majority(self.sources);
            diagnostic = diagnostic.with_help(format!("Give it the type {type_} in {others} too."));
        }
        self.report(diagnostic);
    }

    fn inconsistent_but_compatible_argument_type(
        &mut self,
        site: &Site,
        chosen: &Type,
        sources: &InputSources<'a>,
    ) {
        let (code, kind) = match site {
            Site::Argument(..) | Site::DirectiveArgument(..) => {
                (Code::InconsistentButCompatibleArgumentType, "Argument")
            }
            _ => (Code::InconsistentButCompatibleFieldType, "Input field"),
        };
        let message = format!(
            "{kind} `{site}` has different types: {}. The supergraph takes the narrowest, `{chosen}`.",
            Self::type_distribution(sources).in_words(self.sources, "")
        );
        let diagnostic = self.with_input_types(Diagnostic::new(code, message), sources);
        self.report(diagnostic.with_help(format!("Give it the type `{chosen}` everywhere.")));
    }

    fn argument_not_everywhere(&mut self, site: &Site, sources: &InputSources<'a>) {
        let lacking: Vec<Graph> = sources.lacking().collect();
        let lacking = subgraphs_in_words(&lacking, self.sources);
        let required: Vec<Graph> = sources
            .defined()
            .filter(|(_, one)| one.is_required())
            .map(|(graph, _)| graph)
            .collect();
        let diagnostic = if required.is_empty() {
            let distribution = Distribution::of(sources.0.iter().map(|(graph, one)| {
                (
                    *graph,
                    if one.is_some() {
                        "it is defined"
                    } else {
                        "it is not"
                    },
                )
            }));
            Diagnostic::new(
                Code::InconsistentArgumentPresence,
                format!(
                    "Argument `{site}` is left out, since not every subgraph understands it: {}.",
                    distribution.in_words(self.sources, "")
                ),
            )
            .with_help(format!("Add the argument in {lacking}."))
        } else {
            Diagnostic::new(
                Code::RequiredArgumentMissingInSomeSubgraph,
                format!(
                    "Argument `{site}` is required in {} but does not exist in {lacking}.",
                    subgraphs_in_words(&required, self.sources)
                ),
            )
            .with_help(format!(
                "Add the argument in {lacking}, or make it optional where it is required."
            ))
        };
        let diagnostic = self.with_input_places(diagnostic, site, sources);
        self.report(diagnostic);
    }

    /// An argument that a context fills in one subgraph is no argument for clients.
    fn is_contextual(&mut self, site: &Site, sources: &InputSources<'a>) -> bool {
        let is_contextual = |one: &InputValueDefinition| from_context(&one.directives).is_some();
        if !sources.defined().any(|(_, one)| is_contextual(one)) {
            return false;
        }
        let plain: Vec<_> = sources
            .defined()
            .filter(|(_, one)| !is_contextual(one))
            .collect();
        for (graph, one) in plain {
            let source = &self.sources[graph];
            let diagnostic = if one.is_required() {
                Diagnostic::new(
                    Code::ContextualArgumentNotContextualInAllSubgraphs,
                    format!(
                        "Argument `{site}` is filled from a context in some subgraphs, but subgraph `{}` requires it from the client.",
                        source.name()
                    ),
                )
                .with_help(format!(
                    "Put `@fromContext` on it in `{}` too, or make it optional there.",
                    source.name()
                ))
            } else {
                Diagnostic::new(
                    Code::InconsistentArgumentPresence,
                    format!(
                        "Argument `{site}` is left out, since other subgraphs fill it from a context; subgraph `{}` never gets it.",
                        source.name()
                    ),
                )
                .with_help(format!("Put `@fromContext` on it in `{}` too.", source.name()))
            };
            let diagnostic =
                diagnostic.with_label(source.label(one.location(), "not contextual here"));
            self.report(diagnostic);
        }
        true
    }
}
