//! The directives that compose: their definitions, which subgraphs apply them, and the specs that
//! the supergraph links for them. The files beside this one add to it; merging looks up here what a
//! directive of a subgraph is in the supergraph.

use apollo_compiler::ast::{Directive, DirectiveDefinition, InputValueDefinition};
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node, Schema};

use super::access_control::{self, AccessControl};
use super::specs;
use super::strategy::Strategy;
use crate::compose::merge::joined_subgraph::JoinedSubgraph;
use crate::compose::merge::joins::{Graph, SpecLink};

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
pub(crate) struct ComposedDirectives {
    /// Built in.
    pub(super) built_in: IndexMap<Name, Composed>,
    /// Of known specs, by canonical name: in which subgraphs.
    pub(super) of_specs: IndexMap<Name, (IndexSet<Graph>, Composed)>,
    /// By `@composeDirective`: in which subgraphs.
    pub(super) custom: IndexMap<Name, (IndexSet<Graph>, Composed)>,
    pub(super) links: Vec<SpecLink>,
    /// Definitions that the links bring.
    pub(super) companions: Companions,
    pub(super) access_control: AccessControl,
}

/// Types and directives that readers expect beside those that compose.
#[derive(Debug, Default)]
pub(super) struct Companions {
    pub(super) types: Vec<ExtendedType>,
    pub(super) directives: Vec<Node<DirectiveDefinition>>,
}

impl ComposedDirectives {
    /// Canonical names, and what they are in the supergraph.
    pub(crate) fn names(&self) -> IndexMap<Name, Name> {
        let names = self.of_specs.iter();
        names
            .map(|(canonical, (_, composed))| (canonical.clone(), composed.name.clone()))
            .collect()
    }

    pub(crate) fn into_links(self) -> Vec<SpecLink> {
        self.links
    }

    pub(crate) fn find_access_control(&mut self, sources: &[JoinedSubgraph<'_>], merged: &Schema) {
        self.access_control = AccessControl::find(sources, merged);
    }

    /// The directive that has a name in one subgraph, if it composes.
    pub(super) fn find(&self, graph: Graph, name: &str) -> Option<&Composed> {
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
    pub(super) fn definitions(&self) -> Vec<Node<DirectiveDefinition>> {
        let all = self.of_specs.values().chain(self.custom.values());
        all.map(|(_, composed)| composed.definition.clone())
            .collect()
    }

    /// Whether a directive is federation's `@context`, whatever its name in the supergraph.
    pub(super) fn is_context(&self, composed: &Composed) -> bool {
        let context = self.of_specs.get("context");
        context.is_some_and(|(_, context)| context.name == composed.name)
    }

    /// Whether a name in the supergraph is that of a directive that guards access.
    pub(crate) fn is_access_control(&self, name: &str) -> bool {
        access_control::DIRECTIVES.iter().any(|canonical| {
            let composed = self.of_specs.get(*canonical);
            composed.is_some_and(|(_, composed)| composed.name == name)
        })
    }

    /// A definition under its name in the supergraph, with those directives on its arguments that
    /// the supergraph knows.
    pub(super) fn with_composed_arguments(
        &self,
        definition: &Node<DirectiveDefinition>,
        name: &Name,
    ) -> Node<DirectiveDefinition> {
        let mut definition = DirectiveDefinition::clone(definition);
        definition.name = name.clone();
        for argument in &mut definition.arguments {
            let mut own = InputValueDefinition::clone(argument);
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

    pub(crate) fn is_composed(&self, graph: Graph, name: &str) -> bool {
        self.find(graph, name).is_some()
    }

    /// The definition of `@oneOf`, which not every reader has built in.
    pub(super) fn one_of(&self) -> Option<Node<DirectiveDefinition>> {
        let one_of = self.built_in.get("oneOf")?;
        Some(specs::renamed(&one_of.definition, &one_of.name))
    }
}
