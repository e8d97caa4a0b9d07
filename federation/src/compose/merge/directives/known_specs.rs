//! Directives that compose without `@composeDirective`: those of GraphQL itself, and those of known
//! specs that some subgraph applies.

use apollo_compiler::collections::IndexSet;

use super::applied_names::applied_names;
use super::composed::{Composed, ComposedDirectives};
use super::spec_names::name_in_supergraph;
use super::specs;
use super::strategy::Strategy;
use crate::compose::merge::joined_subgraph::JoinedSubgraph;
use crate::compose::merge::joins::Graph;
use crate::diagnostic::Diagnostics;

impl ComposedDirectives {
    pub(super) fn add_built_in(&mut self) {
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

    pub(super) fn add_specs(
        &mut self,
        sources: &[JoinedSubgraph<'_>],
        diagnostics: &mut Diagnostics,
    ) {
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
