//! Directives that compose without being asked for: those of GraphQL itself, and those of known specs
//! that some subgraph applies.

use apollo_compiler::ast::Directive;
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node};

use super::composed::{Composed, ComposedDirectives};
use super::spec_names::name_in_supergraph;
use super::specs;
use super::strategy::Strategy;
use crate::compose::merge::joins::Graph;
use crate::compose::merge::source::{Element, Occurrence, Source};
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

    pub(super) fn add_specs(&mut self, sources: &[Source<'_>], diagnostics: &mut Diagnostics) {
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
