//! Applied directives: which of them reach the supergraph, under what name, merged how.

mod access_control;
mod apply;
mod arguments;
mod compose_directive;
mod executable;
mod joined;
mod links;
mod specs;

use std::fmt;

use apollo_compiler::ast::{Directive, DirectiveDefinition};
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::{Component, DirectiveList, ExtendedType};
use apollo_compiler::{Name, Node, Schema};

use self::access_control::AccessControl;
pub(crate) use self::arguments::dnf_of;
use super::joins::{Graph, SpecLink};
use super::source::{Element, Occurrence, Source};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// How different applications of one directive become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strategy {
    /// What most subgraphs say; of a repeatable directive, whatever any says.
    MostFrequent,
    /// All requirements together; the argument that holds them.
    Conjunction(&'static str),
    /// The highest weight.
    Highest,
    /// The longest list, all arguments and fields.
    ListSize,
}

/// A directive that composes.
#[derive(Clone, Debug)]
pub(super) struct Composed {
    /// Its name in the supergraph.
    pub(super) name: Name,
    pub(super) definition: Node<DirectiveDefinition>,
    pub(super) strategy: Strategy,
}

/// The directives that compose, by their names in the subgraphs.
#[derive(Debug, Default)]
pub(super) struct ComposedDirectives {
    /// Built in.
    built_in: IndexMap<Name, Composed>,
    /// Of known specs, by canonical name: in which subgraphs.
    of_specs: IndexMap<Name, (IndexSet<Graph>, Composed)>,
    /// By `@composeDirective`: in which subgraphs.
    custom: IndexMap<Name, (IndexSet<Graph>, Composed)>,
    links: Vec<SpecLink>,
    /// Definitions that come along with the links.
    companions: Companions,
    access_control: AccessControl,
}

/// Types and directives that readers expect beside those that compose.
#[derive(Debug, Default)]
struct Companions {
    types: Vec<ExtendedType>,
    directives: Vec<Node<DirectiveDefinition>>,
}

/// Finds out which directives compose. `None` where their names or versions are at odds.
pub(super) fn composed_directives(
    sources: &[Source<'_>],
    diagnostics: &mut Diagnostics,
) -> Option<ComposedDirectives> {
    let mut composed = ComposedDirectives::default();
    composed.add_built_in();
    composed.add_specs(sources, diagnostics);
    specs::implicitly_upgraded_federation_version(sources, diagnostics);
    access_control::warn_of_lookalikes(sources, diagnostics);
    compose_directive::add(&mut composed, sources, diagnostics);
    composed.settle_links();
    (!diagnostics.has_errors()).then_some(composed)
}

impl ComposedDirectives {
    /// Canonical names, and what they are in the supergraph.
    pub(super) fn names(&self) -> IndexMap<Name, Name> {
        let names = self.of_specs.iter();
        names
            .map(|(canonical, (_, composed))| (canonical.clone(), composed.name.clone()))
            .collect()
    }

    pub(super) fn into_links(self) -> Vec<SpecLink> {
        self.links
    }

    pub(super) fn find_access_control(&mut self, sources: &[Source<'_>], merged: &Schema) {
        self.access_control = AccessControl::find(sources, merged);
    }

    /// The directive that a name in one subgraph stands for, if it composes.
    fn find(&self, graph: Graph, name: &str) -> Option<&Composed> {
        let in_graph = |of: &'_ IndexMap<Name, (IndexSet<Graph>, Composed)>| {
            let (graphs, _) = of.get(name)?;
            graphs.contains(&graph).then_some(())
        };
        if in_graph(&self.of_specs).is_some() {
            return self.of_specs.get(name).map(|(_, composed)| composed);
        }
        if in_graph(&self.custom).is_some() {
            return self.custom.get(name).map(|(_, composed)| composed);
        }
        self.built_in.get(name)
    }

    /// The definitions of what composes, but for those that are built in.
    fn definitions(&self) -> Vec<Node<DirectiveDefinition>> {
        let all = self.of_specs.values().chain(self.custom.values());
        all.map(|(_, composed)| composed.definition.clone())
            .collect()
    }

    /// Whether a directive is federation's `@context`, whatever its name in the supergraph.
    fn is_context(&self, composed: &Composed) -> bool {
        let context = self.of_specs.get("context");
        context.is_some_and(|(_, context)| context.name == composed.name)
    }

    /// Whether a name in the supergraph is that of a directive that guards access.
    pub(super) fn is_access_control(&self, name: &str) -> bool {
        access_control::DIRECTIVES.iter().any(|canonical| {
            let composed = self.of_specs.get(*canonical);
            composed.is_some_and(|(_, composed)| composed.name == name)
        })
    }

    /// A definition under its name in the supergraph, with those directives on its arguments that
    /// the supergraph knows.
    fn with_composed_arguments(
        &self,
        definition: &Node<DirectiveDefinition>,
        name: &Name,
    ) -> Node<DirectiveDefinition> {
        let mut definition = DirectiveDefinition::clone(definition);
        definition.name = name.clone();
        for argument in &mut definition.arguments {
            let mut own = apollo_compiler::ast::InputValueDefinition::clone(argument);
            own.directives.0 = own
                .directives
                .iter()
                .filter_map(|applied| {
                    let of_spec = self
                        .of_specs
                        .get(&applied.name)
                        .map(|(_, composed)| composed);
                    let composed = of_spec.or_else(|| self.built_in.get(&applied.name))?;
                    let mut applied = Directive::clone(applied);
                    applied.name = composed.name.clone();
                    Some(Node::new(applied))
                })
                .collect();
            *argument = Node::new(own);
        }
        Node::new(definition)
    }

    pub(super) fn is_composed(&self, graph: Graph, name: &str) -> bool {
        self.find(graph, name).is_some()
    }

    fn add_built_in(&mut self) {
        let definitions = specs::definitions().directive_definitions;
        for name in ["deprecated", "specifiedBy", "oneOf"] {
            if let Some(definition) = definitions.get(name) {
                let composed = Composed {
                    name: definition.name.clone(),
                    definition: definition.clone(),
                    strategy: Strategy::MostFrequent,
                };
                self.built_in.insert(definition.name.clone(), composed);
            }
        }
    }

    /// The definition of `@oneOf`, which not every reader has built in.
    fn one_of(&self) -> Option<Node<DirectiveDefinition>> {
        let one_of = self.built_in.get("oneOf")?;
        Some(specs::renamed(&one_of.definition, &one_of.name))
    }

    fn add_specs(&mut self, sources: &[Source<'_>], diagnostics: &mut Diagnostics) {
        let applied = applied_names(sources);
        self.link_joined(|name| applied.contains_key(name));
        let definitions = specs::definitions();
        for spec in specs::SPECS {
            let mut imports = Vec::new();
            let mut is_used = false;
            for directive in spec.directives {
                let Some(graphs) = applied.get(directive.name) else {
                    continue;
                };
                let graphs: IndexSet<Graph> = graphs
                    .iter()
                    .copied()
                    .filter(|graph| spec.is_known_to(sources[*graph].subgraph))
                    .collect();
                let Some(name) = name_in_supergraph(directive.name, &graphs, sources, diagnostics)
                else {
                    continue;
                };
                let Some(definition) = definitions.directive_definitions.get(directive.name) else {
                    continue;
                };
                is_used = true;
                imports.push((format!("@{}", directive.name), format!("@{name}")));
                let composed = Composed {
                    definition: specs::renamed(definition, &name),
                    name,
                    strategy: directive.strategy,
                };
                let canonical = definition.name.clone();
                self.of_specs.insert(canonical, (graphs, composed));
            }
            if is_used {
                self.links.push(spec.link(imports));
            }
        }
    }
}

/// In which subgraphs each directive is applied at all.
fn applied_names(sources: &[Source<'_>]) -> IndexMap<Name, IndexSet<Graph>> {
    let mut applied: IndexMap<Name, IndexSet<Graph>> = IndexMap::default();
    for source in sources {
        let mut note = |directives: &mut dyn Iterator<Item = &Node<Directive>>| {
            for directive in directives {
                let graphs = applied.entry(directive.name.clone()).or_default();
                graphs.insert(source.graph);
            }
        };
        note(
            &mut source
                .schema
                .schema_definition
                .directives
                .0
                .iter()
                .map(|one| &one.node),
        );
        for definition in source.schema.directive_definitions.values() {
            for argument in &definition.arguments {
                note(&mut argument.directives.iter());
            }
        }
        for type_ in source.schema.types.values() {
            if type_.is_built_in() {
                continue;
            }
            for_each_element(type_, &mut |element| {
                note(&mut element.directives.iter().copied());
            });
        }
    }
    applied
}

/// Visits a type and everything in it that can bear a directive.
fn for_each_element<'a>(type_: &'a ExtendedType, visit: &mut dyn FnMut(Occurrence<'a>)) {
    visit(type_.occurrence(0));
    match type_ {
        ExtendedType::Object(object) => {
            for field in object.fields.values() {
                visit(field.node.occurrence(0));
                for argument in &field.arguments {
                    visit(argument.occurrence(0));
                }
            }
        }
        ExtendedType::Interface(interface) => {
            for field in interface.fields.values() {
                visit(field.node.occurrence(0));
                for argument in &field.arguments {
                    visit(argument.occurrence(0));
                }
            }
        }
        ExtendedType::InputObject(input) => {
            for field in input.fields.values() {
                visit(field.node.occurrence(0));
            }
        }
        ExtendedType::Enum(enum_) => {
            for value in enum_.values.values() {
                visit(value.node.occurrence(0));
            }
        }
        ExtendedType::Scalar(_) | ExtendedType::Union(_) => {}
    }
}

/// The name under which subgraphs know a directive of a known spec: one for all of them.
fn name_in_supergraph(
    canonical: &str,
    graphs: &IndexSet<Graph>,
    sources: &[Source<'_>],
    diagnostics: &mut Diagnostics,
) -> Option<Name> {
    let mut names = graphs.iter().filter_map(|graph| {
        let source = sources.get(*graph)?;
        Some((*graph, name_in_subgraph(canonical, source)))
    });
    let (_, first) = names.next()?;
    if names.any(|(_, name)| name != first) {
        diagnostics.push(compose_directive::link_import_name_mismatch(
            canonical, graphs, sources,
        ));
        return None;
    }
    Name::new(&first).ok()
}

/// What a subgraph calls a directive that is canonical here.
fn name_in_subgraph(canonical: &str, source: &Source<'_>) -> String {
    let at = format!("@{canonical}");
    let links = &source.subgraph.links;
    let is_apollo = |link: &&crate::subgraph::link::Link| {
        link.identity.starts_with("https://specs.apollo.dev/")
    };
    let own = links
        .iter()
        .find(|link| is_apollo(link) && link.name == canonical)
        .or_else(|| {
            let mut own = links.iter().filter(is_apollo);
            own.find(|link| link.imports.contains_key(&at))
        })
        .or_else(|| links.find(crate::subgraph::link::FEDERATION));
    match own {
        Some(link) if !source.subgraph.was_federation_1 => {
            link.name_of(&at).trim_start_matches('@').to_owned()
        }
        _ => canonical.to_owned(),
    }
}

/// What a directive or a description stands on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Site {
    Schema,
    Type(Name),
    Field(Name, Name),
    Argument(Name, Name, Name),
    EnumValue(Name, Name),
    DirectiveDefinition(Name),
    DirectiveArgument(Name, Name),
}

impl fmt::Display for Site {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Schema => write!(formatter, "schema"),
            Self::Type(type_) => write!(formatter, "{type_}"),
            Self::Field(type_, field) | Self::EnumValue(type_, field) => {
                write!(formatter, "{type_}.{field}")
            }
            Self::Argument(type_, field, argument) => {
                write!(formatter, "{type_}.{field}({argument}:)")
            }
            Self::DirectiveDefinition(name) => write!(formatter, "@{name}"),
            Self::DirectiveArgument(name, argument) => write!(formatter, "@{name}({argument}:)"),
        }
    }
}

/// A merged element's description and directives.
#[derive(Debug, Default)]
pub(super) struct MergedElement {
    pub(super) description: Option<Node<str>>,
    pub(super) directives: Vec<Node<Directive>>,
}

impl MergedElement {
    pub(super) fn into_schema_directives(self) -> DirectiveList {
        DirectiveList(self.directives.into_iter().map(Component::from).collect())
    }

    pub(super) fn into_directives(self) -> apollo_compiler::ast::DirectiveList {
        apollo_compiler::ast::DirectiveList(self.directives)
    }
}

/// A diagnostic about how directives compose.
fn composition_error(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::DirectiveCompositionError, message)
}
