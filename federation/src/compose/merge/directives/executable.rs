//! Merges directive definitions. A directive for operations can be sent to any subgraph, so all
//! must define it; one that `@composeDirective` names gets its newest definition.

use apollo_compiler::ast::{DirectiveDefinition, DirectiveLocation};
use apollo_compiler::collections::IndexSet;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node};

use super::site::Site;
use crate::compose::merge::joined_subgraph::Occurrence;
use crate::compose::merge::joins::Graph;
use crate::compose::merge::merger::Merger;
use crate::compose::merge::mismatch::Distribution;
use crate::diagnostic::{Code, Diagnostic};

/// A definition in words, for messages.
type Says<'s> = dyn Fn(&DirectiveDefinition) -> String + 's;

type Definitions<'a> = Vec<(Graph, Option<&'a Node<DirectiveDefinition>>)>;

impl<'a> Merger<'a> {
    /// Adds the definitions of directives that compose, and merges those for operations.
    pub(in crate::compose::merge) fn merge_directive_definitions(&mut self) {
        let companions = std::mem::take(&mut self.composed.companions);
        for type_ in companions.types {
            self.schema.types.insert(type_.name().clone(), type_);
        }
        let definitions = self.composed.definitions().into_iter();
        for definition in definitions.chain(companions.directives) {
            let name = definition.name.clone();
            for argument in &definition.arguments {
                let type_ = argument.ty.inner_named_type();
                if self.is_enum(type_) {
                    let site = Site::DirectiveArgument(name.clone(), argument.name.clone());
                    self.usages.note_input(type_, &site);
                }
            }
            self.schema.directive_definitions.insert(name, definition);
        }
        let has_one_of = |type_: &ExtendedType| type_.directives().has("oneOf");
        if self.schema.types.values().any(has_one_of)
            && let Some(definition) = self.composed.one_of()
        {
            let name = definition.name.clone();
            self.schema.directive_definitions.insert(name, definition);
        }
        for name in self.executable_names() {
            if !self.schema.directive_definitions.contains_key(&name) {
                self.merge_executable_directive(&name);
            }
        }
    }

    /// The directives that some subgraph defines for operations.
    fn executable_names(&self) -> IndexSet<Name> {
        let definitions = self.sources.iter().flat_map(|source| {
            source
                .schema
                .directive_definitions
                .values()
                .filter(|definition| {
                    !definition.is_built_in() && !executable_locations(definition).is_empty()
                })
        });
        definitions
            .map(|definition| definition.name.clone())
            .collect()
    }

    fn merge_executable_directive(&mut self, name: &Name) {
        let definitions: Definitions<'a> = self
            .sources
            .iter()
            .map(|source| {
                let definition = source.schema.directive_definitions.get(name);
                let executable = definition.filter(|one| !executable_locations(one).is_empty());
                (source.graph, executable)
            })
            .collect();
        if definitions.iter().any(|(_, one)| one.is_none()) {
            return self.inconsistent_executable_directive_presence(name, &definitions);
        }
        let defined: Vec<(Graph, &'a Node<DirectiveDefinition>)> = definitions
            .into_iter()
            .filter_map(|(graph, one)| Some((graph, one?)))
            .collect();
        let mut locations: Option<Vec<DirectiveLocation>> = None;
        for (_, definition) in &defined {
            let here = executable_locations(definition);
            locations = Some(match locations {
                None => here,
                Some(so_far) => so_far
                    .into_iter()
                    .filter(|one| here.contains(one))
                    .collect(),
            });
        }
        let locations = locations.unwrap_or_default();
        let in_words = |one: &DirectiveDefinition| locations_in_words(&executable_locations(one));
        if locations.is_empty() {
            let code = Code::NoExecutableDirectiveIntersection;
            let message = "has no location in common, so it is left out";
            return self.executable_hint(code, name, message, &defined, &in_words);
        }
        let repeatable = defined.iter().all(|(_, one)| one.repeatable);
        let describe = |one: &DirectiveDefinition| {
            let not = if one.repeatable { "it is" } else { "it is not" };
            format!("{not} repeatable")
        };
        if defined.iter().any(|(_, one)| one.repeatable != repeatable) {
            let code = Code::InconsistentExecutableDirectiveRepeatable;
            let message = "is not repeatable everywhere, so it is not in the supergraph";
            self.executable_hint(code, name, message, &defined, &describe);
        }
        if defined
            .iter()
            .any(|(_, one)| in_words(one) != locations_in_words(&locations))
        {
            let code = Code::InconsistentExecutableDirectiveLocations;
            let message = "has different locations; the supergraph takes those in common";
            self.executable_hint(code, name, message, &defined, &in_words);
        }
        let site = Site::DirectiveDefinition(name.clone());
        let occurrences: Vec<Occurrence<'_>> = defined
            .iter()
            .map(|(graph, one)| Occurrence {
                graph: *graph,
                location: one.location(),
                description: one.description.as_ref().map(Node::as_str),
                directives: Vec::new(),
            })
            .collect();
        let description = self.merge_description(&site, &occurrences);
        let lists = defined
            .iter()
            .map(|(graph, one)| (*graph, one.arguments.as_slice()));
        let argument_site =
            |argument: &Name| Site::DirectiveArgument(name.clone(), argument.clone());
        let arguments = self.merge_arguments(&argument_site, &lists.collect());
        let definition = DirectiveDefinition {
            description,
            name: name.clone(),
            arguments,
            repeatable,
            locations,
        };
        self.schema
            .directive_definitions
            .insert(name.clone(), Node::new(definition));
    }

    fn inconsistent_executable_directive_presence(
        &mut self,
        name: &Name,
        definitions: &Definitions<'a>,
    ) {
        let distribution = Distribution::of(definitions.iter().map(|(graph, one)| {
            (
                *graph,
                if one.is_some() {
                    "it is defined"
                } else {
                    "it is not"
                },
            )
        }));
        let message = format!(
            "Directive `@{name}` for operations is left out, since not every subgraph knows it: {}.",
            distribution.in_words(self.sources, "")
        );
        let mut diagnostic =
            Diagnostic::new(Code::InconsistentExecutableDirectivePresence, message);
        for (graph, one) in definitions {
            if let Some(one) = one {
                let label = self.sources[*graph].label(one.location(), "defined here");
                diagnostic = diagnostic.with_label(label);
            }
        }
        self.report(diagnostic.with_help(format!("Define `@{name}` in every subgraph.")));
    }

    fn executable_hint(
        &mut self,
        code: Code,
        name: &Name,
        what: &str,
        defined: &[(Graph, &Node<DirectiveDefinition>)],
        says: &Says<'_>,
    ) {
        let distribution = Distribution::of(defined.iter().map(|(graph, one)| (*graph, says(one))));
        let message = format!(
            "Directive `@{name}` for operations {what}: {}.",
            distribution.in_words(self.sources, "")
        );
        let mut diagnostic = Diagnostic::new(code, message);
        for (graph, one) in defined {
            let label = self.sources[*graph].label(one.location(), says(one));
            diagnostic = diagnostic.with_label(label);
        }
        self.report(diagnostic.with_help(format!("Define `@{name}` alike in every subgraph.")));
    }
}

fn executable_locations(definition: &DirectiveDefinition) -> Vec<DirectiveLocation> {
    let locations = definition.locations.iter().copied().filter(|location| {
        matches!(
            location,
            DirectiveLocation::Query
                | DirectiveLocation::Mutation
                | DirectiveLocation::Subscription
                | DirectiveLocation::Field
                | DirectiveLocation::FragmentDefinition
                | DirectiveLocation::FragmentSpread
                | DirectiveLocation::InlineFragment
                | DirectiveLocation::VariableDefinition
        )
    });
    let mut locations: Vec<DirectiveLocation> = locations.collect();
    locations.sort_by_key(|location| location.name());
    locations.dedup();
    locations
}

fn locations_in_words(locations: &[DirectiveLocation]) -> String {
    let names: Vec<&str> = locations.iter().map(|location| location.name()).collect();
    format!("`{}`", names.join(" | "))
}
