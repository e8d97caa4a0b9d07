//! Merges the directives applied to one element in all subgraphs into those it has in the
//! supergraph.

use apollo_compiler::ast::{Argument, Directive, DirectiveDefinition, Value};
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node, name};

use super::arguments;
use super::arguments::with_defaults;
use super::composed::Composed;
use super::element::MergedElement;
use super::error::composition_error;
use super::site::Site;
use super::strategy::Strategy;
use crate::compose::merge::joined_subgraph::Occurrence;
use crate::compose::merge::joins::Graph;
use crate::compose::merge::merger::Merger;
use crate::compose::merge::mismatch::{Distribution, cut};
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::directives::is_inaccessible;

/// One application and the subgraph it is in.
#[derive(Clone, Debug)]
pub(super) struct Applied<'a> {
    pub(super) graph: Graph,
    pub(super) directive: &'a Node<Directive>,
}

impl Applied<'_> {
    fn location(&self) -> Option<SourceSpan> {
        self.directive.location()
    }
}

impl Merger<'_> {
    /// The description and directives of an element.
    pub(in crate::compose::merge) fn merge_element(
        &mut self,
        site: &Site,
        occurrences: &[Occurrence<'_>],
    ) -> MergedElement {
        self.note_joined(site, occurrences);
        MergedElement {
            description: self.merge_description(site, occurrences),
            directives: self.merge_directives(site, occurrences),
        }
    }

    /// Whether a subgraph hides an element from clients.
    pub(in crate::compose::merge) fn is_hidden_in(
        &self,
        graph: Graph,
        directives: &apollo_compiler::ast::DirectiveList,
    ) -> bool {
        is_inaccessible(directives) && self.composed.is_composed(graph, "inaccessible")
    }

    /// The directives of an element.
    pub(in crate::compose::merge) fn merge_directives(
        &mut self,
        site: &Site,
        occurrences: &[Occurrence<'_>],
    ) -> Vec<Node<Directive>> {
        let mut applied: Vec<Applied<'_>> = Vec::new();
        for occurrence in occurrences {
            for directive in &occurrence.directives {
                if self.composed.is_composed(occurrence.graph, &directive.name)
                    && self.may_stand(site, &directive.name)
                {
                    applied.push(Applied {
                        graph: occurrence.graph,
                        directive,
                    });
                }
            }
        }
        let inherited = self.composed.access_control.of(site);
        for (graph, directive) in &inherited {
            if !self.composed.is_composed(*graph, &directive.name) {
                continue;
            }
            applied.push(Applied {
                graph: *graph,
                directive,
            });
        }
        let names: IndexSet<&Name> = applied.iter().map(|one| &one.directive.name).collect();
        let mut merged = Vec::new();
        for name in names {
            let of_name: Vec<Applied<'_>> = applied
                .iter()
                .filter(|one| one.directive.name == *name)
                .cloned()
                .collect();
            let found = of_name
                .first()
                .and_then(|one| self.composed.find(one.graph, name));
            if let Some(composed) = found.cloned() {
                self.merge_applications(site, &composed, of_name, &mut merged);
            }
        }
        merged
    }

    /// A subgraph may define another directive called `@oneOf`; GraphQL's is for input objects.
    fn may_stand(&self, site: &Site, directive: &str) -> bool {
        let is_input = |name: &Name| {
            matches!(
                self.schema.types.get(name),
                Some(ExtendedType::InputObject(_))
            )
        };
        directive != "oneOf" || matches!(site, Site::Type(name) if is_input(name))
    }

    fn merge_applications(
        &mut self,
        site: &Site,
        composed: &Composed,
        applied: Vec<Applied<'_>>,
        merged: &mut Vec<Node<Directive>>,
    ) {
        let definition = &composed.definition;
        let applied = self.with_context_prefix(composed, applied);
        let applied: Vec<Applied<'_>> = applied
            .iter()
            .map(|(graph, directive)| Applied {
                graph: *graph,
                directive,
            })
            .collect();
        if applied
            .iter()
            .any(|one| arguments::is_too_long(composed, one.directive))
        {
            return self.too_many_alternatives(site, composed, &applied);
        }
        let mut counts: IndexMap<String, (&Applied<'_>, usize)> = IndexMap::default();
        for one in &applied {
            let key = arguments::key(one.directive, definition);
            counts.entry(key).or_insert((one, 0)).1 += 1;
        }
        let different: Vec<(&Applied<'_>, usize)> = counts.into_values().collect();
        if definition.repeatable {
            merged.extend(
                different
                    .iter()
                    .map(|(one, _)| renamed(one.directive, composed)),
            );
            return;
        }
        if let [(only, _)] = different.as_slice() {
            merged.push(renamed(only.directive, composed));
            return;
        }
        let candidates: Vec<&Node<Directive>> =
            different.iter().map(|(one, _)| one.directive).collect();
        match arguments::merge(composed, &candidates) {
            arguments::Merged::Arguments(arguments) => {
                self.merged_non_repeatable_directive_arguments(site, composed, &applied);
                merged.push(Node::new(Directive {
                    name: composed.name.clone(),
                    arguments,
                }));
            }
            arguments::Merged::TooMany => self.too_many_alternatives(site, composed, &applied),
            arguments::Merged::NoStrategy => {
                let most = different.iter().map(|(_, count)| *count).max();
                let chosen = different.iter().find(|(_, count)| Some(*count) == most);
                if let Some((chosen, _)) = chosen {
                    merged.push(renamed(chosen.directive, composed));
                }
                self.inconsistent_non_repeatable_directive_arguments(site, composed, &applied);
            }
        }
    }

    /// Two subgraphs may use one context name for different contexts, so in the supergraph it is
    /// prefixed with the subgraph's name.
    fn with_context_prefix(
        &self,
        composed: &Composed,
        applied: Vec<Applied<'_>>,
    ) -> Vec<(Graph, Node<Directive>)> {
        let is_context = self.composed.is_context(composed);
        applied
            .into_iter()
            .map(|one| {
                let text = one.directive.specified_argument_by_name("name");
                let text = text.and_then(|value| value.as_str());
                let (true, Some(text), Some(source)) =
                    (is_context, text, self.sources.get(one.graph))
                else {
                    return (one.graph, one.directive.clone());
                };
                let value = Node::new(Value::String(format!("{}__{text}", source.name())));
                let prefixed = Directive {
                    name: one.directive.name.clone(),
                    arguments: vec![Node::new(Argument {
                        name: name!("name"),
                        value,
                    })],
                };
                (one.graph, one.directive.same_location(prefixed))
            })
            .collect()
    }

    fn merged_non_repeatable_directive_arguments(
        &mut self,
        site: &Site,
        composed: &Composed,
        applied: &[Applied<'_>],
    ) {
        let message = format!(
            "`@{}` on `{site}` has different arguments in different subgraphs; the supergraph takes {}.",
            composed.name,
            match composed.strategy {
                Strategy::Conjunction(_) => "all requirements together",
                Strategy::Highest => "the highest weight",
                Strategy::ListSize => "the longest list and all arguments and fields named",
                Strategy::MostFrequent => "what most say",
            }
        );
        let diagnostic = Diagnostic::new(Code::MergedNonRepeatableDirectiveArguments, message);
        let diagnostic = self.with_applications(diagnostic, applied);
        self.report(diagnostic.with_help(format!(
            "Give `@{}` on `{site}` the same arguments in every subgraph if something else is meant.",
            composed.name
        )));
    }

    fn inconsistent_non_repeatable_directive_arguments(
        &mut self,
        site: &Site,
        composed: &Composed,
        applied: &[Applied<'_>],
    ) {
        let printed = |one: &Applied<'_>| printed_arguments(one.directive, &composed.definition);
        let distribution = Distribution::of(applied.iter().map(|one| (one.graph, printed(one))));
        let message = format!(
            "`@{}` on `{site}` has different arguments: {}. The supergraph takes what comes first.",
            composed.name,
            distribution.in_words(self.sources, "")
        );
        let diagnostic =
            Diagnostic::new(Code::InconsistentNonRepeatableDirectiveArguments, message);
        let diagnostic = self
            .with_applications(diagnostic, applied)
            .with_help(format!(
                "Give `@{}` on `{site}` the same arguments in every subgraph.",
                composed.name
            ));
        self.report(diagnostic);
    }

    // A requirement is never dropped: one that would be too large is an error.
    fn too_many_alternatives(&mut self, site: &Site, composed: &Composed, applied: &[Applied<'_>]) {
        let diagnostic = composition_error(format!(
            "The requirements of `@{}` on `{site}` have too many alternatives to be merged.",
            composed.name
        ));
        let diagnostic = self
            .with_applications(diagnostic, applied)
            .with_help(format!(
                "State fewer alternatives in `@{}`, or the same in every subgraph.",
                composed.name
            ));
        self.report(diagnostic);
    }

    fn with_applications(&self, mut diagnostic: Diagnostic, applied: &[Applied<'_>]) -> Diagnostic {
        for one in applied {
            if let Some(source) = self.sources.get(one.graph) {
                let text = format!(
                    "`{}` here",
                    cut(&one.directive.serialize().no_indent().to_string())
                );
                diagnostic = diagnostic.with_label(source.label(one.location(), text));
            }
        }
        diagnostic
    }
}

fn renamed(directive: &Node<Directive>, composed: &Composed) -> Node<Directive> {
    Node::new(Directive {
        name: composed.name.clone(),
        arguments: directive
            .arguments
            .iter()
            .map(|argument| Node::new(Argument::clone(argument)))
            .collect(),
    })
}

fn printed_arguments(directive: &Directive, definition: &DirectiveDefinition) -> String {
    let arguments: Vec<String> = with_defaults(directive, definition)
        .into_iter()
        .map(|(name, value)| format!("{name}: {}", value.serialize().no_indent()))
        .collect();
    if arguments.is_empty() {
        "no arguments".to_owned()
    } else {
        format!("`({})`", cut(&arguments.join(", ")))
    }
}
